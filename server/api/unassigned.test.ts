import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { advanceClock } from '#platform/db'
import { capable, house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => {
  home = await house()
  await capable(home, [home.people.sales, home.people.rival])
})
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const board = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/unassigned/lead')).body
const byPolicy = (who: Person, ids: string[]) => home.ask(who, 'POST', '/api/v1/commands/assign-by-policy', { object: 'lead', ids })
/** What came in of late, and what of it had its owner in time; in which week it came does not matter. */
const share = async (who: Person) => {
  const weeks = (await board(who)).weeks as { came: number; inTime: number; open: number }[]
  return Object.fromEntries((['came', 'inTime', 'open'] as const).map((each) => [each, weeks.reduce((sum, week) => sum + week[each], 0)]))
}
/** A lead that no rule has looked at. */
const waiting = async (name: string, values = {}) => (await home.ask(home.people.admin, 'POST', LEADS, { values: { name, industry: 'auto', region: '310000', ...values }, owner: null })).body.record.id as string

it('H121 what has no owner stands on the board, oldest first, with its age and whom the policy would choose, for those who give it out', async () => {
  const { supervisor, director, sales, finance, rival } = home.people
  const made = [await waiting('甲'), await waiting('乙'), await waiting('丙', { industry: 'food' })]
  const seen = await board(supervisor)
  expect(seen).toMatchObject({ object: 'lead', policy: { key: 'lead_by_capability' }, count: 3, late: 0, alertHours: 24 })
  expect(seen.rows.map(({ record, proposed }: { record: { id: string }; proposed: number | null }) => [record.id, proposed])).toEqual([[made[0], sales.id], [made[1], rival.id], [made[2], null]])
  expect(seen.rows[0].record).toMatchObject({ title: '甲', can: { transfer: true } })
  expect(seen.weeks.at(-1)).toMatchObject({ came: 3, inTime: 0, open: 3 })
  expect((await board(director)).count).toBe(3)
  expect((await board(sales)).rows).toEqual([])
  expect((await home.ask(finance, 'GET', '/api/v1/unassigned/lead')).body.error.code).toBe('NOT_FOUND')
  const assigning = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/definitions')).body.assigning
  expect(await Promise.all([supervisor, director, sales, finance].map(assigning))).toEqual([['lead'], ['lead'], [], []])
})

it('H122 assigned by the policy on somebody’s behalf: a decision is kept, what cannot be given is named, and it can be taken back', async () => {
  const { supervisor, sales, admin } = home.people
  const { rows } = await board(supervisor)
  const ids = rows.map(({ record }: { record: { id: string } }) => record.id)
  const { body } = await byPolicy(supervisor, ids)
  expect(body).toMatchObject({ changed: 2, refused: [{ id: ids[2], title: '丙', code: 'NOBODY_AVAILABLE' }] })
  const { items } = (await home.ask(admin, 'GET', `${LEADS}/${ids[0]}/why`)).body
  expect(items.find(({ about }: { about: string }) => about === 'owner')).toMatchObject({ actor: { name: '王海燕' } })
  const [kept] = await home.db.read(home.tenant, (tx) => tx.query<{ chosen: number; event: number | null }>('select chosen, event from {t}.decision where record = $1', [ids[0]]))
  expect(kept).toEqual({ chosen: sales.id, event: null })
  expect((await byPolicy(supervisor, [ids[0]])).body.refused).toMatchObject([{ code: 'ASSIGNED_MEANWHILE' }])
  for (const who of [home.people.finance, sales]) expect((await byPolicy(who, [ids[2]])).body.error.code).toBe('FORBIDDEN')
  expect(await share(supervisor)).toEqual({ came: 3, inTime: 2, open: 1 })
  await advanceClock(home.db, home.tenant, 60_000)
  await home.ask(supervisor, 'POST', '/api/v1/commands/undo', { undo: body.undo })
  // Taken back, it has waited as long as before.
  expect((await board(supervisor)).rows.map(({ record, since }: { record: { id: string }; since: string }) => [record.id, since])).toEqual(rows.map(({ record, since }: { record: { id: string }; since: string }) => [record.id, since]))
})

it('H121 after a day it is late, and the share that had an owner in time says so; an owner who was taken back never was one', async () => {
  const { supervisor } = home.people
  expect(await share(supervisor)).toEqual({ came: 3, inTime: 0, open: 3 })
  expect((await byPolicy(supervisor, [await waiting('丁')])).body).toMatchObject({ changed: 1, refused: [] })
  expect(await share(supervisor)).toEqual({ came: 4, inTime: 1, open: 3 })
  await advanceClock(home.db, home.tenant, 25 * 3_600_000)
  const late = await board(supervisor)
  expect([late.count, late.late]).toEqual([3, 3])
  expect(await share(supervisor)).toEqual({ came: 4, inTime: 1, open: 0 })
})

it('G23 G24 H121 what nobody can take goes the policy’s way: to the team of its region, after four hours into the pool, after twelve the supervisor is told; the board and the record say so', async () => {
  const { admin, supervisor, sales, rival } = home.people
  const path = '/api/v1/definitions/assignmentPolicy/lead_by_capability'
  const stored = (await home.ask(admin, 'GET', path)).body
  const fallback = { ...stored.body.fallback, alertHours: 6, steps: [{ to: 'team' }, { to: 'pool', after: '4h' }, { to: 'supervisor', after: '12h', when: { field: 'name', op: 'ne', value: '小' } }] }
  expect((await home.ask(admin, 'PUT', path, { body: { ...stored.body, fallback }, expectVersion: stored.version })).status).toBe(200)
  await drain(home.db, home.tenant)
  const made = async (name: string, region: string) => { const id = await waiting(name, { industry: 'food', region }); await drain(home.db, home.tenant); return id }
  const [east, north] = [await made('近', '320500'), await made('远', '110000')]
  const decisionOf = async (id: string) => (await home.ask(admin, 'GET', `${LEADS}/${id}/why`)).body.items.find(({ about }: { about: string }) => about === 'owner').decision
  expect(await decisionOf(east)).toMatchObject({ reason: 'team', chosen: expect.toBeOneOf([sales.id, rival.id]), fallback: { zh: '2 人中：擅长项不符 2；交给同大区的成员（不看擅长）' }, otherwise: [] })
  const rowOf = async (id: string) => (await board(supervisor)).rows.find(({ record }: { record: { id: string } }) => record.id === id)
  expect(await rowOf(north)).toMatchObject({ tried: { zh: '2 人中：擅长项不符 2；同大区的成员也没有人能接' }, next: { to: 'pool' } })
  expect(await board(supervisor)).toMatchObject({ alertHours: 6 })
  await advanceClock(home.db, home.tenant, 5 * 3_600_000)
  await drain(home.db, home.tenant)
  expect(await decisionOf(north)).toMatchObject({ reason: 'pool:north', fallback: { zh: '2 人中：擅长项不符 2；同大区的成员也没有人能接 → 进入华北公海' } })
  expect(await rowOf(north)).toMatchObject({ next: { to: 'supervisor' } })
  await advanceClock(home.db, home.tenant, 8 * 3_600_000)
  await drain(home.db, home.tenant)
  const told = await home.db.read(home.tenant, (tx) => tx.query<{ record: string; title: string }>(`select record, title from {t}.notification where member = $1 and kind = 'escalation'`, [supervisor.id]))
  expect(told.filter(({ record }) => record === north).map(({ title }) => title)).toEqual(['线索「远」12 小时仍没有负责人'])
  expect(told.map(({ record }) => record)).not.toContain(east)
})

it('H124 whoever reads the rota learns who is on duty now and how to call them; others learn nothing', async () => {
  const { admin, sales, rival, finance } = home.people
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.member set phone = '+8613800001111' where id = $1`, [rival.id]))
  const { now } = await home.db.read(home.tenant, async (tx) => ({ now: tx.now.getTime() }))
  const shift = (member: number, duty: string, [from, to]: readonly [number, number]) => home.ask(admin, 'POST', '/api/v1/objects/shift/records', { values: { member, duty, starts_at: new Date(now + from * 3_600_000).toISOString(), ends_at: new Date(now + to * 3_600_000).toISOString() } })
  for (const [member, duty, span] of [[rival.id, 'hotline', [-1, 2]], [sales.id, 'sales', [-2, 1]], [admin.id, 'online', [2, 4]]] as const) expect((await shift(member, duty, span)).status).toBe(201)
  const { rows } = (await home.ask(sales, 'GET', '/api/v1/duty/shift')).body
  expect(rows).toMatchObject([{ member: sales.id, duty: 'sales', phone: null }, { member: rival.id, duty: 'hotline', phone: '+8613800001111' }])
  for (const [who, object] of [[finance, 'shift'], [sales, 'lead'], [sales, 'x']] as const) expect((await home.ask(who, 'GET', `/api/v1/duty/${object}`)).body.error.code).toBe('NOT_FOUND')
})
