import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { advanceClock } from '#platform/db'
import { capable, house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const WEIGHING = { weights: { skill: 0.4, region: 0.35, load: 0.25 }, preferLoadBelow: 0.65, skillFit: { same: 1, parent: 0.6, general: 0.4 }, regionFit: { same: 1, area: 0.7, other: 0 }, completeness: true }
const reweigh = (who: Person, body: object) => home.ask(who, 'POST', '/api/v1/assignment/lead_by_capability/reweigh', { days: 90, ...WEIGHING, ...body })

it('H120 past assignments are taken again with other weights: who would have what, how fair, which records; only for those who may configure it', async () => {
  const { admin, sales, rival } = home.people
  await capable(home, [sales])
  await capable(home, [rival], { skills: ['*'], regions: ['110000'] })
  for (const name of ['甲', '乙', '丙', '丁']) {
    await home.ask(admin, 'POST', LEADS, { values: { name, industry: 'auto', region: '310000' }, owner: null })
    await drain(home.db, home.tenant)
  }
  const same = (await reweigh(admin, {})).body
  expect(same).toMatchObject({ decisions: 4, moved: 0, rows: [], actual: { skill: 1, region: 1, nobody: 0 }, members: [{ member: sales.id, received: { actual: 4, asIf: 4 } }, { member: rival.id, received: { actual: 0, asIf: 0 } }] })
  const { body } = await reweigh(admin, { weights: { skill: 0, region: 0, load: 1 } })
  expect(body).toMatchObject({ moved: 2, asIf: { fairness: 1 }, members: [{ member: sales.id, lost: 2 }, { member: rival.id, gained: 2, received: { actual: 0, asIf: 2 } }] })
  expect(body.rows.map(({ title, was, becomes }: { title: string; was: number; becomes: number }) => [title, was, becomes])).toEqual([['丁', sales.id, rival.id], ['乙', sales.id, rival.id]])
  expect((await reweigh(admin, { weights: { skill: 0, region: 0, load: 1 }, of: admin.id })).body).toMatchObject({ moved: 2, rows: [] })
  expect((await home.ask(admin, 'POST', '/api/v1/assignment/lead_by_capability/reweigh', { days: 90, ...WEIGHING }, { 'idempotency-key': 'asking' })).status).toBe(200)
  expect((await reweigh(sales, {})).body.error.code).toBe('FORBIDDEN')
  expect((await reweigh(admin, { weights: { skill: 2, region: 0, load: 0 } })).status).toBe(400)
})

it('H120 level in everything, the lead goes to whoever keeps their own leads complete; the record says so, and the sliders take it back', async () => {
  const { admin, sales, rival } = home.people
  await capable(home, [sales, rival])
  const full = (n: number) => ({ phone: `1380000000${n}`, company: n === 3 ? '待定' : '云启', core_need: '排产' })
  for (const n of [0, 1, 2, 3]) await home.ask(admin, 'POST', LEADS, { values: { name: `旧${n}`, ...full(n) }, owner: rival.id })
  await advanceClock(home.db, home.tenant, 24 * 3_600_000)
  const { record } = (await home.ask(admin, 'POST', LEADS, { values: { name: '红标', industry: 'auto', need_type: 'mes', budget_min: '2000000', region: '310000' }, owner: null })).body
  await drain(home.db, home.tenant)
  const { items } = (await home.ask(admin, 'GET', `${LEADS}/${record.id}/why`)).body
  const { decision } = items.find(({ about }: { about: string }) => about === 'owner')
  expect(decision).toMatchObject({ chosen: rival.id, tie: { zh: '和李思琪同分，自己名下的资料更完整，优先得到这条' } })
  expect(decision.candidates.map(({ member, completeness }: { member: number; completeness: object }) => [member, completeness])).toEqual([[rival.id, { complete: 3, total: 4 }], [sales.id, { complete: 0, total: 4 }]])
  expect(decision.otherwise[0].zh).toBe('如果李思琪名下资料的完整率高于 75%（当时 0%），会是李思琪')
  expect((await reweigh(admin, { days: 7 })).body).toMatchObject({ moved: 0, actual: { byCompleteness: 1 }, asIf: { byCompleteness: 1 } })
  expect((await reweigh(admin, { days: 7, completeness: false })).body).toMatchObject({ moved: 1, asIf: { byCompleteness: 0 }, rows: [{ title: '红标', was: rival.id, becomes: sales.id }] })
  // The north is to have fewer in what follows.
  for (const name of ['东一', '东二']) await home.ask(admin, 'POST', LEADS, { values: { name }, owner: sales.id })
  expect(await home.db.read(home.tenant, (tx) => tx.query('select distinct day::text, version from {t}.completeness'))).toHaveLength(1)
})

it('H120 the story of the misrouted lead: given to the north while only load counted, it goes to the east by 40, 35 and 25', async () => {
  const { admin, sales, rival } = home.people
  const stored = (await home.ask(admin, 'GET', '/api/v1/definitions/assignmentPolicy/lead_by_capability')).body
  await home.ask(admin, 'PUT', '/api/v1/definitions/assignmentPolicy/lead_by_capability', { body: { ...stored.body, weights: { skill: 0, region: 0, load: 1 }, excludeMissingSkill: false }, expectVersion: stored.version })
  await capable(home, [sales], { skills: ['auto_parts'], regions: ['320000'] })
  await capable(home, [rival], { skills: ['electronics'], regions: ['110000'] })
  const { record } = (await home.ask(admin, 'POST', LEADS, { values: { name: '苏州零部件', industry: 'auto_parts', region: '320500' }, owner: null })).body
  await drain(home.db, home.tenant)
  expect((await home.ask(admin, 'GET', `${LEADS}/${record.id}`)).body.record.values.owner).toBe(rival.id)
  expect((await reweigh(admin, { days: 7 })).body.rows[0]).toMatchObject({ record: record.id, title: '苏州零部件', was: rival.id, becomes: sales.id })
})

it('H123 given in turn, each decision says so, and the health of the house names the policy', async () => {
  const { admin, sales, rival } = home.people
  const stored = (await home.ask(admin, 'GET', '/api/v1/definitions/assignmentPolicy/lead_by_capability')).body
  const health = async () => (await home.ask(admin, 'GET', '/api/v1/status')).body.providers.find(({ key }: { key: string }) => key === 'assignment')
  expect(await health()).toMatchObject({ state: 'ready', detail: null })
  await home.ask(admin, 'PUT', '/api/v1/definitions/assignmentPolicy/lead_by_capability', { body: { ...stored.body, mode: 'rotation', excludeMissingSkill: false }, expectVersion: stored.version })
  expect(await health()).toMatchObject({ state: 'failing', detail: '线索按能力分配' })
  const owners: number[] = []
  for (const name of ['一', '二', '三', '四']) {
    const { record } = (await home.ask(admin, 'POST', LEADS, { values: { name, industry: 'auto_parts', region: '320500' }, owner: null })).body
    await drain(home.db, home.tenant)
    const { items } = (await home.ask(admin, 'GET', `${LEADS}/${record.id}/why`)).body
    const { decision } = items.find(({ about }: { about: string }) => about === 'owner')
    expect([decision.reason, decision.otherwise]).toEqual(['turn', []])
    owners.push(decision.chosen)
  }
  expect([owners.filter((id) => id === sales.id).length, owners.filter((id) => id === rival.id).length, owners[0] !== owners[1]]).toEqual([2, 2, true])
})
