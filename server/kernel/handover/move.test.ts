import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { verifyTenant, writeOrRefuse, type Intent } from '#kernel/records'
import { ids } from '#platform/db'
import { house, type House, type Person } from '../../api/testing/house.ts'

let home: House
let [admin, director, sales, rival]: Person[] = []
let [east, south]: number[] = []
beforeAll(async () => {
  home = await house();
  ({ admin, director, sales, rival } = home.people)
  east = (await home.ask(admin!, 'GET', at(sales!))).body.team
  south = (await home.ask(admin!, 'POST', '/api/v1/teams', { name: '华南区' })).body.id
})
afterAll(() => home.close())

let numbered = 0
const make = async (object: string, count: number, owner: number): Promise<string[]> => {
  const made = Array.from({ length: count }, (_, i): Intent & { id: string } => ({ op: 'create', object, id: ids.next(), values: object === 'lead' ? { name: `线索${i}`, status: 'waiting' } : { name: `客户${owner}-${numbered++}`, kind: 'company' }, owner }))
  await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'import' }), made))
  return made.map(({ id }) => id)
}
const at = (who: Person, what = '') => `/api/v1/members/${who.id}${what}`
const move = (who: Person, team: number | null | undefined, records: string) => home.ask(admin!, 'POST', at(who, '/move'), { team, records })
const undo = (id: number) => home.ask(admin!, 'POST', `/api/v1/handovers/${id}/undo`)
const teamOf = async (who: Person) => (await home.ask(admin!, 'GET', at(who))).body.team as number | null
const teams = async (object: string, some: string[]) => (await home.db.read(home.tenant, (tx) => tx.query<{ team: number | null }>(`select distinct owner_team as team from {t}.o_${object} where id = any($1) order by 1`, [some]))).map(({ team }) => team)
const drift = () => home.db.read(home.tenant, async (tx) => (await verifyTenant(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }))).differences)
let [leads, customers]: string[][] = []

it('V8 V9 counted by object; what stays, stays, and the member comes back', async () => {
  [leads, customers] = [await make('lead', 1100, sales!.id), await make('customer', 2, sales!.id)]
  await make('lead', 1, rival!.id)
  expect((await home.ask(admin!, 'GET', at(sales!, '/team-records'))).body).toEqual({ objects: [{ object: 'lead', count: 1100 }, { object: 'customer', count: 2 }] })
  const { status, body } = await move(sales!, south, 'stay')
  expect([status, body]).toEqual([200, { id: expect.any(Number), moved: [] }])
  expect([await teamOf(sales!), await teams('lead', leads!)]).toEqual([south, [east]])
  // Of the team they are in now they hold nothing.
  expect((await home.ask(admin!, 'GET', at(sales!, '/team-records'))).body.objects).toEqual([])
  expect((await undo(body.id)).body).toMatchObject({ changed: 0, kept: [], returned: true })
  expect(await teamOf(sales!)).toBe(east)
})

it('V8 V9 what goes along goes in one act, and comes back but for what changed since', async () => {
  await home.ask(admin!, 'DELETE', `/api/v1/objects/lead/records/${leads![0]}`)
  const { body } = await move(sales!, south, 'follow')
  expect(body.moved).toEqual([{ object: 'lead', count: 1099 }, { object: 'customer', count: 2 }])
  expect([await teams('lead', leads!.slice(1)), await teams('lead', leads!.slice(0, 1)), await teams('customer', customers!)]).toEqual([[south], [east], [south]])
  const acts = await home.db.read(home.tenant, (tx) => tx.query(`select a.reason, a.actor_ref as by, count(*)::int as n from {t}.change c join {t}.act a on a.id = c.act where c.fields ? 'owner_team' and c.record_version > 1 and c.record = any($1) group by a.id, 1, 2`, [[...leads!, ...customers!]]))
  expect(acts).toEqual([{ reason: 'house:changed_team "李思琪"', by: String(admin!.id), n: 1101 }])
  await home.ask(admin!, 'POST', '/api/v1/commands/transfer', { object: 'lead', ids: [leads![1]], owner: rival!.id })
  const undone = (await undo(body.id)).body
  expect(undone).toMatchObject({ changed: 1100, returned: true, kept: [{ object: 'lead', id: leads![1], fields: ['归属部门'], message: '之后又有改动，保持不变' }] })
  expect([await teamOf(sales!), await teams('lead', leads!), await teams('customer', customers!)]).toEqual([east, [east], [east]])
  expect((await undo(body.id)).body.error.code).toBe('UNDO_IMPOSSIBLE')
  expect(await drift()).toEqual([])
})

it('V8 records of another team stay there; from no team and back', async () => {
  const kept = await make('customer', 1, rival!.id)
  await move(rival!, south, 'stay')
  const own = await make('customer', 1, rival!.id)
  const { body } = await move(rival!, null, 'follow')
  expect([body.moved, await teams('customer', kept), await teams('customer', own)]).toEqual([[{ object: 'customer', count: 1 }], [east], [null]])
  await move(rival!, east, 'follow')
  expect(await teams('customer', own)).toEqual([east])
})

it('V6 V8 who may, and whither', async () => {
  expect((await home.ask(director!, 'POST', at(sales!, '/move'), { team: south, records: 'stay' })).status).toBe(403)
  expect((await home.ask(director!, 'GET', at(sales!, '/team-records'))).status).toBe(403)
  expect((await move(sales!, east, 'stay')).body.error.code).toBe('REQUEST_INVALID')
  expect((await move(sales!, 999, 'follow')).body.error.code).toBe('VALUE_INVALID')
  expect((await home.ask(admin!, 'POST', '/api/v1/members/999/move', { team: south, records: 'stay' })).body.error.code).toBe('NOT_FOUND')
})
