import { afterEach, beforeEach, expect, test } from 'vitest'
import { virtualQueue } from '#kernel/changes'
import { publish } from '#kernel/metadata'
import { verifyTenant } from '#kernel/records'
import type { Action } from '#language/definitions'
import { ids } from '#platform/db'
import { drain } from './drain.ts'
import { COURIERS, DEPOT, type Depot, depot, is } from './testing/depot.ts'

let home: Depot
beforeEach(async () => { home = await depot({ capacity: 2 }) })
afterEach(() => home.drop())

const label = { zh: '轮', en: 'Turn' }
const byTurns = { ...DEPOT.assignmentPolicy[0]!, label, object: 'parcel', mode: 'rotation' as const, ownerOf: undefined, excludeMissingSkill: false }
const assign: Action = { do: 'assign', policy: 'turns' }

/** Objects and policies as published; a parcel counts towards a load while `counting` holds, or never. */
async function handsOut(counting?: object): Promise<void> {
  await home.within(async (ctx) => {
    const { load: _, ...parcel } = DEPOT.object.find(({ key }) => key === 'parcel')!
    for (const result of [
      await publish(ctx, 'object', 'parcel', { ...parcel, ...(counting && { load: { kind: 'parcel', while: counting } }) }),
      await publish(ctx, 'assignmentPolicy', 'turns', { ...byTurns, key: 'turns' }),
    ]) if (!result.ok) throw new Error(JSON.stringify(result.refusals))
  })
}
/** Ids of one queue: what comes at once to them is answered in one batch. */
function alike(count: number): string[] {
  const found: string[] = []
  while (found.length < count) { const id = ids.next(); if (virtualQueue(id) === 3) found.push(id) }
  return found
}
/** Parcels that come at once. */
async function come(count: number, values: object = {}): Promise<string[]> {
  const made = alike(count)
  await home.write(made.map((id) => ({ op: 'create', object: 'parcel', id, values: { name: 'p', ...values } })))
  await home.drain()
  return made
}
const owners = async (some: readonly string[]) => Promise.all(some.map(async (id) => (await home.image('parcel', id)).owner))
const held = async (some: readonly string[]) => { const found = await owners(some); return [...COURIERS, null].map((who) => found.filter((owner) => owner === who).length) }
const loads = () => home.rows<{ member: number; open: number }>(`select member, open from {t}.member_load where kind = 'parcel' and open > 0 order by member`)

test('E14 G5 G19 a rotation goes round where records count towards no load, within a batch and from batch to batch', async () => {
  await handsOut()
  await home.rule({ key: 'give', actions: [assign] })
  expect(await held(await come(8))).toEqual([2, 2, 2, 2, 0])
  const one = [...(await come(1)), ...(await come(1)), ...(await come(1)), ...(await come(1))]
  expect(await held(one)).toEqual([1, 1, 1, 1, 0])
})

test('E14 G5 G19 a rotation goes round where records do not count yet', async () => {
  await handsOut(is('state', 'shipped'))
  await home.rule({ key: 'give', actions: [assign] })
  const some = [...(await come(3)), ...(await come(1)), ...(await come(4))]
  expect(await held(some)).toEqual([2, 2, 2, 2, 0])
  expect(await loads()).toEqual([])
})

test('E14 G10 G11 a record that counts only by what the rule does after assigning it is counted for the next', async () => {
  await handsOut(is('state', 'shipped'))
  await home.rule({ key: 'give', actions: [assign, { do: 'set', values: { state: 'shipped' } }] })
  expect(await held(await come(12))).toEqual([2, 2, 2, 2, 4])
  expect((await loads()).map(({ open }) => open)).toEqual([2, 2, 2, 2])
  expect((await home.within((ctx) => verifyTenant(ctx))).loads).toEqual([])
})

const OTHERS: [string, Action[]][] = [
  ['given by name', [{ do: 'set', values: { owner: 1 } }]],
  ['made by a rule', [{ do: 'create', object: 'parcel', values: { name: 'made', note: 'made', owner: 1 } }]],
  ['counting again', [{ do: 'set', values: { state: 'new' } }]],
]
test.each(OTHERS)('E14 G10 G11 a record that is %s in the same batch is seen by whatever is assigned after it', async (what, actions) => {
  await handsOut({ not: is('state', 'shipped') })
  const [first, ...more] = alike(9) as [string, ...string[]]
  await home.write([{ op: 'create', object: 'parcel', id: first, values: { name: 'p', state: 'shipped' }, owner: what === 'counting again' ? 1 : null }])
  await home.drain()
  await home.rule({ key: 'other', trigger: { on: 'changed', object: 'parcel', fields: ['count'] }, actions: [...actions, ...(what === 'given by name' ? [{ do: 'set', values: { state: 'new' } } as const] : [])] })
  await home.rule({ key: 'give', condition: { field: 'note', op: 'empty' }, actions: [assign] })
  await home.write([{ op: 'update', object: 'parcel', id: first, values: { count: 1 } }, ...more.map((id) => ({ op: 'create' as const, object: 'parcel', id, values: { name: 'p' } }))])
  await home.drain()
  expect((await loads()).filter(({ open }) => open > 2)).toEqual([])
  expect(await held(more)).toEqual([1, 2, 2, 2, 1])
  expect((await home.within((ctx) => verifyTenant(ctx))).loads).toEqual([])
})

test('E14 a load that a rule moves and somebody else holds is waited for in its order when the batch begins again', async () => {
  await home.rule({ key: 'make', condition: { field: 'note', op: 'empty' }, actions: [{ do: 'create', object: 'parcel', values: { name: 'made', note: 'made', owner: 1 } }] })
  await come(1)
  const [client, texts] = [await home.db.pool.connect(), [] as string[]]
  await client.query(`begin; set local role none; select from "${home.tenant.schema}".member_load where member = 1 for update`)
  const mutate: Depot['db']['mutate'] = (tenant, work) => home.db.mutate(tenant, (tx) => work({ ...tx, afterCommit: (fn) => tx.afterCommit(fn), query: (text, values, options) => { if (options?.name === 'lock capacity') texts.push(text); return tx.query(text, values, options) } }))
  await home.write([{ op: 'create', object: 'parcel', values: { name: 'p' } }])
  const drained = drain({ ...home.db, mutate }, home.tenant)
  await new Promise((resolve) => setTimeout(resolve, 700))
  await client.query('rollback')
  client.release()
  await drained
  expect(texts.map((text) => text.includes('nowait'))).toEqual([true, false])
  expect(await loads()).toEqual([{ member: 1, open: 2 }])
})
