import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { updateMember } from '#kernel/members'
import { writeOrRefuse } from '#kernel/records'
import { house, type House, type Person } from '../../api/testing/house.ts'
import { keepReadings } from './index.ts'

let home: House
let [risk, bank, mill] = [null as unknown as Person, '', '']
beforeAll(async () => {
  home = await house()
  risk = home.people.rival
  await home.db.mutate(home.tenant, async (tx) => updateMember(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), risk.id, { roles: ['risk'] }))
  bank = await customer('汇通银行', 'finance')
  mill = await customer('恒力机械', 'pcb')
})
afterAll(() => home.close())

const customer = (name: string, industry: string): Promise<string> => home.db.mutate(home.tenant, async (tx) =>
  (await writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'import' }), [{ op: 'create', object: 'customer', values: { name, kind: 'company', industry, risk_rating: 'r4' }, owner: home.people.sales.id }]))[0]!.id)
const read = (who: Person, id: string) => home.ask(who, 'GET', `/api/v1/objects/customer/records/${id}`)
const logged = async () => { await keepReadings(home.db); return home.db.read(home.tenant, (tx) => tx.query<{ who: string; ip: string; fields: Record<string, [null, unknown]> }>(`select a.actor_ref as who, a.ip, c.fields from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:reading' order by c.seq`)) }

it('R1 R2 R3 what a policy keeps from others is noted when it is read in full, once, and nothing else is', async () => {
  expect(await logged()).toEqual([])
  // Sees a star; reads what is kept from nobody.
  for (const [who, id] of [[home.people.sales, bank], [home.people.director, bank], [risk, mill]] as const) expect((await read(who, id)).status).toBe(200)
  expect(await logged()).toEqual([])
  const before = await home.db.read(home.tenant, (tx) => tx.query('select from {t}.change'))
  for (let i = 0; i < 3; i++) expect((await read(risk, bank)).body.record.values.risk_rating).toBe('r4')
  expect(await home.db.read(home.tenant, (tx) => tx.query('select from {t}.change'))).toHaveLength(before.length)
  expect(await logged()).toEqual([{ who: String(risk.id), ip: '127.0.0.1', fields: { object: [null, 'customer'], fields: [null, ['risk_rating']], read: [null, [bank]], rows: [null, 1] } }])
  await read(risk, bank)
  expect(await logged()).toHaveLength(1)
})

it('R1 a list is noted as a list, and the audit says it in words', async () => {
  const more = await customer('招财银行', 'finance')
  await keepReadings(home.db)
  const answer = await home.ask(risk, 'GET', '/api/v1/objects/customer/records?limit=50&fields=name,risk_rating')
  expect(answer.body.records.length).toBeGreaterThanOrEqual(3)
  const all = await logged()
  expect(all.at(-1)!.fields).toMatchObject({ read: [null, [more]], rows: [null, 1] })
  const { items } = (await home.ask(home.people.admin, 'GET', '/api/v1/audit?about=looked')).body
  expect(items[0]).toMatchObject({ object: 'system:reading', actor: { name: '赵一鸣' }, fields: expect.arrayContaining([expect.objectContaining({ field: 'fields', after: '风控评级' }), expect.objectContaining({ field: 'read', after: '招财银行' }), expect.objectContaining({ field: 'object', after: '客户' })]) })
})
