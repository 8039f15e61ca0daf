import { afterEach, beforeEach, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import type { Step } from '#language/definitions'
import { decideRun, type RunDecision } from './index.ts'
import { CHIEF, type Depot, depot, tag } from './testing/depot.ts'

let home: Depot
beforeEach(async () => { home = await depot() })
afterEach(() => home.drop())

const headOf = async (id: string, rule = 'r') => (await home.rows<{ event: number }>('select event from {t}.run where record = $1 and rule = $2 and head is null', [id, rule]))[0]!.event
const statuses = async (id: string, rule = 'r') => (await home.rows<{ status: string }>('select status from {t}.run where record = $1 and rule = $2 order by event', [id, rule])).map(({ status }) => status)
const decide = async (id: string, decision: RunDecision, rule = 'r') => home.db.mutate(home.tenant, async (tx) => decideRun(await memberContext(tx, CHIEF), { event: await headOf(id, rule), rule }, decision)).then(() => home.drain())
async function made(values: Record<string, unknown> = {}): Promise<string> {
  const id = await home.parcel(values)
  await home.drain()
  return id
}
const until: Step = { do: 'waitUntil', until: { field: 'state', op: 'eq', value: 'shipped' }, atMost: '24h', yes: [tag('a')], no: [tag('b')] }

test('E69 a waiting run is told to go on, as if met or as if too late; what it has done is not done again', async () => {
  await home.rule({ key: 'r', actions: [{ do: 'set', values: { count: { add: 1 } } }, { do: 'wait', for: '9d' }, until] })
  const [met, late] = [await made(), await made()]
  await decide(met, 'go')
  await decide(met, 'met')
  await decide(late, 'go')
  await decide(late, 'late')
  expect([await home.tags(met), await home.tags(late), (await home.image('parcel', met)).values['count']]).toEqual([['a'], ['b'], 1])
  await expect(decide(met, 'met')).rejects.toThrow('RUN_SETTLED')
  const logged = await home.rows<{ fields: Record<string, [unknown, unknown]>; ref: string }>(`select c.fields, a.actor_ref as ref from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:run' order by c.seq`)
  expect(logged.map(({ fields, ref }) => [fields['decision']![1], ref])).toEqual([['go', '5'], ['met', '5'], ['go', '5'], ['late', '5']])
})

test('E69 a run that goes on by what somebody decided says whose decision it was, and which', async () => {
  await home.rule({ key: 'r', actions: [{ do: 'wait', for: '9d' }, until, tag('c')] })
  await home.rule({ key: 'broken', actions: [{ do: 'set', values: { serial: 'taken' } }, tag('hot')] })
  await home.rule({ key: 'again', priority: 1, condition: { field: 'name', op: 'eq', value: 'again' }, actions: [{ do: 'wait', for: '1h' }, { do: 'set', values: { hold: { text: '{{note}}' } } }, tag('old')] })
  await made({ serial: 'taken' })
  const [id, again] = [await made(), await made({ name: 'again', note: 'much too long' })]
  await decide(id, 'go')
  await decide(id, 'late')
  await home.pass(2)
  await home.write([{ op: 'update', object: 'parcel', id: again, values: { note: 'fine' } }])
  await decide(again, 'retry', 'again')
  await home.db.mutate(home.tenant, async (tx) => decideRun(await memberContext(tx, CHIEF), { event: await headOf(id, 'broken'), rule: 'broken' }, 'skip', { step: '0', reason: 'not unique' })).then(() => home.drain())
  const causes = (record: string) => home.rows<{ cause: Record<string, unknown> }>(`select a.cause from {t}.change c join {t}.act a on a.id = c.act where c.record = $1 and a.cause ? 'woke' order by c.seq`, [record]).then((rows) => rows.map(({ cause: { rule, woke, told, word } }) => [rule, woke, told, word].join(' ')))
  expect([await causes(id), await causes(again)]).toEqual([[`r told late ${CHIEF}`, `broken told skip ${CHIEF}`], [`again told retry ${CHIEF}`]])
  const steps = await home.rows<{ steps: Record<string, unknown>[] }>(`select steps from {t}.run where record = $1 and rule = 'r' and head is not null order by event`, [id])
  expect(steps.map(({ steps: [first] }) => [first!['went'], first!['told'], first!['by']])).toEqual([['due', true, CHIEF], ['late', true, CHIEF]])
})

test('E69 a run that was called off, and a branch that is not waited for, keep whose decision that was until it is restored', async () => {
  await home.rule({ key: 'r', actions: [{ do: 'parallel', join: 'all', branches: [[{ do: 'wait', for: '2h' }, tag('a')], [{ do: 'wait', for: '2h' }, tag('b')]] }, tag('c')] })
  const id = await made()
  const off = async () => (await home.rows<{ off: string }>(`select branch || ' ' || state || ' ' || coalesce(carries->>'off', '-') as off from {t}.wait where record = $1 order by branch`, [id])).map((each) => each.off)
  const about = async (decision: RunDecision, branch = '') => home.db.mutate(home.tenant, async (tx) => decideRun(await memberContext(tx, CHIEF), { event: await headOf(id), rule: 'r', branch }, decision)).then(() => home.drain())
  await about('dismiss', '0.b1')
  expect(await off()).toEqual([' waiting -', `0.b1 dismissed ${CHIEF}`, '0.b2 waiting -'])
  await about('restore', '0.b1')
  await about('cancel')
  expect(await off()).toEqual([` cancelled ${CHIEF}`, `0.b1 cancelled ${CHIEF}`, `0.b2 cancelled ${CHIEF}`])
  await about('restore')
  expect(await off()).toEqual([' waiting -', '0.b1 waiting -', '0.b2 waiting -'])
})

test('E69 called off, a run stays where it is; restored, it waits on, or goes on at once where its time has come', async () => {
  await home.rule({ key: 'r', actions: [{ do: 'wait', for: '2h' }, tag('a')] })
  const [one, two] = [await made(), await made()]
  await decide(one, 'cancel')
  await decide(two, 'cancel')
  await decide(two, 'restore')
  await home.pass(3)
  expect([await home.tags(one), await home.tags(two)]).toEqual([[], ['a']])
  await decide(one, 'restore')
  expect(await home.tags(one)).toEqual(['a'])
})

test('E69 restored, a run that waits for a condition looks whether it came to hold meanwhile', async () => {
  await home.rule({ key: 'r', actions: [until] })
  const id = await made()
  await decide(id, 'cancel')
  await home.write([{ op: 'update', object: 'parcel', id, values: { state: 'shipped' } }])
  await home.drain()
  expect(await home.tags(id)).toEqual([])
  await decide(id, 'restore')
  expect(await home.tags(id)).toEqual(['a'])
})

test('E69 nobody makes a run go on while its rule is off', async () => {
  await home.rule({ key: 'r', actions: [{ do: 'wait', for: '2h' }, tag('a')] })
  const id = await made()
  await home.switchRule('r', 'paused')
  await home.drain()
  await expect(decide(id, 'go')).rejects.toThrow('RUN_SETTLED')
})

test('E69 a run that failed at its beginning begins again with the rule as it is now; one that failed after a wait goes on from there', async () => {
  await home.rule({ key: 'r', actions: [tag('a'), { do: 'set', values: { serial: 'taken' } }] })
  await home.rule({ key: 'later', actions: [tag('b'), { do: 'wait', for: '1h' }, { do: 'set', values: { hold: { text: '{{note}}' } } }, tag('c')] })
  const first = await made({ serial: 'taken' })
  const id = await made({ note: 'much too long' })
  await home.pass(2)
  expect([await statuses(id), await statuses(id, 'later'), await home.tags(id)]).toEqual([['failed'], ['waiting', 'failed'], ['b']])
  await home.rule({ key: 'r', actions: [tag('a'), { do: 'set', values: { serial: 'free' } }] })
  await decide(id, 'retry')
  await home.write([{ op: 'update', object: 'parcel', id, values: { note: 'fine' } }])
  await decide(id, 'retry', 'later')
  expect([await statuses(id), await statuses(id, 'later'), await home.tags(id)]).toEqual([['failed', 'done'], ['waiting', 'failed', 'done'], ['a', 'b', 'c']])
  await expect(decide(id, 'retry')).rejects.toThrow('RUN_SETTLED')
  expect(await home.tags(first)).toContain('b')
})

test('E69 what is dismissed is no longer asked about, and can be taken up again', async () => {
  await home.rule({ key: 'r', actions: [{ do: 'set', values: { serial: 'taken' } }] })
  await made({ serial: 'taken' })
  const id = await made()
  await decide(id, 'dismiss')
  expect(await home.rows('select settled from {t}.run where record = $1 and rule = $2', [id, 'r'])).toEqual([{ settled: 'dismissed' }])
  await decide(id, 'restore')
  expect(await home.rows('select settled from {t}.run where record = $1 and rule = $2', [id, 'r'])).toEqual([{ settled: null }])
})

test('E69 a parked timer comes again with all that it brought: what was sent, who pressed, and how far its chain had come', async () => {
  await home.rule({ key: 'r', actions: [tag('a')] })
  const id = await made()
  const brought = { name: 'r', by: CHIEF, pushed: { id: 'x', values: { note: 'y' } }, after: { rule: 'q', event: 7, root: 3, depth: 5 } }
  await home.within(({ tx }) => tx.query(`insert into {t}.run (event, rule, version, status, object, record, started_at, finished_at, seen, epoch) values (900000, '*', 0, 'parked', 'parcel', $1, $2, $2, $3, 1)`, [id, tx.now, JSON.stringify({ timer: { kind: 'pushed', ...brought } })]))
  await home.db.mutate(home.tenant, async (tx) => decideRun(await memberContext(tx, CHIEF), { event: 900000, rule: '*' }, 'retry'))
  expect(await home.rows(`select kind, payload from {t}.timer where key = 'pushed:again:900000'`)).toEqual([{ kind: 'pushed', payload: { ...brought, object: 'parcel', record: id } }])
})

test('E69 a parked change is answered again when somebody says so', async () => {
  await home.rule({ key: 'r', actions: [tag('a')] })
  const id = await home.parcel()
  await home.within(({ tx }) => tx.query('update {t}.todo set attempts = 8'))
  await home.drain()
  expect([await statuses(id, '*'), await home.tags(id)]).toEqual([['parked'], []])
  await decide(id, 'retry', '*')
  expect([await home.tags(id), await home.rows(`select settled from {t}.run where rule = '*'`)]).toEqual([['a'], [{ settled: 'retried' }]])
})
