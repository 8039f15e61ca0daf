import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database, Tx } from '#platform/db'
import { depot, type Depot } from './testing/depot.ts'
import { openProgress, workQueue } from './worker.ts'

let home: Depot
beforeAll(async () => {
  home = await depot({ capacity: 500 })
  await home.rule({ key: 'chain_tag', priority: 1, actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'chain_grade', priority: 3, actions: [{ do: 'grade', grading: 'heat' }] })
  await home.rule({ key: 'chain_assign', priority: 4, actions: [
    { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', values: { title: 'go', about: { record: true }, owner: { owner: true }, due_at: { now: true, plus: '72h' } } },
    { do: 'notify', to: [{ owner: true }], kind: 'new', title: '{{name}}' }, { do: 'webhook', url: 'https://example.com/' }] })
  await home.rule({ key: 'chain_late', trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, actions: [{ do: 'tag', add: ['late'] }] })
})
afterAll(() => home.drop())

/** Every statement of the transactions, besides what opens and ends them. */
function counted(): Database & { batches: string[][] } {
  const batches: string[][] = []
  const query = (tx: Tx): Tx['query'] => (text, values, options) => { batches.at(-1)!.push(text); return tx.query(text, values, options) }
  const mutate: Database['mutate'] = (tenant, work) => home.db.mutate(tenant, (tx) => {
    batches.push([])
    return work({ tenant: tx.tenant, now: tx.now, epoch: tx.epoch, afterCommit: (fn) => tx.afterCommit(fn), query: query(tx) })
  })
  return { ...home.db, mutate, batches }
}

/** take, claim, read, lock loads, candidates, lock, aggregates, numbers, update, insert, loads, log, the rest. */
const CHAIN = 13

test.each([[1, 1], [8, 2], [120, 2]])('E20 %i chains that tag, grade, assign, create, tell and send cost thirteen statements a batch', async (chains, batches) => {
  const progress = openProgress()
  for (let queue = 0; queue < 8; queue++) progress.begun.add(queue)
  await home.parcel({ worth: '500', goods: 'fruit' })
  await home.drain()
  await Promise.all(Array.from({ length: chains }, () => home.parcel({ worth: '500', goods: 'fruit' })))
  const db = counted()
  while (await workQueue(db, home.tenant, progress));
  const working = db.batches.filter(({ length }) => length > 1)
  expect(working.length).toBeLessThanOrEqual(batches)
  expect(working.filter(({ length }) => length > CHAIN)).toEqual([])
  expect(db.batches.filter(({ length }) => length === CHAIN).length).toBeGreaterThan(0)
})
