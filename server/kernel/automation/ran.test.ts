import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceClock } from '#platform/db'
import type { Rule } from '#language/definitions'
import { type Depot, depot, tag, is } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const after = (rule: string, outcome: 'finished' | 'failed' | 'yes' | 'no'): Rule['trigger'] => ({ on: 'ran', object: 'parcel', rule, outcome })
async function made(values: Record<string, unknown> = {}): Promise<string> {
  const id = await home.parcel(values)
  await home.drain()
  return id
}
const runs = (id: string) => home.rows<{ rule: string; status: string; seen: { after?: object } | null; cause: { root: number; depth: number } | null; event: number }>(`select r.rule, r.event, r.status, r.seen, a.cause from {t}.run r left join {t}.act a on a.id = r.act where r.record = $1 and r.rule not like 'grading:%' order by r.event`, [id])

test('E58 a rule answers the end of another: finished, failed, or which way it went, once for each, with its condition on the record as it then stands', async () => {
  await home.rule({ key: 'first', condition: is('name', 'chain'), actions: [{ do: 'branch', condition: is('count', 1), yes: [tag('a')], no: [{ do: 'set', values: { hold: 'toolong' }, if: is('count', 9) }] }] })
  await home.rule({ key: 'done', trigger: after('first', 'finished'), condition: is('state', 'new'), actions: [tag('hot')] })
  await home.rule({ key: 'went_yes', trigger: after('first', 'yes'), actions: [tag('b')] })
  await home.rule({ key: 'went_no', trigger: after('first', 'no'), actions: [tag('c')] })
  await home.rule({ key: 'failed', trigger: after('first', 'failed'), actions: [tag('late')] })
  await home.rule({ key: 'third', trigger: after('done', 'finished'), actions: [tag('old')] })
  const [yes, no, fails, other] = [await made({ name: 'chain', count: 1 }), await made({ name: 'chain', count: 2 }), await made({ name: 'chain', count: 9 }), await made({ name: 'else' })]
  expect([await home.tags(yes), await home.tags(no), await home.tags(fails), await home.tags(other)]).toEqual([['a', 'b', 'hot', 'old'], ['c', 'hot', 'old'], ['late'], []])
  const told = await runs(yes)
  expect(told.map(({ rule }) => rule).sort()).toEqual(['done', 'first', 'third', 'went_yes'])
  const [head, done, third] = ['first', 'done', 'third'].map((key) => told.find(({ rule }) => rule === key)!)
  expect([done!.seen!.after, third!.seen!.after]).toEqual([{ rule: 'first', event: head!.event }, { rule: 'done', event: done!.event }])
  // One step deeper each, in the chain of the first.
  expect([head, done, third].map((run) => [run!.cause!.root, run!.cause!.depth])).toEqual([[head!.event, 1], [head!.event, 2], [head!.event, 3]])
  for (const key of ['third', 'done', 'went_yes', 'went_no', 'failed', 'first']) await home.switchRule(key, 'paused')
})

test('E58 an answer given before a wait is told at the end of the run; a run that is still waiting has not ended', async () => {
  await home.rule({ key: 'slow', condition: is('name', 'slow'), actions: [{ do: 'branch', condition: is('count', 1), yes: [tag('a')], no: [] }, { do: 'wait', for: '1h' }, tag('b')] })
  await home.rule({ key: 'then', trigger: after('slow', 'yes'), actions: [tag('c')] })
  const id = await made({ name: 'slow', count: 1 })
  expect(await home.tags(id)).toEqual(['a'])
  await advanceClock(home.db, home.tenant, 3_700_000)
  await home.drain()
  expect(await home.tags(id)).toEqual(['a', 'b', 'c'])
  await home.switchRule('then', 'paused')
})

test('E9 E58 rules that answer each other without end stop eight deep, also where publishing was got round', async () => {
  const chain = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9']
  for (const [at, key] of chain.entries()) await home.rule({ key, ...(at === 0 ? { condition: is('name', 'deep') } : { trigger: after(chain[at - 1]!, 'finished') }), actions: [{ do: 'set', values: { count: { add: 1 } } }] })
  const id = await made({ name: 'deep', count: 0 })
  expect((await home.image('parcel', id)).values['count']).toBe(8)
  expect((await runs(id)).map(({ rule, status }) => [rule, status]).at(-1)).toEqual(['r8', 'loop_stopped'])
  await home.force({ key: 'r0', trigger: after('r1', 'finished'), actions: [tag('a')] })
  await home.force({ key: 'r1', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, actions: [tag('b')] })
  const round = await made({ name: 'x' })
  await home.write([{ op: 'update', object: 'parcel', id: round, values: { note: 'go' } }])
  await home.drain()
  expect((await runs(round)).filter(({ rule }) => rule === 'r0').length).toBe(1)
  for (const key of chain) await home.switchRule(key, 'paused')
})
