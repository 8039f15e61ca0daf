import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import { undoActs, writeOrRefuse } from '#kernel/records'
import type { Rule } from '#language/definitions'
import { advanceClock, ids } from '#platform/db'
import { CHIEF, type Depot, depot } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const runsOf = (record: string) => home.rows<{ rule: string; status: string; steps: Record<string, unknown>[]; seen: unknown; error: string | null; event: number; act: number | null }>('select * from {t}.run where record = $1 order by event, rule', [record])
const named = (note: string) => ({ field: 'name', op: 'eq' as const, value: note })
let count = 0
/** A name of the test's own, so that rules of one test leave the others alone. */
const fresh = () => `n${++count}`

test('E1 a rule answers creation: its form and its causes only', async () => {
  const name = fresh()
  await home.rule({ key: 'on_form', trigger: { on: 'created', object: 'parcel', form: 'door' }, condition: named(name), actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'on_member', trigger: { on: 'created', object: 'parcel', causes: ['member'] }, condition: named(name), actions: [{ do: 'tag', add: ['b'] }] })
  const [byForm, byMember] = [await home.parcel({ name }), await home.parcel({ name }, CHIEF)]
  await home.drain()
  expect([await home.tags(byForm), await home.tags(byMember)]).toEqual([['a'], ['b']])
})

test('E1 a rule answers the change of its fields, and a tag that is newly there', async () => {
  const name = fresh()
  await home.rule({ key: 'on_note', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: { all: [named(name), { changedTo: 'note', value: 'x' }] }, actions: [{ do: 'tag', add: ['hot'] }] })
  await home.rule({ key: 'on_hot', trigger: { on: 'tagged', object: 'parcel', tag: 'hot' }, condition: named(name), actions: [{ do: 'tag', add: ['c'] }] })
  const id = await home.parcel({ name })
  await home.write([{ op: 'update', object: 'parcel', id, values: { count: 1 } }])
  await home.drain()
  expect(await home.tags(id)).toEqual([])
  await home.write([{ op: 'update', object: 'parcel', id, values: { note: 'x' } }])
  await home.drain()
  expect(await home.tags(id)).toEqual(['c', 'hot'])
})

test('E1 an import is answered by rules that ask for imports, an undo by none', async () => {
  const name = fresh()
  await home.rule({ key: 'on_import', trigger: { on: 'created', object: 'parcel', causes: ['import'] }, condition: named(name), actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'by_default', condition: named(name), actions: [{ do: 'tag', add: ['b'] }] })
  const made = await home.within((ctx) => Promise.all((['import', 'undo', 'backfill'] as const).map(async (kind) => (await writeOrRefuse({ ...ctx, cause: { kind } }, [{ op: 'create', object: 'parcel', values: { name } }]))[0]!.id)))
  await home.drain()
  expect(await Promise.all(made.map(home.tags))).toEqual([['a'], [], []])
})

test('E1 taking back what a rule did sends nothing, tells nobody and is answered by no rule, whatever listens to what it changes', async () => {
  const name = fresh()
  await home.rule({ key: 'did', condition: named(name), actions: [{ do: 'set', values: { note: 'set' } }, { do: 'tag', add: ['a'] }] })
  const loud: Rule['actions'] = [{ do: 'webhook', url: 'https://example.com/' }, { do: 'notify', to: [{ role: 'chief' }], kind: 'loud', title: '{{name}}' }, { do: 'create', object: 'errand', values: { title: 'loud', about: { record: true } } }]
  await home.rule({ key: 'on_note', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions: loud })
  await home.rule({ key: 'on_untag', trigger: { on: 'untagged', object: 'parcel', tag: 'a' }, condition: named(name), actions: loud })
  const id = await home.parcel({ name })
  await home.drain()
  const said = async () => (await home.rows(`select (select count(*)::int from {t}.outbox) as sent, (select count(*)::int from {t}.notification) as told, (select count(*)::int from {t}.run) as runs, (select count(*)::int from {t}."o_errand") as made`))[0]
  const before = await said()
  const [{ act }] = await home.rows<{ act: number }>(`select act from {t}.run where record = $1 and rule = 'did'`, [id]) as [{ act: number }]
  await home.db.mutate(home.tenant, async (tx) => undoActs(await memberContext(tx, CHIEF), [act]))
  await home.drain()
  expect([(await home.image('parcel', id)).values['note'] ?? null, await home.tags(id), await said()]).toEqual([null, [], before])
})

test('E30 what was imported waits for everything else, but not behind its own later changes', async () => {
  const name = fresh()
  await home.rule({ key: 'any_birth', trigger: { on: 'created', object: 'parcel', causes: ['member', 'source', 'import'] }, condition: named(name), actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'any_note', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions: [{ do: 'tag', add: ['b'] }] })
  const imported = await home.within(async (ctx) => (await writeOrRefuse({ ...ctx, cause: { kind: 'import' } }, Array.from({ length: 120 }, () => ({ op: 'create' as const, object: 'parcel', values: { name } })))).map(({ id }) => id))
  const silent = await home.within(async (ctx) => (await writeOrRefuse({ ...ctx, cause: { kind: 'import', quiet: true } }, [{ op: 'create', object: 'parcel', values: { name } }]))[0]!.id)
  const touched = imported[60]!
  await home.write([{ op: 'update', object: 'parcel', id: touched, values: { note: 'x' } }])
  const live = await home.parcel({ name })
  await home.drain()
  const answered = await home.within(({ tx }) => tx.query<{ record: string; act: number }>(`select c.record, a.id as act from {t}.act a join {t}.change c on c.act = a.id where a.actor_kind = 'rule' and a.actor_ref in ('any_birth', 'any_note') order by a.id`))
  const places = (record: string) => answered.flatMap((each, i) => (each.record === record ? [i] : []))
  expect(answered).toHaveLength(122)
  const early = [...places(touched), ...places(live)]
  expect(early.toSorted((a, b) => a - b)).toEqual([0, 1, 2])
  expect(places(touched)).toHaveLength(2)
  expect(await home.tags(silent)).toEqual([])
  // Wanted at once it goes with what people do, in order.
  const [late, prompt] = await home.within(async (ctx) => [await writeOrRefuse({ ...ctx, cause: { kind: 'import' } }, [{ op: 'create', object: 'parcel', values: { name } }]), await writeOrRefuse({ ...ctx, cause: { kind: 'import', atOnce: true } }, [{ op: 'create', object: 'parcel', values: { name } }])].map(([one]) => one!.id))
  await home.drain()
  const acts = await home.rows<{ record: string }>(`select record from {t}.run where record = any($1::uuid[]) and rule = 'any_birth' order by act`, [[late, prompt]])
  expect(acts.map(({ record }) => record)).toEqual([prompt, late])
})

test('E14 whoever took the record since the change keeps it', async () => {
  const name = fresh()
  await home.rule({ key: 'hand_out', condition: named(name), actions: [{ do: 'assign', policy: 'able' }] })
  const [taken, free] = [await home.parcel({ name, goods: 'fruit' }), await home.parcel({ name, goods: 'fruit' })]
  await home.write([{ op: 'update', object: 'parcel', id: taken, owner: 4 }])
  await home.drain()
  expect([(await home.image('parcel', taken)).owner, (await home.image('parcel', free)).owner]).toEqual([4, 1])
  expect((await runsOf(taken)).find(({ rule }) => rule === 'hand_out')).toMatchObject({ status: 'skipped', steps: [{ why: 'owner_moved' }] })
})

test('E14 the owner of the parcel’s hub gets it without competition', async () => {
  const [name, hub] = [fresh(), ids.next()]
  await home.rule({ key: 'hub_first', condition: named(name), actions: [{ do: 'assign', policy: 'able' }] })
  await home.write([{ op: 'create', object: 'hub', id: hub, owner: 3, values: {} }])
  const id = await home.parcel({ name, hub, goods: 'glass' })
  await home.drain()
  expect((await home.image('parcel', id)).owner).toBe(3)
})

test('E2 own fields are those that the change left, however late it is answered', async () => {
  const name = fresh()
  await home.rule({ key: 'was_big', condition: { all: [named(name), { field: 'worth', op: 'ge', value: '100' }] }, actions: [{ do: 'tag', add: ['old'] }] })
  const [grew, shrank] = [await home.parcel({ name, worth: '1' }), await home.parcel({ name, worth: '500' })]
  await home.write([{ op: 'update', object: 'parcel', id: grew, values: { worth: '500' } }, { op: 'update', object: 'parcel', id: shrank, values: { worth: '1' } }])
  await home.drain()
  expect([await home.tags(grew), await home.tags(shrank)]).toEqual([[], ['old']])
})

test('E3 rules run by priority; later ones, and later actions, see what earlier ones did', async () => {
  const name = fresh()
  await home.rule({ key: 'second', priority: 20, condition: { all: [named(name), { field: 'note', op: 'eq', value: 'first' }] }, actions: [
    { do: 'set', values: { count: 7 } }, { do: 'set', if: { field: 'count', op: 'eq', value: 7 }, values: { state: 'waiting' } }] })
  await home.rule({ key: 'first', priority: 10, condition: named(name), actions: [{ do: 'set', values: { note: 'first' } }] })
  const id = await home.parcel({ name })
  await home.drain()
  expect((await home.image('parcel', id)).values).toMatchObject({ note: 'first', count: 7, state: 'waiting' })
})

test('E4 what rules do about one event is one act, in the name of the first, with its place in the chain', async () => {
  const name = fresh()
  await home.rule({ key: 'act_b', priority: 2, condition: named(name), actions: [{ do: 'tag', add: ['b'] }] })
  await home.rule({ key: 'act_a', priority: 1, condition: named(name), actions: [{ do: 'tag', add: ['a'] }, { do: 'create', object: 'errand', values: { title: 'x', about: { record: true } } }] })
  const id = await home.parcel({ name })
  await home.drain()
  const [run] = await runsOf(id)
  const acts = await home.rows<{ actor_ref: string; cause: object; objects: string[] }>(`select a.actor_ref, a.cause, array_agg(c.object order by c.seq) as objects from {t}.act a join {t}.change c on c.act = a.id where a.cause->>'event' = $1 group by a.id`, [String(run!.event)])
  expect(acts).toEqual([{ actor_ref: 'act_a', cause: { kind: 'rule', event: run!.event, rule: 'act_a', rules: ['act_a', 'act_b'], root: run!.event, depth: 1, budget: 499 }, objects: ['parcel', 'errand'] }])
  const [own] = await home.rows<{ act: number }>('select act from {t}.change where record = $1 and record_version = 2', [id])
  expect(new Set((await runsOf(id)).map(({ act }) => act))).toEqual(new Set([own!.act]))
})

test('E5 a run is kept for every rule that held, with what it saw and did; none for those that did not', async () => {
  const name = fresh()
  await home.rule({ key: 'kept', condition: { all: [named(name), { parent: 'hub', where: { field: 'vip', op: 'eq', value: true } }, { count: { object: 'scan', via: 'parcel' }, op: 'eq', value: 0 }] }, actions: [{ do: 'tag', add: ['a'] }, { do: 'set', if: { field: 'count', op: 'eq', value: 1 }, values: { note: 'no' } }] })
  await home.rule({ key: 'not_kept', condition: { all: [named(name), { field: 'count', op: 'eq', value: 9 }] }, actions: [{ do: 'tag', add: ['b'] }] })
  const hub = ids.next()
  await home.write([{ op: 'create', object: 'hub', id: hub, values: { vip: true } }])
  const id = await home.parcel({ name, hub })
  await home.drain()
  expect((await runsOf(id)).filter(({ rule }) => !rule.startsWith('grading:'))).toMatchObject([{
    rule: 'kept', status: 'done', steps: [{ do: 'tag', added: ['a'] }, { do: 'set', why: 'guard' }],
  }])
  const seen = (await runsOf(id)).find(({ rule }) => rule === 'kept')!.seen as { aggregates: object }
  expect(seen).toMatchObject({ own: { name, hub }, parents: { hub: { own: { vip: true } } } })
  expect(Object.values(seen.aggregates)).toEqual(['0'])
})

test('E13 set: values of the record, its parent, the clock, the earlier of two, its text', async () => {
  const name = fresh()
  await home.rule({ key: 'values', condition: named(name), actions: [{ do: 'set', values: {
    seen_at: { now: true, plus: '24h' }, promised: { now: true, plus: '2d' }, note: { field: 'name', via: 'hub' }, next_contact_at: { earlier: { field: 'next_contact_at', plus: '1h' } }, hold: { text: '#{{count}}' } } }] })
  const hub = ids.next()
  await home.write([{ op: 'create', object: 'hub', id: hub, values: { name: 'north' } }])
  const id = await home.parcel({ name, hub, count: 12 })
  await home.drain()
  const { values } = await home.image('parcel', id)
  const [{ at }] = await home.rows<{ at: Date }>('select started_at as at from {t}.run where record = $1 and rule = $2', [id, 'values']) as [{ at: Date }]
  const later = (ms: number) => new Date(at.getTime() + ms).toISOString()
  expect(values).toMatchObject({ seen_at: later(86_400_000), next_contact_at: later(3_600_000), note: 'north', hold: '#12' })
  expect(values['promised']).toMatch(/^\d{4}-\d\d-\d\d$/)
})

test('E13 a reference put where several objects may stand says to which', async () => {
  const name = fresh()
  await home.rule({ key: 'about_hub', condition: named(name), actions: [{ do: 'create', object: 'errand', values: { title: name, about: { field: 'hub' } } }] })
  const hub = ids.next()
  await home.write([{ op: 'create', object: 'hub', id: hub, values: { name: 'south' } }])
  const [there, nowhere] = [await home.parcel({ name, hub }), await home.parcel({ name })]
  await home.drain()
  for (const id of [there, nowhere]) expect((await runsOf(id)).find(({ rule }) => rule === 'about_hub')?.status).toBe('done')
  expect(await home.rows(`select f_about as about, f_about__object as object from {t}."o_errand" where f_title = $1 order by f_about nulls last`, [name])).toEqual([{ about: hub, object: 'hub' }, { about: null, object: null }])
})

test('E13 create with unlessOpen makes one, also when two events of one batch ask for it', async () => {
  const name = fresh()
  const actions = [{ do: 'create' as const, object: 'errand', values: { title: 't', about: { record: true as const }, owner: { owner: true as const } }, unlessOpen: { via: 'about', where: { field: 'state', op: 'eq' as const, value: 'open' } } }]
  await home.rule({ key: 'one_errand', condition: named(name), actions })
  await home.rule({ key: 'one_errand_more', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions })
  const id = await home.parcel({ name })
  await home.write([{ op: 'update', object: 'parcel', id, values: { note: 'x' } }])
  await home.drain()
  expect(await home.rows(`select 1 from {t}."o_errand" where f_about = $1`, [id])).toHaveLength(1)
  expect((await runsOf(id)).map(({ rule, status }) => [rule, status])).toEqual(expect.arrayContaining([['one_errand', 'done'], ['one_errand_more', 'skipped']]))
})

test('E13 what is made may be the owner’s supervisor’s; of a record without owner it is nobody’s', async () => {
  const name = fresh()
  await home.rule({ key: 'look_into', condition: named(name), actions: [{ do: 'create', object: 'errand', values: { title: 'look', about: { record: true }, owner: { supervisor: true } } }] })
  const [owned, free] = [await home.parcel({ name }), await home.parcel({ name })]
  await home.write([{ op: 'update', object: 'parcel', id: owned, owner: 1 }])
  await home.drain()
  const [chief] = await home.rows<{ supervisor: number }>('select supervisor from {t}.member where id = 1')
  const owners = async (id: string) => (await home.rows<{ owner: number | null }>(`select owner from {t}."o_errand" where f_about = $1`, [id])).map(({ owner }) => owner)
  expect([await owners(owned), await owners(free)]).toEqual([[chief!.supervisor], [null]])
})

test('E13 updateChildren writes to the open ones, and what follows in the run sees them closed', async () => {
  const name = fresh()
  const open = { field: 'state', op: 'eq' as const, value: 'open' }
  await home.rule({ key: 'restart', trigger: { on: 'changed', object: 'parcel', fields: ['owner'] }, condition: named(name), actions: [
    { do: 'updateChildren', object: 'errand', childVia: 'about', where: open, values: { state: 'done', title: { text: 'was {{name}}' } } },
    { do: 'create', object: 'errand', values: { title: 'again', about: { record: true } }, unlessOpen: { via: 'about', where: open } }] })
  const id = await home.parcel({ name })
  await home.write([1, 2].map((n) => ({ op: 'create', object: 'errand', values: { title: `e${n}`, about: { object: 'parcel', id } } })))
  await home.write([{ op: 'update', object: 'parcel', id, owner: 1 }])
  await home.drain()
  expect(await home.rows(`select f_title as title, f_state as state from {t}."o_errand" where f_about = $1 order by 2, 1`, [id])).toEqual([
    { title: `was ${name}`, state: 'done' }, { title: `was ${name}`, state: 'done' }, { title: 'again', state: 'open' }])
})

test('E13 notify: owner and supervisor, each once, with their own rights and the latest children', async () => {
  const name = fresh()
  await home.rule({ key: 'tell', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions: [
    { do: 'notify', to: [{ owner: true }, { supervisor: true }, { role: 'chief' }], kind: 'hello', title: '{{name}} {{worth}}', body: '{{note}}', latest: { object: 'scan', via: 'parcel', count: 2 } }] })
  const id = await home.parcel({ name, worth: '5000' })
  await home.write([{ op: 'update', object: 'parcel', id, owner: 1 }, ...['in', 'sorted', 'out'].map((kind) => ({ op: 'create' as const, object: 'scan', values: { parcel: id, kind } }))])
  await home.write([{ op: 'update', object: 'parcel', id, values: { note: 'x' } }])
  await home.drain()
  const notices = await home.rows<{ member: number; title: string; body: string }>(`select member, title, body from {t}.notification where record = $1 and kind = 'hello' order by member`, [id])
  expect(notices.map(({ member, title }) => [member, title])).toEqual([[1, `${name} ＊＊＊`], [CHIEF, `${name} ¥5,000`]])
  expect(notices[1]!.body.split('\n')).toHaveLength(3)
  expect(notices[1]!.body).toMatch(/^x\n.*· (out|sorted|in)\n/)
})

test('E13 webhook leaves one message with the key of the step', async () => {
  const name = fresh()
  await home.rule({ key: 'hook', condition: named(name), actions: [{ do: 'webhook', url: 'https://example.com/x' }] })
  const id = await home.parcel({ name })
  await home.drain()
  const [run] = await runsOf(id)
  const [row] = await home.rows<{ key: string; channel: string; body: { url: string; payload: { record: { id: string } } } }>('select key, channel, body from {t}.outbox where rule = $1', ['hook'])
  expect(row).toMatchObject({ key: `${run!.event}:hook:0`, channel: 'webhook', body: { url: 'https://example.com/x', payload: { record: { id } } } })
})

test('E9 a rule runs once per record in a chain; two that answer each other stop, and the run names why', async () => {
  const name = fresh()
  await home.rule({ key: 'ping', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions: [{ do: 'set', values: { seen_at: { now: true } } }] })
  await home.force({ key: 'pong', trigger: { on: 'changed', object: 'parcel', fields: ['seen_at'] }, condition: named(name), actions: [{ do: 'set', values: { note: { text: '{{note}}!' } } }] })
  const id = await home.parcel({ name })
  await home.write([{ op: 'update', object: 'parcel', id, values: { note: 'go' } }])
  await home.drain()
  expect((await home.image('parcel', id)).values['note']).toBe('go!')
  const stopped = (await runsOf(id)).filter(({ status }) => status === 'loop_stopped')
  expect(stopped.map(({ rule, error }) => [rule, error])).toEqual([['ping', 'again: ping → pong → ping']])
})

test('E9 rules do not answer rules for ever: eight deep at most', async () => {
  const name = fresh()
  await home.force({ key: 'deeper', trigger: { on: 'created', object: 'parcel' }, condition: named(name), actions: [{ do: 'create', object: 'parcel', values: { name } }] })
  await home.parcel({ name })
  await home.drain()
  expect(await home.rows(`select 1 from {t}."o_parcel" where f_name = $1`, [name])).toHaveLength(9)
  expect(await home.rows<{ error: string }>(`select error from {t}.run where rule = 'deeper' and status = 'loop_stopped'`)).toMatchObject([{ error: expect.stringMatching(/^depth:8: deeper → /) }])
})

test('E12 a pause is live at once, and so is an edit', async () => {
  const name = fresh()
  await home.rule({ key: 'live', condition: named(name), actions: [{ do: 'tag', add: ['a'] }] })
  const before = await home.parcel({ name })
  await home.switchRule('live', 'paused')
  await home.drain()
  expect(await home.tags(before)).toEqual([])
  await home.rule({ key: 'live', condition: named(name), actions: [{ do: 'tag', add: ['b'] }] })
  const after = await home.parcel({ name })
  await home.drain()
  expect(await home.tags(after)).toEqual(['b'])
})

test('E15 a refused write is the failure of its rule; the others on the event are carried out', async () => {
  const name = fresh()
  await home.rule({ key: 'too_long', priority: 1, condition: named(name), actions: [{ do: 'set', values: { hold: 'too long a text' } }] })
  await home.rule({ key: 'fine', priority: 2, condition: named(name), actions: [{ do: 'tag', add: ['a'] }] })
  const id = await home.parcel({ name })
  await home.drain()
  expect(await home.tags(id)).toEqual(['a'])
  expect((await runsOf(id)).filter(({ rule }) => !rule.startsWith('grading')).map(({ rule, status, error }) => [rule, status, error?.split(' ')[0]])).toEqual([['fine', 'done', undefined], ['too_long', 'failed', 'TEXT_TOO_LONG']])
})

test('E1 a deleted record is not answered', async () => {
  const name = fresh()
  await home.rule({ key: 'too_late', condition: named(name), actions: [{ do: 'create', object: 'errand', values: { title: name } }] })
  const id = await home.parcel({ name })
  await home.write([{ op: 'delete', object: 'parcel', id }])
  await home.drain()
  expect(await home.rows(`select 1 from {t}."o_errand" where f_title = $1`, [name])).toEqual([])
})

test('E10 the clock of the tenant decides, not the machine’s', async () => {
  await advanceClock(home.db, home.tenant, 3_600_000)
  const name = fresh()
  await home.rule({ key: 'clock', condition: named(name), actions: [{ do: 'set', values: { seen_at: { now: true } } }] })
  const id = await home.parcel({ name })
  await home.drain()
  expect(Date.parse((await home.image('parcel', id)).values['seen_at'] as string)).toBeGreaterThan(Date.now() + 3_500_000)
})

test('E21 changes count by person, record, fields and time, and only the one that makes it often is answered', async () => {
  await home.rule({ key: 'restless', trigger: { on: 'changed', object: 'parcel', fields: ['promised'], often: { times: 3, within: '7d' } }, actions: [{ do: 'tag', add: ['hot'] }] })
  const [id, other] = [await home.parcel({ promised: '2026-01-01' }), await home.parcel({ promised: '2026-01-01' })]
  const postpone = async (record: string, day: number, who: number) => { await home.write([{ op: 'update', object: 'parcel', id: record, values: { promised: `2026-02-0${day}`, note: `${day}` } }], who); await home.drain() }
  const answered = async (record: string) => (await home.rows<{ seen: { times: number } }>(`select seen from {t}.run where record = $1 and rule = 'restless' order by event`, [record])).map(({ seen }) => seen.times)
  for (const day of [1, 2]) { await postpone(id, day, CHIEF); await postpone(other, day, CHIEF) }
  await home.write([{ op: 'update', object: 'parcel', id, values: { note: 'x' } }], CHIEF)
  await home.drain()
  // Somebody else's does not count, nor does what came through a form.
  await home.write([{ op: 'update', object: 'parcel', id, values: { promised: '2026-03-01' } }])
  await home.drain()
  expect([await answered(id), await answered(other)]).toEqual([[], []])
  await postpone(id, 3, CHIEF)
  await postpone(id, 4, CHIEF)
  expect(await answered(id)).toEqual([3, 4])
  await advanceClock(home.db, home.tenant, 8 * 24 * 3_600_000)
  await postpone(other, 5, CHIEF)
  expect(await answered(other)).toEqual([])
})
