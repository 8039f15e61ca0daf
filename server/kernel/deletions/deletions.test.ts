import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refused } from '#contract'
import { noticesOf } from '#kernel/delivery'
import { bumpEpoch } from '#kernel/metadata'
import { undoActs, type Intent, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'
import { decide, deletionById, deletionLimit, deletionsFor, holdIfMany, setDeletionLimit, withdraw } from './index.ts'

let home: Workshop
beforeEach(async () => {
  home = await workshop()
  await home.as('kernel', async ({ tx }) => { await tx.query('update {t}.member set supervisor = $1 where id = $2', [PEOPLE.bob, PEOPLE.chief]); await bumpEpoch(tx) })
})
afterEach(() => home.drop())

const code = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof Refused ? error.refusal.code : String(error)))
async function jobs(n: number, by: Person = 'chief'): Promise<string[]> {
  const made = Array.from({ length: n }, () => ids.next())
  await home.as(by, (ctx) => writeOrRefuse(ctx, made.map((id, i): Intent => ({ op: 'create', object: 'job', id, values: { name: `单 ${i}`, price: String(i) }, owner: i % 2 ? PEOPLE.ann : PEOPLE.bob }))))
  return made
}
const hold = (who: Person, records: readonly string[]) => home.as(who, (ctx) => holdIfMany(ctx, 'job', records))
const remove = (who: Person, records: readonly string[]) => home.as(who, (ctx) => writeOrRefuse(ctx, records.map((id): Intent => ({ op: 'delete', object: 'job', id }))))
const rows = <R>(text: string, values: unknown[] = []) => home.looking('kernel', ({ tx }) => tx.query<R>(text, values))
const gone = async () => (await rows<{ n: number }>('select count(*) as n from {t}.o_job where gone_act is not null'))[0]!.n

/** Everything that makes the records what they are; versions and the time of the last write are not. */
async function stateHash(): Promise<string> {
  const [row] = await rows<{ hash: string }>(`select encode(sha256(convert_to(coalesce((select string_agg((to_jsonb(r) - 'version' - 'updated_at' - 'updated_by')::text, ';' order by r.id) from {t}.o_job r), '')
    || (select coalesce(string_agg(a.record || ' ' || a.role || ' ' || a.member, ';' order by a.record), '') from {t}.assignment a where closed_at is null)
    || (select coalesce(string_agg(l::text, ';' order by l.member, l.kind), '') from {t}.member_load l)
    || (select coalesce(string_agg(u::text, ';' order by u.file, u.record), '') from {t}.file_use u)
    || (select coalesce(string_agg(x::text, ';' order by x.subject, x.record), '') from {t}.timeline x), 'UTF8')), 'hex') as hash`)
  return row!.hash
}

test('Q1 Q3 Q4 237 records: held, agreed to by another, gone, and back as they were', async () => {
  const all = await jobs(237)
  const before = await stateHash()
  const held = await hold('chief', all)
  expect([held!.n, await gone()]).toEqual([237, 0])
  expect((await home.looking('kernel', ({ tx }) => noticesOf(tx, { member: PEOPLE.bob, limit: 5 })))[0]).toMatchObject({ kind: 'approval_deletion', object: 'system:deletion', record: held!.id })
  const { changed, left, deletion } = await home.as('bob', (ctx) => decide(ctx, held!.id, { agree: true, reason: '客户重复导入' }))
  expect([changed, left, await gone(), deletion.state]).toEqual([237, [], 237, 'agreed'])
  const [act] = await rows<{ actor_ref: string; reason: string }>('select actor_ref, reason from {t}.act where id = $1', [deletion.act])
  expect(act).toEqual({ actor_ref: String(PEOPLE.chief), reason: expect.stringContaining('客户重复导入') })
  const undone = await home.as('chief', (ctx) => undoActs(ctx, [deletion.act!]))
  expect([undone.changed, undone.kept, await gone()]).toEqual([237, [], 0])
  expect(await stateHash()).toBe(before)
})

test('Q1 whoever watches over risk and is asked nothing hears of it at once', async () => {
  await home.as('kernel', async ({ tx }) => { await tx.query(`update {t}.member set roles = '{chief}' where id = $1`, [PEOPLE.lead]); await bumpEpoch(tx) })
  await hold('chief', await jobs(60))
  const told = async (member: number) => (await home.looking('kernel', ({ tx }) => noticesOf(tx, { member, kind: 'audit', limit: 5 }))).map(({ title }) => title)
  expect(await told(PEOPLE.lead)).toEqual([expect.stringMatching(/^chief一次要删除 60 条.*，已挂起等复核$/)])
  // Neither whoever asked nor whoever is to decide.
  expect([await told(PEOPLE.chief), await told(PEOPLE.bob)]).toEqual([[], []])
})

test('Q1 whoever is above and away is told, and the next one up who is there as well', async () => {
  await home.as('kernel', async ({ tx, now }) => {
    await tx.query('update {t}.member set supervisor = $1 where id = $2', [PEOPLE.area, PEOPLE.bob])
    await tx.query(`insert into {t}.absence (member, kind, from_at, to_at, state) values ($1, 'other', $2::timestamptz - interval '1 hour', $2::timestamptz + interval '1 day', 'running')`, [PEOPLE.bob, now])
    await bumpEpoch(tx)
  })
  const held = await hold('chief', await jobs(60))
  const told = await Promise.all([PEOPLE.bob, PEOPLE.area].map((member) => home.looking('kernel', ({ tx }) => noticesOf(tx, { member, limit: 5 }))))
  expect(told.map(([first]) => first?.record)).toEqual([held!.id, held!.id])
  expect((await home.as('area', (ctx) => decide(ctx, held!.id, { agree: false, reason: '等他回来' }))).deletion.state).toBe('refused')
})

test('Q1 Q5 below the limit it is nobody’s business; over a while it adds up, and what came back does not count', async () => {
  const all = await jobs(70)
  expect(await hold('chief', all.slice(0, 50))).toBeNull()
  const [first] = await remove('chief', all.slice(0, 30))
  expect(await hold('chief', all.slice(30, 50))).toBeNull()
  expect((await hold('chief', all.slice(30, 51)))!.n).toBe(21)
  expect(await code(remove('chief', all.slice(30, 51)))).toBe('DELETION_TOO_MANY')
  await home.as('chief', (ctx) => undoActs(ctx, [first!.act!]))
  expect(await code(remove('chief', all.slice(0, 50)))).toBe('done')
})

test('Q2 not oneself, not twice, not a stranger', async () => {
  const all = await jobs(60)
  const held = await hold('chief', all)
  expect(await code(home.as('chief', (ctx) => decide(ctx, held!.id, { agree: true, reason: 'x' })))).toBe('DELETION_OWN')
  expect(await code(home.as('ann', (ctx) => decide(ctx, held!.id, { agree: true, reason: 'x' })))).toBe('NOT_FOUND')
  expect((await home.as('bob', (ctx) => decide(ctx, held!.id, { agree: false, reason: '不该删' }))).deletion).toMatchObject({ state: 'refused', reason: '不该删', act: null })
  expect(await code(home.as('bob', (ctx) => decide(ctx, held!.id, { agree: true, reason: 'x' })))).toBe('DELETION_DECIDED')
  const again = await hold('chief', all)
  expect((await home.as('chief', (ctx) => withdraw(ctx, again!.id))).state).toBe('withdrawn')
  expect(await code(home.as('bob', (ctx) => decide(ctx, again!.id, { agree: true, reason: 'x' })))).toBe('DELETION_DECIDED')
  expect([await gone(), (await home.looking('chief', deletionsFor)).length, (await home.looking('ann', deletionsFor)).length]).toEqual([0, 2, 0])
  expect(await code(home.looking('ann', (ctx) => deletionById(ctx, held!.id)))).toBe('NOT_FOUND')
})

test('Q3 what may no longer be deleted stays', async () => {
  const all = await jobs(60)
  const held = await hold('chief', all)
  await remove('chief', all.slice(0, 2))
  const { changed, left } = await home.as('bob', (ctx) => decide(ctx, held!.id, { agree: true, reason: 'x' }))
  expect([changed, left.length, await gone()]).toEqual([58, 2, 60])
})

test('Q6 the limit can be set, and everything is logged', async () => {
  expect(await home.looking('chief', deletionLimit)).toEqual({ records: 50, minutes: 10 })
  await home.as('chief', (ctx) => setDeletionLimit(ctx, { records: 2, minutes: 60 }))
  const all = await jobs(3)
  const held = await hold('chief', all)
  await home.as('chief', (ctx) => withdraw(ctx, held!.id))
  const log = await rows<{ object: string; fields: object }>(`select object, fields from {t}.change where object like 'system:deletion%' order by seq`)
  expect(log).toEqual([
    { object: 'system:deletion_limit', fields: { records: [50, 2], minutes: [10, 60] } },
    { object: 'system:deletion', fields: { object: [null, '维修单'], rows: [null, 3], state: [null, 'waiting'] } },
    { object: 'system:deletion', fields: { state: ['waiting', 'withdrawn'] } },
  ])
})

