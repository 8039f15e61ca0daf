import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { kernelContext, lintPolicy, type Context } from '#kernel/access'
import { ids } from '#platform/db'
import { undoActs, write, writeOrRefuse, type Intent } from '#kernel/records'
import type { Policy } from '#language/definitions'
import { decreeIn } from './testing/decree.ts'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
const label = { zh: '策略', en: 'Policy' }
let [job, calm, visit, other]: string[] = []

beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

const hung = { object: 'visit', via: 'job' } as const
const complained = { field: 'note', op: 'eq', value: '投诉' } as const
const HOLDS: Partial<Policy> = { except: { roles: ['chief'] }, when: { some: hung, where: complained }, fields: { note: { read: 'hidden' } } }
/** A fixer may delete visits. */
const DELETES: Partial<Policy> = { object: 'visit', effect: 'allow', who: { roles: ['fixer'] }, actions: ['delete', 'read', 'edit'] }
const decree = (...policies: Partial<Policy>[]): Promise<void> => decreeIn(home, [...policies, DELETES])
/** The limit holds where the condition does. */
const when = (condition: Policy['when']): Partial<Policy> => ({ ...HOLDS, when: condition! })

beforeEach(async () => {
  await decreeIn(home, [])
  ;[job, calm, visit, other] = [ids.next(), ids.next(), ids.next(), ids.next()]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [
    ...[job, calm].map((id): Intent => ({ op: 'create', object: 'job', id: id!, values: { name: '单', note: '机密', count: 5 }, owner: PEOPLE.ann })),
    { op: 'create', object: 'visit', id: visit!, values: { note: '投诉', job }, owner: PEOPLE.ann },
    { op: 'create', object: 'visit', id: other!, values: { note: '平常', job }, owner: PEOPLE.ann },
  ]))
})

const tell = (result: Awaited<ReturnType<typeof write>>) => (result.ok ? 'ok' : `${result.refusals[0]!.refusal.code} ${result.refusals[0]!.refusal.path ?? ''}`.trim())
const carry = (who: Person | 'kernel', ...intents: Intent[]) => home.as(who, async (ctx) => tell(await write(ctx, intents)))
const set = (who: Person | 'kernel', id: string, values: Record<string, unknown>) => carry(who, { op: 'update', object: 'visit', id, values })
const remove = (who: Person | 'kernel', id: string) => carry(who, { op: 'delete', object: 'visit', id })
const add = (who: Person | 'kernel', values: Record<string, unknown>, id = ids.next()) => carry(who, { op: 'create', object: 'visit', id, values: { job, ...values }, owner: PEOPLE.ann })
const NO = 'POLICY_FIELD_PROTECTED'

test('A39 a limit that children decide is not ended by changing, moving or deleting the last one that speaks for it', async () => {
  await decree(HOLDS)
  expect([await set('ann', visit!, { note: '已解决' }), await set('ann', visit!, { job: calm }), await remove('ann', visit!)]).toEqual([`${NO} note`, `${NO} job`, NO])
  expect([await set('ann', other!, { note: '还是平常' }), await set('ann', other!, { job: calm }), await remove('ann', other!), await add('ann', { note: '平常' })]).toEqual(['ok', 'ok', 'ok', 'ok'])
  // A second one, and the first may go; then the second is the last.
  const second = ids.next()
  expect([await add('ann', { note: '投诉' }, second), await remove('ann', visit!), await remove('ann', second)]).toEqual(['ok', 'ok', NO])
  expect([await set('chief', second, { note: '已解决' }), await set('ann', second, { note: '好了' })]).toEqual(['ok', 'ok'])
})

test('A39 in one act too: two that go together, one that comes as the other goes, and what ends with the record’s own field', async () => {
  await decree(HOLDS)
  await add('ann', { note: '投诉' }, calm!)
  expect(await carry('ann', { op: 'delete', object: 'visit', id: visit! }, { op: 'delete', object: 'visit', id: calm! })).toBe(NO)
  expect(await carry('ann', { op: 'delete', object: 'visit', id: visit! }, { op: 'delete', object: 'visit', id: calm! }, { op: 'create', object: 'visit', id: ids.next(), values: { job, note: '投诉' } })).toBe('ok')
  const last = ids.next()
  await decree(when({ any: [{ field: 'count', op: 'eq', value: 5 }, { some: hung, where: { field: 'note', op: 'eq', value: '加急' } }] }))
  await add('ann', { note: '加急' }, last)
  expect(await carry('ann', { op: 'update', object: 'job', id: job!, values: { count: 4 } }, { op: 'delete', object: 'visit', id: last })).toBe(`${NO} count`)
  expect(await remove('ann', last)).toBe('ok')
})

test.each<[string, Policy['when'], () => Promise<string>, string]>([
  ['none of them: one that comes', { none: hung, where: { field: 'note', op: 'eq', value: '已回访' } }, () => add('ann', { note: '已回访' }), `${NO} job`],
  ['none of them: one that does not count', { none: hung, where: { field: 'note', op: 'eq', value: '已回访' } }, () => add('ann', { note: '平常' }), 'ok'],
  ['not some of them', { not: { some: hung, where: { field: 'note', op: 'eq', value: '已回访' } } }, () => set('ann', other!, { note: '已回访' }), `${NO} note`],
  ['at least two', { count: hung, op: 'ge', value: 2 }, () => remove('ann', other!), NO],
  ['at least one of two', { count: hung, op: 'ge', value: 1 }, () => remove('ann', other!), 'ok'],
  ['fewer than three', { count: hung, op: 'lt', value: 3 }, () => add('ann', {}), `${NO} job`],
  ['the newest says', { latest: hung, of: 'note', op: 'eq', value: '平常' }, () => set('ann', other!, { note: '好' }), `${NO} note`],
  ['the newest says, a newer one says otherwise', { latest: hung, of: 'note', op: 'eq', value: '平常' }, () => add('ann', { note: '好' }), `${NO} job`],
  ['the newest says, and still does', { latest: hung, of: 'note', op: 'eq', value: '平常' }, () => set('ann', visit!, { note: '好' }), 'ok'],
  ['of a segment’s kind, with the record’s own field', { all: [{ field: 'count', op: 'eq', value: 5 }, { some: hung, where: complained }] }, () => remove('ann', visit!), NO],
  ['that does not hold because of the record', { all: [{ field: 'count', op: 'eq', value: 6 }, { some: hung, where: complained }] }, () => remove('ann', visit!), 'ok'],
])('A39 %s', async (_, condition, attack, answer) => {
  await decree(when(condition))
  expect(await attack()).toBe(answer)
})

test('A39 who sees what it keeps and is not held back ends it, as do rules; a form does not, nor who does not see', async () => {
  await decree({ ...HOLDS, who: { roles: ['lead', 'area'] } }, { object: 'visit', effect: 'allow', who: { roles: ['lead'] }, fields: { note: { write: true } }, actions: ['edit', 'read'] })
  expect([await set('ann', visit!, { note: '已解决' }), await set('chief', visit!, { note: '投诉' })]).toEqual(['ok', 'ok'])
  expect(await set('lead', visit!, { note: '已解决' })).toContain(NO)
  await decree({ ...HOLDS, who: { roles: ['lead'] }, fields: { secret: { read: 'hidden' } } })
  expect(await set('ann', visit!, { note: '已解决' })).toBe(`${NO} note`)
  const form = (tx: Context['tx']) => kernelContext(tx, { kind: 'source', form: 'site' }, { kind: 'source', form: 'site' })
  expect(await home.db.mutate(home.tenant, async (tx) => tell(await write(await form(tx), [{ op: 'update', object: 'visit', id: visit!, values: { note: '已解决' } }])))).toBe(`${NO} note`)
  expect(await set('kernel', visit!, { note: '已解决' })).toBe('ok')
})

test('A39 whoever does not see all that hangs there is told the same whatever else does', async () => {
  const hidden: Partial<Policy> = { object: 'visit', except: { roles: ['chief'] }, when: { field: 'note', op: 'startsWith', value: '密' }, actions: ['read'] }
  const answers: string[] = []
  for (const note of ['密投诉', '投诉']) {
    await decreeIn(home, [])
    await add('chief', { note })
    await decree(when({ some: hung, where: { field: 'note', op: 'contains', value: '投诉' } }), hidden)
    answers.push(await set('ann', visit!, { note: '已解决' }))
    await decreeIn(home, [])
  }
  expect(answers).toEqual([`${NO} note`, `${NO} note`])
})

test('A39 a limit that leaves no trace, and one on what points here, are guarded by what a change could do', async () => {
  await decree({ ...HOLDS, stealth: true, who: { roles: ['fixer'] }, except: undefined as never, when: { some: hung, where: { field: 'next', op: 'notEmpty' } } }, { object: 'visit', who: { roles: ['fixer'] }, fields: { next: { read: 'hidden' } } })
  expect([await remove('ann', other!), await set('ann', other!, { note: '好' })]).toEqual([NO, 'ok'])
  await decree({ ...HOLDS, object: 'visit', fields: { next: { read: 'hidden' } }, when: { parent: 'job', where: { count: hung, op: 'ge', value: 2 } } })
  expect([await remove('ann', other!), await add('ann', { note: '三' })]).toEqual([NO, 'ok'])
})

test('A39 taking back: one’s own mistake, as long as nothing that is kept has changed; what another deleted does not come back to end it', async () => {
  await decree(HOLDS)
  const undone = (who: Person, act: number) => home.as(who, async (ctx) => JSON.stringify(await undoActs(ctx, [act])))
  const acted = (who: Person, intent: Intent) => home.as(who, async (ctx) => (await writeOrRefuse(ctx, [intent]))[0]!.act!)
  const begin = (): Intent => ({ op: 'create', object: 'visit', id: ids.next(), values: { note: '投诉', job: calm } })
  expect(await undone('ann', await acted('ann', begin()))).not.toContain(NO)
  const act = await acted('ann', begin())
  await carry('chief', { op: 'update', object: 'job', id: calm!, values: { note: '新的机密' } })
  expect(await undone('ann', act)).toContain(NO)
  await decree(when({ none: hung, where: complained }))
  const gone = await acted('chief', { op: 'delete', object: 'visit', id: visit! })
  expect(await undone('ann', gone)).toContain(NO)
})

test('A30 A39 the linter knows them as guarded; nothing is asked where no limit looks at such records', async () => {
  const policy = { key: 'p0', label, object: 'job', effect: 'limit', who: { roles: ['fixer'] }, when: { some: hung, where: complained }, fields: { note: { read: 'star' } }, actions: [] } as unknown as Policy
  expect((await home.looking('chief', (ctx) => lintPolicy(ctx, policy))).map(({ kind, field, object }) => [kind, object, field].filter(Boolean).join(' '))).toEqual(expect.arrayContaining(['guarded visit note']))
  await decree(HOLDS)
  const asked = async (id: string, values: Record<string, unknown>) => home.as('ann', async (ctx) => {
    const said: string[] = []
    const tx = new Proxy(ctx.tx, { get: (target, key) => (key === 'query' ? (...given: Parameters<typeof target.query>) => { said.push(given[0]); return target.query(...given) } : Reflect.get(target, key)) })
    await write({ ...ctx, tx }, [{ op: 'update', object: 'visit', id, values }])
    return said.length
  })
  const plainly = await asked(other!, { note: '还是平常' })
  await decreeIn(home, [DELETES])
  expect(await asked(other!, { note: '平常的' })).toBe(plainly)
})
