import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, type Actor, type Cause } from '#kernel/access'
import { drain } from '#kernel/automation'
import { createMember, createTeam, listMembers, updateMember } from '#kernel/members'
import { publishAll } from '#kernel/metadata'
import { readRecords, writeOrRefuse, type Intent } from '#kernel/records'
import { addMonths, dayOf, startOfDay } from '#language/values'
import { advanceClock, ids, type Tx } from '#platform/db'
import { DEPOT } from '../automation/testing/depot.ts'
import { freshTenant, type FreshTenant } from '../../../test/tenant.ts'
import { compare, openPast, replay, type Difference, type Past } from './index.ts'

const FORM: [Actor, Cause] = [{ kind: 'source', form: 'door' }, { kind: 'source', form: 'door' }]
const label = { zh: '规则', en: 'Rule' }
const MANY = { key: 'many', label, trigger: { on: 'created', object: 'scan' }, priority: 10, condition: { parent: 'parcel', where: { field: 'worth', op: 'ge', value: '100' } }, actions: [{ do: 'tag', via: 'parcel', add: ['hot'] }] }

let home: FreshTenant
beforeAll(async () => {
  home = await freshTenant({ solution: DEPOT })
  await inside((tx) => publishAll({ tx, actor: { kind: 'system', reason: 'test' } }, [{ kind: 'rule', key: 'many', body: MANY, state: 'active' }]))
  await inside(async (tx) => {
    const { id: team } = await createTeam(await kernelContext(tx, ...FORM), { name: '站', parent: null })
    await createMember(await kernelContext(tx, ...FORM), { name: '甲', email: 'a@x.example', roles: ['courier'], team, capability: { skills: ['*'], regions: [], capacity: 3 } })
  })
})
afterAll(() => home.drop())

const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, work)
const write = (...intents: Intent[]) => inside(async (tx) => void (await writeOrRefuse(await kernelContext(tx, ...FORM), intents)))
const seqOf = (record: string, version: number) => inside(async (tx) => (await tx.query<{ seq: number }>('select seq from {t}.change where record = $1 and record_version = $2', [record, version]))[0]!.seq)
const headOf = () => inside(async (tx) => (await tx.query<{ seq: number }>('select last_value as seq from {t}.change_seq'))[0]!.seq)

/** Work on a past that goes afterwards. */
async function withPast<T>(work: (past: Past, tx: Tx) => Promise<T>): Promise<T> {
  let done: { value: T } | undefined
  class Enough extends Error {}
  await inside(async (tx) => {
    done = { value: await work(await openPast(tx), tx) }
    throw new Enough()
  }).catch((error: unknown) => { if (!(error instanceof Enough)) throw error })
  return done!.value
}

const differences = () => withPast(async (past, tx) => {
  const found: Difference[] = []
  await replay(tx, past, (batch) => void found.push(...compare(batch)))
  return found
})

test('Y1 a past holds rows, loads, members and definitions as they stood, and nothing of it stays', async () => {
  const id = ids.next()
  const [courier] = await inside(async (tx) => listMembers(await kernelContext(tx, ...FORM)))
  await write({ op: 'create', object: 'parcel', id, values: { name: '一', worth: '10' }, owner: courier!.id, tags: ['hot'] })
  const born = await headOf()
  await write({ op: 'update', object: 'parcel', id, values: { name: '二', state: 'shipped' } })
  await inside(async (tx) => updateMember(await kernelContext(tx, ...FORM), courier!.id, { name: '乙', capability: { skills: [], regions: [], capacity: 9 } }))
  await write({ op: 'delete', object: 'parcel', id })
  const [then, now] = await withPast(async (past, tx) => {
    const look = async () => {
      const ctx = await past.at(tx.now)
      return {
        row: (await readRecords(ctx, 'parcel', [id])).get(id), members: (await listMembers(ctx)).map(({ name, capability, load }) => ({ name, capacity: capability.capacity, load })),
        rules: [...ctx.metadata.rules.keys()], open: (await ctx.tx.query('select from {t}.assignment where closed_at is null')).length,
      }
    }
    await past.advance(born)
    const early = await look()
    await past.advance(await seqOf(id, 3))
    return [early, await look()]
  })
  expect(then).toMatchObject({ row: { gone: false, recordVersion: 1, owner: courier!.id, tags: ['hot'], values: { name: '一', worth: '10', state: 'new' } }, members: [{ name: '甲', capacity: 3, load: [{ kind: 'parcel', open: 1 }] }], rules: ['many'], open: 1 })
  expect(now).toMatchObject({ row: { gone: true, recordVersion: 3, values: { name: '二', state: 'shipped' } }, members: [{ name: '乙', capacity: 9, load: [{ open: 0 }] }], open: 0 })
  expect((await home.db.pool.query(`select from pg_namespace where nspname like '%\\_past\\_%'`)).rowCount).toBe(0)
})

test('Y2 an append-only row that is not what the log says is refused', async () => {
  const [parcel, scan] = [ids.next(), ids.next()]
  await write({ op: 'create', object: 'parcel', id: parcel, values: { name: '三' } }, { op: 'create', object: 'scan', id: scan, values: { parcel, kind: 'in' } })
  await drain(home.db, home.tenant)
  const carried = await withPast(async (past, tx) => { await past.advance(await seqOf(scan, 1)); return (await readRecords(await past.at(tx.now), 'scan', [scan])).get(scan)!.values['kind'] })
  expect(carried).toBe('in')
  await inside((tx) => tx.query(`update {t}."o_scan" set f_kind = 'out' where id = $1`, [scan]))
  await expect(withPast(async (past) => past.advance(await headOf()))).rejects.toThrow('is not what the log says')
  await inside((tx) => tx.query(`update {t}."o_scan" set f_kind = 'in' where id = $1`, [scan]))
})

test('Y9 memory proves what is as history tells it; the rest the database answers, and both name the same differences', async () => {
  const parcel = ids.next()
  const scan = (kind: string) => write({ op: 'create', object: 'scan', values: { parcel, kind } })
  await write({ op: 'create', object: 'parcel', id: parcel, values: { name: '五', worth: '500' } })
  await scan('in')
  await drain(home.db, home.tenant)
  const told = (how?: { thorough: true }) => withPast(async (past, tx) => {
    const found: { proved: number; batches: number; differences: Difference[] } = { proved: 0, batches: 0, differences: [] }
    await replay(tx, past, (batch) => { found.batches++; found.proved += Number(batch.history === batch.replayed); found.differences.push(...compare(batch)) }, how)
    return found
  })
  const whole = await told()
  expect(whole).toEqual({ proved: whole.batches, batches: whole.batches, differences: [] })
  expect(await told({ thorough: true })).toEqual({ ...whole, proved: 0 })
  await inside((tx) => tx.query(`update {t}.run set status = 'skipped' where rule = 'many' and event = (select max(event) from {t}.run where rule = 'many')`))
  const apart = await told()
  expect(apart).toMatchObject({ proved: whole.batches - 1, differences: [{ rule: 'many', what: 'outcome', behind: [{ name: 'status', seen: 'skipped', log: 'done' }] }] })
  expect((await told({ thorough: true })).differences).toEqual(apart.differences)
  await inside((tx) => tx.query(`update {t}.run set status = 'done' where status = 'skipped' and rule = 'many'`))
})

test('Y3 Y4 months that are compared are those of the batch, not of the replay', async () => {
  const parcel = ids.next()
  const until = async (instant: number) => { await advanceClock(home.db, home.tenant, instant - await inside(async ({ now }) => now.getTime())); await drain(home.db, home.tenant) }
  const { zone } = home.tenant
  const coming = addMonths(`${dayOf(await inside(async ({ now }) => now.getTime()), zone).slice(0, 7)}-01`, 1)
  const begins = (months: number) => startOfDay(addMonths(coming, months), zone)
  await until(begins(0) + 10 * 86_400_000)
  const falling = { trend: { object: 'errand', via: 'about' }, at: 'due_at', per: '1mo', periods: 1, move: 'down', percent: 40 }
  const body = { ...MANY, key: 'falls', priority: 20, condition: { all: [{ parent: 'parcel', where: { field: 'name', op: 'eq', value: '月' } }, { parent: 'parcel', where: falling }] }, actions: [{ do: 'tag', via: 'parcel', add: ['late'] }] }
  await inside((tx) => publishAll({ tx, actor: { kind: 'system', reason: 'test' } }, [{ kind: 'rule', key: 'falls', body, state: 'active' }]))
  await write({ op: 'create', object: 'parcel', id: parcel, values: { name: '月', worth: '1' } })
  for (const months of [-1, -1, 0]) await write({ op: 'create', object: 'errand', values: { title: 'x', about: { object: 'parcel', id: parcel }, due_at: new Date(begins(months)).toISOString() } })
  const tagsAt = async (instant: number) => {
    await until(instant)
    await write({ op: 'create', object: 'scan', values: { parcel, kind: 'in' } })
    await drain(home.db, home.tenant)
    return (await inside(async (tx) => readRecords(await kernelContext(tx, ...FORM), 'parcel', [parcel]))).get(parcel)!.tags
  }
  expect([await tagsAt(begins(1) - 60_000), await tagsAt(begins(1))]).toEqual([[], ['late']])
  await until(begins(3))
  expect(await differences()).toEqual([])
})

test('Y3 Y4 a batch is answered again as it was, and where the rows were tampered with the replay still follows the log', async () => {
  const parcel = ids.next()
  await write({ op: 'create', object: 'parcel', id: parcel, values: { name: '四', worth: '500' } })
  await write({ op: 'create', object: 'scan', values: { parcel, kind: 'in' } })
  await drain(home.db, home.tenant)
  const before = await inside((tx) => tx.query('select (select count(*) from {t}.run)::int as runs, (select count(*) from {t}.change)::int as changes, (select max(seq) from {t}.change) as last'))
  expect(await differences()).toEqual([])
  expect(await inside((tx) => tx.query('select (select count(*) from {t}.run)::int as runs, (select count(*) from {t}.change)::int as changes, (select max(seq) from {t}.change) as last'))).toEqual(before)
  // Behind the log's back: what a live table says now counts for nothing.
  await inside((tx) => tx.query(`update {t}."o_parcel" set f_worth = 1 where id = $1`, [parcel]))
  expect(await differences()).toEqual([])
  // A decision that did not see what the log says is named, with what it saw.
  await inside((tx) => tx.query(`update {t}.run set seen = jsonb_set(seen, '{parents,parcel,own,worth}', '"900"') where record = (select record from {t}.change where object = 'scan' order by seq desc limit 1)`))
  expect(await differences()).toMatchObject([{ rule: 'many', what: 'seen', behind: [{ name: 'parents.parcel.own.worth', seen: '900', log: '500' }] }])
})

test('Y3 Y9 whose turn it was is known from the log alone, also where what was handed out counted towards no load', async () => {
  const { load: _, ...ticket } = DEPOT.object.find(({ key }) => key === 'parcel')!
  await inside((tx) => publishAll({ tx, actor: { kind: 'system', reason: 'test' } }, [
    { kind: 'object', key: 'ticket', body: { ...ticket, key: 'ticket' } },
    { kind: 'assignmentPolicy', key: 'turns', body: { ...DEPOT.assignmentPolicy[0]!, key: 'turns', object: 'ticket', mode: 'rotation', ownerOf: undefined, excludeMissingSkill: false } },
    { kind: 'rule', key: 'give', body: { ...MANY, key: 'give', trigger: { on: 'created', object: 'ticket' }, condition: { field: 'owner', op: 'empty' }, actions: [{ do: 'assign', policy: 'turns' }] }, state: 'active' },
  ]))
  const members = await inside(async (tx) => {
    const ctx = await kernelContext(tx, ...FORM)
    for (const name of ['丙', '丁']) await createMember(ctx, { name, email: `${name}@x.example`, roles: ['courier'], team: null, capability: { skills: ['*'], regions: [], capacity: 3 } })
    return listMembers(ctx)
  })
  for (const owner of [null, members[0]!.id, null, null, members[1]!.id, null, null]) {
    await write({ op: 'create', object: 'ticket', values: { name: '单' }, owner })
    await drain(home.db, home.tenant)
  }
  const mine = (how?: { thorough: true }) => withPast(async (past, tx) => {
    const found: { proved: boolean[]; differences: Difference[] } = { proved: [], differences: [] }
    await replay(tx, past, (batch) => { if (batch.history.runs.some(({ rule }) => rule === 'give')) { found.proved.push(batch.history === batch.replayed); found.differences.push(...compare(batch)) } }, how)
    return found
  })
  expect(await mine()).toEqual({ proved: [true, true, true, true, true], differences: [] })
  expect((await mine({ thorough: true })).differences).toEqual([])
})
