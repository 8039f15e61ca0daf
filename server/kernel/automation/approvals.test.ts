import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import type { Rule, Step } from '#language/definitions'
import { advanceClock } from '#platform/db'
import { approvalsFor, decideApproval, decideRun, type RunDecision } from './index.ts'
import { CHIEF, type Depot, depot, tag, is } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const ask = (more: Partial<Extract<Step, { do: 'approve' }>> = {}): Step => ({ do: 'approve', to: [{ supervisor: true }], title: '放行 {{name}}（{{worth}}）', atMost: '24h', yes: [tag('a')], no: [tag('b')], late: [tag('late')], ...more })
const as = <T>(member: number, work: (ctx: Awaited<ReturnType<typeof memberContext>>) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, async (tx) => work(await memberContext(tx, member)))
const inbox = (member: number) => as(member, approvalsFor)
const decide = (member: number, id: string, agree: boolean, reason = '') => as(member, (ctx) => decideApproval(ctx, id, { agree, reason }))
async function made(name: string, values: Record<string, unknown> = {}): Promise<string> {
  const id = await home.parcel({ name, worth: '9', ...values })
  await home.write([{ op: 'update', object: 'parcel', id, owner: 1 }])
  await home.drain()
  return id
}
const waiting = async (member: number, record: string) => (await inbox(member)).find((each) => each.record === record)!
const runs = (id: string) => home.rows<{ event: number; status: string; error: string | null; steps: { do: string; path?: string; went?: string; why?: string; by?: number; reason?: string }[] }>(`select event, status, error, steps from {t}.run where record = $1 and rule not like 'grading:%' order by event`, [id])
const owned: Rule['trigger'] = { on: 'changed', object: 'parcel', fields: ['owner'] }

test('E70 E60 somebody is asked and the run waits: approved, refused or too late, each goes its way once, and the first word counts', async () => {
  await home.rule({ key: 'release', trigger: owned, condition: is('name', 'ask'), actions: [ask(), tag('c')] })
  const [yes, no, late] = [await made('ask'), await made('ask'), await made('ask')]
  expect(await home.tags(yes)).toEqual([])
  expect((await inbox(2)).length).toBe(0)
  const asked = await waiting(CHIEF, yes)
  expect(asked).toMatchObject({ state: 'waiting', asked: [CHIEF], said: { [CHIEF]: { title: '放行 ask（¥9）' } } })
  expect(await home.rows(`select member, kind, object, title from {t}.notification where record = $1`, [asked.id])).toEqual([{ member: CHIEF, kind: 'approval', object: 'system:approval', title: '请审批：放行 ask（¥9）' }])
  await expect(decide(2, asked.id, true)).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  expect((await decide(CHIEF, asked.id, true, '可以')).state).toBe('approved')
  await expect(decide(CHIEF, asked.id, false)).rejects.toMatchObject({ refusal: { code: 'APPROVAL_OVER' } })
  await decide(CHIEF, (await waiting(CHIEF, no)).id, false, '太贵')
  await home.drain()
  expect([await home.tags(yes), await home.tags(no), await home.tags(late)]).toEqual([['a', 'c'], ['b', 'c'], []])
  await advanceClock(home.db, home.tenant, 25 * 3_600_000)
  await home.drain()
  expect(await home.tags(late)).toEqual(['c', 'late'])
  expect((await waiting(CHIEF, late)).state).toBe('late')
  const [first, second] = await runs(yes)
  expect([first!.status, first!.steps[0], second!.status, second!.steps[0]]).toMatchObject(['waiting', { do: 'approve', asked: [CHIEF] }, 'done', { do: 'approve', went: 'approved', by: CHIEF, reason: '可以' }])
  // What the rule then did says whose word it was; only what came too late came by the clock.
  const woke = await home.rows(`select a.cause->>'kind' as kind, a.cause->>'woke' as woke, (a.cause->>'word')::int as word from {t}.change c join {t}.act a on a.id = c.act where c.record = any($1::uuid[]) and c.fields ? 'tags' order by array_position($1::uuid[], c.record)`, [[yes, no, late]])
  expect(woke).toEqual([{ kind: 'timer', woke: 'approved', word: CHIEF }, { kind: 'timer', woke: 'refused', word: CHIEF }, { kind: 'timer', woke: null, word: null }])
  // Who said what is in the log, with the reason.
  expect(await home.rows(`select a.actor_ref as by, a.reason, c.fields->'decision'->>1 as decision from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:run' order by c.seq`)).toEqual([{ by: String(CHIEF), reason: '可以', decision: 'approve' }, { by: String(CHIEF), reason: '太贵', decision: 'refuse' }])
  await home.switchRule('release', 'paused')
})

test('E69 E70 a word that was given, and a run that was told to go on, are not forgotten where the run is called off and restored before either was heard', async () => {
  await home.rule({ key: 'release', trigger: owned, condition: is('name', 'ask'), actions: [ask(), tag('c')] })
  await home.rule({ key: 'later', trigger: owned, condition: is('name', 'later'), actions: [{ do: 'wait', for: '9d' }, tag('a')] })
  const [answered, told] = [await made('ask'), await made('later')]
  await decide(CHIEF, (await waiting(CHIEF, answered)).id, true)
  const about = async (id: string, ...decisions: RunDecision[]) => { const [{ event, rule }] = await home.rows<{ event: number; rule: string }>(`select event, rule from {t}.run where record = $1 and status = 'waiting'`, [id]) as [{ event: number; rule: string }]; for (const decision of decisions) await as(CHIEF, (ctx) => decideRun(ctx, { event, rule }, decision)) }
  await about(answered, 'cancel', 'restore')
  await about(told, 'go', 'cancel', 'restore')
  await home.drain()
  expect([await home.tags(answered), await home.tags(told)]).toEqual([['a', 'c'], ['a']])
  for (const rule of ['release', 'later']) await home.switchRule(rule, 'paused')
})

test('E71 each reads what is asked with their own eyes, and nobody decides about a record that they may not see; who stands in answers for who is away; nobody there is too late at once', async () => {
  await home.rule({ key: 'peers', trigger: owned, condition: is('name', 'peers'), actions: [ask({ to: [{ role: 'courier' }, { role: 'chief' }] })] })
  const id = await made('peers')
  const [owner, other] = [await waiting(1, id), await waiting(2, id)]
  expect([owner.said['1']!.title, owner.said[String(CHIEF)]!.title]).toEqual(['放行 peers（＊＊＊）', '放行 peers（¥9）'])
  await expect(decide(2, other.id, true)).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  await decide(1, owner.id, true)
  await home.drain()
  expect(await home.tags(id)).toEqual(['a'])
  await home.rule({ key: 'away', trigger: owned, condition: is('name', 'away'), actions: [ask({ to: [{ member: 4 }] })] })
  await home.within(({ tx, now }) => tx.query(`insert into {t}.absence (member, kind, from_at, to_at, stand_ins, state) values (4, 'leave', $1::timestamptz - interval '1 hour', $1::timestamptz + interval '9 days', '{1}', 'planned')`, [now]))
  await home.within(async ({ tx }) => void (await tx.query('update {t}.state set epoch = epoch + 1')))
  const mine = await made('away')
  expect((await waiting(1, mine)).asked).toEqual([4])
  expect((await home.rows<{ title: string }>(`select title from {t}.notification where record = $1 and member = 1`, [(await waiting(1, mine)).id]))[0]!.title).toBe('请代 c4 审批：放行 away（＊＊＊）')
  await decide(1, (await waiting(1, mine)).id, false, '不行')
  await home.drain()
  expect(await home.tags(mine)).toEqual(['b'])
  await home.rule({ key: 'none', trigger: owned, condition: is('name', 'none'), actions: [ask({ to: [{ member: 6 }] })] })
  const nobody = await made('none')
  expect([await home.tags(nobody), (await runs(nobody))[0]!.steps[0]]).toMatchObject([['late'], { do: 'approve', went: 'late', nobody: true }])
  for (const key of ['peers', 'away', 'none']) await home.switchRule(key, 'paused')
})

test('E71 off, the word is kept until the rule is on again; called off, there is nothing to decide; another rule answers which way it went', async () => {
  await home.rule({ key: 'held', trigger: owned, condition: is('name', 'held'), actions: [ask()] })
  await home.rule({ key: 'after_no', trigger: { on: 'ran', object: 'parcel', rule: 'held', outcome: 'no' }, actions: [tag('hot')] })
  const [one, two] = [await made('held'), await made('held')]
  await home.switchRule('held', 'paused')
  await home.drain()
  await decide(CHIEF, (await waiting(CHIEF, one)).id, false, '否')
  await home.drain()
  expect(await home.tags(one)).toEqual([])
  await home.switchRule('held', 'active')
  await home.drain()
  expect(await home.tags(one)).toEqual(['b', 'hot'])
  const run = (await runs(two))[0]!.event
  await as(CHIEF, (ctx) => decideRun(ctx, { event: run, rule: 'held' }, 'cancel'))
  await expect(decide(CHIEF, (await waiting(CHIEF, two)).id, true)).rejects.toMatchObject({ refusal: { code: 'APPROVAL_OVER' } })
  for (const key of ['after_no', 'held']) await home.switchRule(key, 'paused')
})

test('E72 a failed run goes on without one step, with a reason, from its beginning or from its wait; the failed step is named', async () => {
  const bad: Step = { do: 'set', values: { hold: '太长了的话呢' } }
  await home.rule({ key: 'stuck', trigger: owned, condition: is('name', 'stuck'), actions: [tag('a'), bad, tag('b'), { do: 'wait', for: '1h' }, bad, tag('c')] })
  const id = await made('stuck')
  const [failed] = await runs(id)
  expect([await home.tags(id), failed!.status, failed!.steps]).toEqual([[], 'failed', [{ do: 'set', path: '1', why: 'failed' }]])
  const skip = (step: string, reason: string) => as(CHIEF, (ctx) => decideRun(ctx, { event: failed!.event, rule: 'stuck' }, 'skip', { step, reason })).then(() => home.drain())
  await expect(skip('1', ' ')).rejects.toMatchObject({ refusal: { code: 'VALUE_REQUIRED' } })
  await expect(skip('9', '没有这一步')).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  await skip('1', '字数超了，先不写')
  expect(await home.tags(id)).toEqual(['a', 'b'])
  expect((await runs(id))[1]!.steps[1]).toMatchObject({ do: 'set', path: '1', why: 'by_hand', by: CHIEF, reason: '字数超了，先不写' })
  await advanceClock(home.db, home.tenant, 3_700_000)
  await home.drain()
  expect([await home.tags(id), (await runs(id)).at(-1)]).toMatchObject([['a', 'b'], { status: 'failed', steps: [{ path: '4', why: 'failed' }] }])
  await skip('4', '同上')
  expect([await home.tags(id), (await runs(id)).at(-1)!.status]).toEqual([['a', 'b', 'c'], 'done'])
  await expect(skip('4', '再来')).rejects.toMatchObject({ refusal: { code: 'RUN_SETTLED' } })
  // Begun by a version that is no longer there, it is tried again as the rule is now, or let be.
  const late = await made('stuck')
  await home.rule({ key: 'stuck', trigger: owned, condition: is('name', 'stuck'), actions: [tag('a')] })
  await expect(as(CHIEF, async (ctx) => decideRun(ctx, { event: (await runs(late))[0]!.event, rule: 'stuck' }, 'skip', { step: '1', reason: 'x' }))).rejects.toMatchObject({ refusal: { code: 'RUN_SETTLED' } })
})
