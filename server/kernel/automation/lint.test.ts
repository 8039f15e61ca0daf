import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberRows } from '#kernel/access'
import { metadataAsIf, publish } from '#kernel/metadata'
import type { Action, Rule } from '#language/definitions'
import { advanceClock, ids } from '#platform/db'
import { noteTried, practiceOf, practiceWarnings, warningsOf, whyNot } from './index.ts'
import { type Depot, depot } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const label = (text: string) => ({ zh: text, en: text })
const draft = (rule: Partial<Rule> & Pick<Rule, 'key'>): Rule => ({ label: label(rule.key), trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 10, actions: [{ do: 'tag', add: ['a'] }], ...rule })
const put = (rule: Rule, state: 'active' | 'template' = 'active') => home.within(async (ctx) => publish(ctx, 'rule', rule.key, rule, { state }))
const said = async (rule: Rule, state: 'active' | 'template' = 'active') => { const result = await put(rule, state); return result.ok ? 'ok' : String(result.refusals[0]!.params!['reason']) }
const set = (values: Extract<Action, { do: 'set' }>['values']): Action => ({ do: 'set', values })
const changed = (...fields: string[]): Rule['trigger'] => ({ on: 'changed', object: 'parcel', fields })

test('E41 a rule that can never act is refused at once, on or off, with what excludes what', async () => {
  const scans = { object: 'scan', via: 'parcel' }
  const twice = { count: scans, within: '180d', op: 'ge', value: 2 } as const
  const long = { latest: scans, of: 'created_at', op: 'olderThan', value: '540d' } as const
  expect(await said(draft({ key: 'loyal', condition: { all: [twice, long] } }), 'template')).toMatch(/^条件永远不成立：「.*180 天.*」和「.*540 天.*」不可能同时满足$/)
  expect(await said(draft({ key: 'dear', condition: { all: [{ field: 'worth', op: 'gt', value: '100' }, { field: 'worth', op: 'lt', value: '50' }] } }))).toContain('价值')
  expect(await said(draft({ key: 'moved', trigger: changed('state'), condition: { all: [{ changedTo: 'state', value: 'shipped' }, { field: 'state', op: 'eq', value: 'new' }] } }))).toContain('永远不成立')
  expect(await said(draft({ key: 'guarded', condition: { field: 'worth', op: 'gt', value: '100' }, actions: [{ do: 'tag', add: ['a'], if: { field: 'worth', op: 'empty' } }] }))).toContain('永远不成立')
  expect(await said(draft({ key: 'fine', condition: { all: [twice, { latest: scans, of: 'created_at', op: 'olderThan', value: '2d' }] } }), 'template')).toBe('ok')
})

test('E41 a circle that does not settle is refused where it is closed, with its rules by name; one that settles is none', async () => {
  expect(await said(draft({ key: 'ping', trigger: changed('note'), actions: [set({ promised: { now: true, plus: '1d' } })] }))).toBe('ok')
  expect(await said(draft({ key: 'pong', trigger: changed('promised'), actions: [set({ seen_at: { now: true } })] }))).toBe('ok')
  const closing = draft({ key: 'closing', trigger: changed('seen_at'), actions: [set({ note: { text: '{{seen_at}}' } })] })
  expect(await said(closing)).toMatch(/「closing」 → 「ping」 → 「pong」 → 「closing」.*改「注」/)
  expect(await said(closing, 'template')).toBe('ok')
  expect(await said({ ...closing, trigger: { ...changed('seen_at'), causes: ['member'] } as Rule['trigger'] })).toBe('ok')
  // Once everything says what it always says, nothing changes any more.
  expect(await said(draft({ key: 'settles', trigger: changed('count'), actions: [set({ note: 'x' })] }))).toBe('ok')
  expect(await said(draft({ key: 'back', trigger: changed('count'), condition: { changedTo: 'count', value: 1 }, actions: [set({ count: 2 })] }))).toBe('ok')
  expect(await said(draft({ key: 'forth', trigger: changed('count'), condition: { changedTo: 'count', value: 2 }, actions: [set({ count: 1 })] }))).toContain('「back」')
  expect(await said(draft({ key: 'more', trigger: { on: 'created', object: 'errand' }, actions: [{ do: 'create', object: 'errand', values: { title: 'again' } }] }))).toContain('新建差事')
  expect(await said(draft({ key: 'other', trigger: { on: 'created', object: 'errand' }, condition: { field: 'title', op: 'eq', value: 'first' }, actions: [{ do: 'create', object: 'errand', values: { title: 'second' } }] }))).toBe('ok')
})

test('E58 a circle through the outcomes of rules is refused; a rule that others answer stays, and a yes or no is asked only of one that goes two ways', async () => {
  expect(await said(draft({ key: 'head', trigger: changed('hold') }))).toBe('ok')
  const after = (rule: string, outcome: 'finished' | 'yes' = 'finished'): Rule['trigger'] => ({ on: 'ran', object: 'parcel', rule, outcome })
  expect(await said(draft({ key: 'second', trigger: after('head') }))).toBe('ok')
  expect(await said(draft({ key: 'third', trigger: after('second') }))).toBe('ok')
  expect(await said(draft({ key: 'head', trigger: after('third') }))).toMatch(/「head」 → 「second」 → 「third」 → 「head」.*接着再执行一次/)
  expect(await said(draft({ key: 'self', trigger: after('self') }), 'template')).toContain('不能接着自己')
  expect(await said(draft({ key: 'nobody', trigger: after('nothing') }), 'template')).toContain('没有规则')
  expect(await said(draft({ key: 'asks', trigger: after('head', 'yes') }), 'template')).toContain('没有「是」「否」')
  expect(await said({ ...draft({ key: 'elsewhere', trigger: { ...after('head'), object: 'errand' } as Rule['trigger'] }) }, 'template')).toContain('同一种记录')
  // Somebody answers it: it can neither go nor become a rule about something else.
  const gone = await home.within((ctx) => publish(ctx, 'rule', 'head', null))
  expect(gone.ok ? 'ok' : gone.refusals[0]!.code).toBe('DEFINITION_IN_USE')
  expect(await said(draft({ key: 'head', trigger: { on: 'created', object: 'errand' }, actions: [set({ title: 'x' })] }))).toContain('second')
})

test('E93 two branches that write the same field are named', async () => {
  const sides = (...branches: Rule['actions'][]): Rule => draft({ key: 'sides', actions: [{ do: 'parallel', join: 'all', branches }] })
  const warned = (rule: Rule) => home.within(async (ctx) => {
    const asIf = await metadataAsIf(ctx.tx, { kind: 'rule', key: rule.key, body: rule })
    return asIf.ok ? warningsOf(asIf.asIf, await memberRows(ctx.tx), rule.key).map(({ code, zh }) => `${code} ${zh}`) : asIf.refusals
  })
  expect(await warned(sides([set({ note: 'x', count: 1 })], [{ do: 'wait', for: '1h' }, { do: 'branch', condition: { field: 'count', op: 'eq', value: 1 }, yes: [set({ note: 'y' })], no: [] }], [set({ hold: 'x' })]))).toEqual(['sides 「同时进行」里的分支 1、分支 2 都会写「注」，最后是谁写的要看先后'])
  expect(await warned(sides([set({ note: 'x' })], [set({ hold: 'x' })]))).toEqual([])
})

test('E42 what its maker should know: done already, too many messages, something told to those who may not read it', async () => {
  const warned = (rule: Rule) => home.within(async (ctx) => {
    const asIf = await metadataAsIf(ctx.tx, { kind: 'rule', key: rule.key, body: rule })
    return asIf.ok ? warningsOf(asIf.asIf, await memberRows(ctx.tx), rule.key).map(({ code }) => code) : asIf.refusals
  })
  await put(draft({ key: 'wide', condition: { field: 'state', op: 'eq', value: 'new' }, actions: [{ do: 'tag', add: ['b'] }, { do: 'tag', add: ['c'] }] }))
  expect(await warned(draft({ key: 'narrow', condition: { all: [{ field: 'state', op: 'eq', value: 'new' }, { field: 'count', op: 'gt', value: 1 }] }, actions: [{ do: 'tag', add: ['b'] }] }))).toEqual(['shadowed'])
  expect(await warned(draft({ key: 'apart', condition: { field: 'count', op: 'gt', value: 1 }, actions: [{ do: 'tag', add: ['b'] }] }))).toEqual([])
  const tell: Action = { do: 'notify', to: [{ owner: true }], kind: 'x', title: 'x' }
  expect(await warned(draft({ key: 'chatty', trigger: { on: 'created', object: 'scan' }, actions: [tell] }))).toEqual(['messages'])
  expect(await warned(draft({ key: 'once', trigger: { on: 'created', object: 'scan' }, condition: { field: 'kind', op: 'eq', value: 'in' }, actions: [tell] }))).toEqual([])
  // Also where a step reads it, and where a role is told: couriers may not read what a parcel is worth.
  expect(await warned(draft({ key: 'leak2', actions: [{ do: 'branch', condition: { field: 'worth', op: 'gt', value: '9' }, yes: [{ do: 'create', object: 'errand', values: { title: 'x' } }], no: [] }] }))).toEqual(['secrets'])
  expect(await warned(draft({ key: 'leak3', condition: { field: 'worth', op: 'gt', value: '9' }, actions: [{ do: 'notify', to: [{ role: 'courier' }], kind: 'x', title: 'x' }] }))).toEqual(['secrets'])
  expect(await warned(draft({ key: 'fine3', condition: { field: 'worth', op: 'gt', value: '9' }, actions: [{ do: 'notify', to: [{ role: 'chief' }], kind: 'x', title: 'x' }] }))).toEqual([])
  await home.within((ctx) => publish(ctx, 'policy', 'note_hidden', { key: 'note_hidden', label: label('注'), object: 'parcel', effect: 'limit', who: { roles: ['courier'] }, fields: { note: { read: 'hidden' } }, actions: [] }))
  expect(await warned(draft({ key: 'leak4', condition: { field: 'note', op: 'contains', value: 'x' }, actions: [{ do: 'tag', add: ['c'] }] }))).toEqual(['secrets'])
  await home.within((ctx) => publish(ctx, 'policy', 'note_hidden', null))
  expect(await warned(draft({ key: 'leak', condition: { field: 'worth', op: 'gt', value: '9' }, actions: [{ do: 'tag', add: ['c'] }] }))).toEqual(['secrets'])
})

test('E73 what practice says: never tried and never run, until it is; several rules that speak about one record again and again on one day', async () => {
  const asked = async (rule: Rule) => home.within(async ({ tx }) => practiceWarnings(rule, (await practiceOf(tx, [rule])).get(rule.key)!, (key) => label(key)).map(({ code, zh }) => `${code} ${zh}`))
  const tell: Action = { do: 'notify', to: [{ role: 'chief' }], kind: 'x', title: 'x' }
  const [one, two] = [draft({ key: 'says_one', trigger: changed('hold'), actions: [tell] }), draft({ key: 'says_two', trigger: changed('hold'), actions: [tell] })]
  expect(await asked(one)).toEqual(['untested 还没有用过去的记录试过'])
  await home.within(({ tx }) => noteTried(tx, one, { busiest: null, days: 30, by: 5 }))
  expect(await asked(one)).toEqual([])
  expect(await asked({ ...one, label: label('又叫什么') })).toEqual([])
  expect((await asked({ ...one, condition: { field: 'count', op: 'gt', value: 1 } })).length).toBe(1)
  await home.within(({ tx }) => noteTried(tx, one, { busiest: { messages: 9, rules: ['says_one', 'says_two'] }, days: 30, by: 5 }))
  expect(await asked(one)).toEqual(['crowded 用过去 30 天的记录试算，同一条记录一天最多发了 9 条提醒，一起发的还有「says_two」'])
  for (const rule of [one, two]) await put(rule)
  const id = await home.parcel()
  for (const hold of ['1', '2', '3', '4']) { await home.write([{ op: 'update', object: 'parcel', id, values: { hold } }]); await home.drain() }
  expect(await asked(two)).toEqual(['crowded 近 7 天里，同一条记录一天最多发了 8 条提醒，一起发的还有「says_one」'])
})

test('E40 why a rule did nothing: off, before it was on, never, of another cause, not yet, or what its condition lacked then', async () => {
  const asked = (id: string, rule: string, object = 'parcel') => home.within((ctx) => whyNot(ctx, { object, id }, rule))
  const early = await home.parcel({ worth: '10' })
  await home.drain()
  const dear = draft({ key: 'dearer', condition: { all: [{ field: 'worth', op: 'ge', value: '500' }, { field: 'name', op: 'eq', value: 'p' }] }, actions: [{ do: 'tag', add: ['hot'] }] })
  await put(dear, 'template')
  expect(await asked(early, 'dearer')).toMatchObject({ kind: 'off', detail: 'template' })
  await put(dear)
  expect(await asked(early, 'dearer')).toMatchObject({ kind: 'before' })
  const cheap = await home.parcel({ worth: '480' })
  await home.drain()
  // It is judged as it stood when it came, whatever it has become.
  await home.write([{ op: 'update', object: 'parcel', id: cheap, values: { worth: '900' } }])
  await home.drain()
  const answer = await asked(cheap, 'dearer')
  expect(answer).toMatchObject({ kind: 'condition', missing: [{ saw: '480', gap: '20', alone: true, negated: false }] })
  const enough = await home.parcel({ worth: '500' })
  await home.drain()
  expect(await asked(enough, 'dearer')).toMatchObject({ kind: 'ran', detail: 'done' })
  await put(draft({ key: 'renamed', trigger: { ...changed('name'), causes: ['member'] } as Rule['trigger'] }))
  expect(await asked(cheap, 'renamed')).toMatchObject({ kind: 'never' })
  await home.write([{ op: 'update', object: 'parcel', id: cheap, values: { name: 'q' } }])
  expect(await asked(cheap, 'renamed')).toMatchObject({ kind: 'cause', detail: 'source' })
  await put(draft({ key: 'due', trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, condition: { field: 'state', op: 'eq', value: 'done' } }))
  const errand = ids.next()
  await home.write([{ op: 'create', object: 'errand', id: errand, values: { title: 'e' } }])
  expect(await asked(errand, 'due', 'errand')).toMatchObject({ kind: 'no_date' })
  await home.write([{ op: 'update', object: 'errand', id: errand, values: { due_at: new Date(Date.now() + 3_600_000).toISOString() } }])
  expect(await asked(errand, 'due', 'errand')).toMatchObject({ kind: 'not_due' })
  await advanceClock(home.db, home.tenant, 2 * 3_600_000)
  await home.drain()
  expect(await asked(errand, 'due', 'errand')).toMatchObject({ kind: 'condition', missing: [{ saw: 'open', alone: true }] })
  expect(await asked(cheap, 'due')).toMatchObject({ kind: 'other_object' })
  await expect(asked(ids.next(), 'dearer')).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
})

