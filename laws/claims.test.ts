import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, memberContext } from '#kernel/access'
import { createMember } from '#kernel/members'
import { claim } from '#kernel/pools'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { ids, isRetryable } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'

let home: FreshTenant
const members: number[] = []
const POOL = ids.next()
beforeAll(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  await kernel(async (ctx) => {
    for (let i = 0; i < 64; i++) members.push((await createMember(ctx, { name: `成员${i}`, email: `m${i}@example.com`, roles: ['sales'], team: null, supervisor: null, capability: { skills: [], regions: [], capacity: 40 } })).id)
  })
  await kernel((ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'pool', id: POOL, values: { name: '公海', daily_claims: 7, hold_limit: 5, protect_hours: 72 }, owner: null }]))
})
afterAll(() => home.drop())

const kernel = <T>(work: (ctx: Awaited<ReturnType<typeof kernelContext>>) => Promise<T>): Promise<T> =>
  home.db.mutate(home.tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
async function waiting(object: string, count: number): Promise<string[]> {
  const made = Array.from({ length: count }, (): Intent & { id: string } => ({ op: 'create', object, id: ids.next(), values: { name: '等待', pool: POOL, ...(object === 'lead' ? { status: 'pool' } : { kind: 'company' }) }, owner: null }))
  await kernel((ctx) => writeOrRefuse(ctx, made))
  return made.map(({ id }) => id)
}
const tries = async (member: number, object: string, wanted: string[]): Promise<string[]> =>
  home.db.mutate(home.tenant, async (tx) => (await claim(await memberContext(tx, member), { object, pool: POOL, ids: wanted })).written.filter(({ changed }) => changed).map(({ id }) => id))
    .catch((error: unknown) => { if (isRetryable(error)) return []; throw error })
const ownersOf = (object: string, some: string[]) => home.db.read(home.tenant, (tx) => tx.query<{ id: string; owner: number | null }>(`select id, owner from {t}.o_${object} where id = any($1)`, [some]))

test('P7 sixty-four members reach for one record: it has one owner', async () => {
  for (const object of ['lead', 'customer']) {
    const [id] = await waiting(object, 1)
    const won = (await Promise.all(members.map(async (member) => ({ member, got: await tries(member, object, [id!]) })))).filter(({ got }) => got.length > 0)
    expect(won).toHaveLength(1)
    expect(await ownersOf(object, [id!])).toEqual([{ id, owner: won[0]!.member }])
  }
}, 60_000)

test('P7 however often they claim at once, nobody holds or takes more than is allowed, and nothing is taken twice', async () => {
  for (const object of ['lead', 'customer']) {
    const all = await waiting(object, 60)
    const few = members.slice(0, 6)
    const got = await Promise.all(Array.from({ length: 48 }, (_, i) => tries(few[i % few.length]!, object, [...all.slice(i), ...all.slice(0, i)].slice(0, 4))))
    const taken = got.flat()
    expect(new Set(taken).size).toBe(taken.length)
    const held = Map.groupBy(await ownersOf(object, all), ({ owner }) => owner)
    for (const member of few) expect(held.get(member)?.length ?? 0).toBeLessThanOrEqual(5)
    expect(few.some((member) => held.get(member)?.length === 5)).toBe(true)
    expect(taken).toHaveLength(all.length - (held.get(null)?.length ?? 0))
  }
  const loads = await home.db.read(home.tenant, (tx) => tx.query<{ open: number; counted: number }>(`select l.open, (select count(*)::int from {t}.assignment a where a.member = l.member and a.kind = l.kind and a.closed_at is null) as counted from {t}.member_load l`))
  expect(loads.filter(({ open, counted }) => open !== counted)).toEqual([])
}, 60_000)
