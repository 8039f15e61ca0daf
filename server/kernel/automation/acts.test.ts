import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cause } from '#kernel/access'
import { changesOf } from '#kernel/changes'
import { publish } from '#kernel/metadata'
import type { RecordImage } from '#kernel/records'
import type { Rule } from '#language/definitions'
import { ids } from '#platform/db'
import { imagine, type Stand } from './imagine.ts'
import { programOf } from './program.ts'
import { CHIEF, type Depot, depot, is, tag } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

let count = 0
/** A name of the test's own, so that rules of one test leave the others alone. */
const fresh = () => `n${++count}`
const TELL = { do: 'notify', to: [{ member: CHIEF }], kind: 'new', title: '{{name}}' } as const satisfies Rule['actions'][number]

/** A parcel for which these rules, in their order, have done what they do at once. */
async function answered(rules: readonly (Pick<Rule, 'key' | 'actions'> & Partial<Rule>)[]): Promise<string> {
  const name = fresh()
  for (const [priority, { condition, ...rule }] of rules.entries()) await home.rule({ ...rule, priority, condition: condition ? { all: [is('name', name), condition] } : is('name', name) })
  const id = await home.parcel({ name })
  await home.drain()
  return id
}

/** In whose name what rules did to a record stands, act by act: the first of them, and all of them. */
async function names(id: string): Promise<string[][]> {
  const rows = await home.rows<{ ref: string; cause: Cause }>(`select a.actor_ref as ref, a.cause from {t}.act a join {t}.change c on c.act = a.id where c.record = $1 and a.actor_kind = 'rule' order by c.seq`, [id])
  for (const { ref, cause } of rows) expect(cause.rule).toBe(ref)
  return rows.map(({ ref, cause }) => cause.rules ? [...cause.rules] : [ref])
}

test('E4 what a rule wrote before it began to wait stands in its name, beside what others wrote', async () => {
  const id = await answered([{ key: 'wait_first', actions: [tag('a'), { do: 'wait', for: '3h' }, tag('c')] }, { key: 'wait_beside', actions: [tag('b')] }])
  expect(await names(id)).toEqual([['wait_first', 'wait_beside']])
  await home.pass(3.1)
  expect([await home.tags(id), await names(id)]).toEqual([['a', 'b', 'c'], [['wait_first', 'wait_beside'], ['wait_first']]])
})

test('E4 who only told somebody, or did nothing, lends no name to what another wrote', async () => {
  const id = await answered([{ key: 'tells_only', actions: [TELL] }, { key: 'finds_nothing', actions: [{ do: 'set', if: is('count', 9), values: { note: 'x' } }] }, { key: 'writes_and_waits', actions: [tag('a'), { do: 'wait', for: '3h' }, tag('b')] }])
  expect(await names(id)).toEqual([['writes_and_waits']])
})

test('E4 what a rule wrote stands in its name though it failed later, and though another wrote over it', async () => {
  const id = await answered([{ key: 'fails_later', actions: [{ do: 'set', values: { note: 'x' } }, { do: 'wait', for: '1h' }, { do: 'set', values: { hold: 'too long' } }] }, { key: 'writes_over', actions: [{ do: 'set', values: { note: 'y' } }] }])
  await home.pass(1.1)
  expect((await home.rows('select from {t}.run where record = $1 and status = $2', [id, 'failed'])).length).toBe(1)
  expect([(await home.image('parcel', id)).values['note'], await names(id)]).toEqual(['y', [['fails_later', 'writes_over']]])
})

test('E4 what a segment brings for many records of one parent stands in its name once', async () => {
  const [name, key, hub] = [fresh(), fresh(), ids.next()]
  await home.write([{ op: 'create', object: 'hub', id: hub, values: { vip: false } }])
  const several = await Promise.all([0, 1, 2].map(() => home.parcel({ name, hub })))
  await home.within((ctx) => publish(ctx, 'tag', key, { key, label: { zh: key, en: key }, segment: { object: 'parcel', condition: { all: [is('name', name), { parent: 'hub', where: is('vip', true) }] } } }))
  await home.drain()
  const before = (await names(several[0]!)).length
  await home.write([{ op: 'update', object: 'hub', id: hub, values: { vip: true } }])
  await home.drain()
  for (const id of several) expect([await home.tags(id), (await names(id)).slice(before)]).toEqual([[key], [[`segment:${key}`]]])
})

/** A tenant that holds one record and nothing beside it. */
const alone = (image: RecordImage): Stand => ({
  row: (_object, id) => (id === image.id ? image : null), later: () => [], childrenOf: () => [], aggregate: (_id, _need, _now, work) => work(), fired: () => new Set(), episodes: () => new Set(), repeats: () => 0,
  members: new Map(), principal: () => null, roster: () => { throw new Error('nobody is assigned') }, pools: () => [], shifts: () => [], waits: () => [], newId: () => ids.next(),
})

test('E4 what is only imagined stands in the same name', async () => {
  const name = fresh()
  await home.rule({ key: 'dreams', priority: 1, condition: is('name', name), actions: [tag('a'), { do: 'wait', for: '3h' }] })
  await home.rule({ key: 'beside', priority: 2, condition: is('name', name), actions: [tag('b')] })
  const id = await home.parcel({ name })
  const image = await home.image('parcel', id)
  const imagined = await home.within(async (ctx) => {
    const [born] = await changesOf(ctx.tx, 'parcel', id, { limit: 1 })
    return imagine(ctx, programOf(ctx.metadata), alone(image), { ...born!, kind: 'created', attempts: 0, position: born!.seq })
  })
  await home.drain()
  const [really] = await home.rows<{ ref: string; cause: Cause }>(`select a.actor_ref as ref, a.cause from {t}.act a join {t}.change c on c.act = a.id where c.record = $1 and c.record_version = 2`, [id])
  expect(imagined).toMatchObject({ actor: { kind: 'rule', key: 'dreams' }, cause: { rules: ['dreams', 'beside'] } })
  expect([imagined.actor.kind === 'rule' && imagined.actor.key, imagined.cause]).toEqual([really!.ref, really!.cause])
})
