import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest'
import { ids, pastTheGuard } from '#platform/db'
import { definitionOf, publish } from '#kernel/metadata'
import { recountLoads, verifyTenant, write, writeOrRefuse, type Intent } from '#kernel/records'
import { PEOPLE, workshop, type Workshop } from './testing/workshop.ts'

const verified = (home: Workshop) => home.looking('kernel', verifyTenant)

describe('a row behind the log', () => {
  let home: Workshop
  beforeEach(async () => { home = await workshop() })
  afterEach(() => home.drop())

  /** One line per case: a statement behind the log's back, and what is reported. */
  const check = (title: string, statement: string, expected: object) =>
    test(`W40 ${title}`, async () => {
      const [id, read] = [ids.next(), ids.next()]
      await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', id, values: { name: '维修', price: '10' }, tags: ['急'], owner: PEOPLE.ann }]))
      await home.as('kernel', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'reading', id: read, values: { value: '1', about: { object: 'job', id } } }]))
      expect(await verified(home)).toEqual({ records: 2, changes: 2, differences: [], loads: [] })
      await home.db.mutate(home.tenant, (tx) => pastTheGuard(tx, () => tx.query(statement.replaceAll('$job', `'${id}'`))))
      expect(await verified(home)).toMatchObject(expected)
    })

  check('a field', `update {t}.o_job set f_price = 11 where id = $job`, { differences: [{ field: 'price', log: '10', row: '11' }] })
  check('a tag', `update {t}.o_job set tags = '{}'`, { differences: [{ field: 'tags', row: null }] })
  check('an owner', `update {t}.o_job set owner = 3`, { differences: [{ field: 'owner', log: 2, row: 3 }, { field: '$load', log: 3, row: 2 }] })
  check('a version', `update {t}.o_job set version = 2`, { differences: [{ field: '$version', log: 1, row: 2 }] })
  check('a deletion', `update {t}.o_job set gone_act = 1`, { differences: [{ field: '$gone', log: false, row: true }, { field: '$load', log: null, row: 2 }] })
  check('a removed row', `delete from {t}.o_job`, { differences: [{ field: '$row' }, { field: '$load', log: null, row: 2 }] })
  check('an added row', `insert into {t}.o_site (id, version, created_at, updated_at) values (gen_random_uuid(), 1, clock_timestamp(), clock_timestamp())`, { differences: [{ object: 'site', field: '$log' }] })
  check('an append-only row', `update {t}.o_reading set f_value = 2`, { differences: [{ object: 'reading', field: '$hash' }] })
  check('a load', `update {t}.member_load set open = 9`, { loads: [{ member: 2, kind: 'job', recounted: 1, stored: 9 }] })
  check('a lost change', `delete from {t}.change where object = 'job'`, { differences: [{ field: '$log' }] })
})

test('W44 what counts towards a load is changed: assignments and loads follow at once, and back', async () => {
  const home = await workshop()
  const [open, closed] = [ids.next(), ids.next()]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [open, closed].map((id, i): Intent => ({ op: 'create', object: 'job', id, values: { name: '维修', ...(i && { state: 'closed' }) }, owner: PEOPLE.ann }))))
  const publishJob = (load: object | undefined) => home.as('kernel', async (ctx) => {
    const { load: _, ...body } = (await definitionOf(ctx.tx, 'object', 'job'))!.body
    const result = await publish(ctx, 'object', 'job', { ...body, ...(load && { load }) })
    if (!result.ok) throw new Error(JSON.stringify(result))
    await recountLoads(ctx, ctx.metadata)
  })
  const stands = () => home.as('kernel', ({ tx }) => tx.query(`select (select open from {t}.member_load where member = $1 and kind = 'job') as load, (select array_agg(record order by record) from {t}.assignment where closed_at is null) as open`, [PEOPLE.ann]))
  for (const [load, carried] of [[{ kind: 'job', while: { all: [] } }, [open, closed]], [{ kind: 'job', while: { field: 'state', op: 'eq', value: 'closed' } }, [closed]], [undefined, null], [{ kind: 'job', while: { not: { field: 'state', op: 'eq', value: 'closed' } } }, [open]]] as const) {
    await publishJob(load)
    expect(await stands()).toEqual([{ load: carried?.length ?? 0, open: carried && [...carried].sort() }])
    expect(await verified(home)).toMatchObject({ differences: [], loads: [] })
  }
  await home.db.mutate(home.tenant, (tx) => tx.query('update {t}.assignment set member = $1 where closed_at is null', [PEOPLE.bob]))
  expect((await verified(home)).differences).toEqual([{ object: 'job', record: open, field: '$load', log: PEOPLE.ann, row: PEOPLE.bob }])
  await home.drop()
})

describe('whatever is done', () => {
  let home: Workshop
  beforeAll(async () => { home = await workshop() })
  afterAll(() => home.drop())

  const jobs = Array.from({ length: 6 }, () => ids.next())
  const value = fc.record({
    name: fc.constantFrom('一', '二', 'é'), price: fc.constantFrom(null, '0.10', '1e3', 12, '3亿'), count: fc.constantFrom(null, 1, 2), state: fc.constantFrom(null, 'open', 'busy', 'closed'),
    parts: fc.constantFrom(null, [], ['case', 'screen']), due: fc.constantFrom(null, '2026-01-31'), received: fc.constantFrom(null, '2026-01-31T23:59:59.999+08:00'), urgent: fc.constantFrom(null, true, false),
    about: fc.constantFrom(null, { object: 'job', id: jobs[0]! }), checker: fc.constantFrom(null, PEOPLE.bob), phone: fc.constantFrom(null, '010-12345678'),
  }, { requiredKeys: [] })
  const owner = fc.constantFrom<number | null | undefined>(undefined, undefined, null, PEOPLE.ann, PEOPLE.bob, PEOPLE.lead)
  const intent: fc.Arbitrary<Intent> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ op: fc.constant('update' as const), object: fc.constant('job'), id: fc.constantFrom(...jobs), values: value, owner, addTags: fc.subarray(['急', '熟客', '保密']), removeTags: fc.subarray(['急', '熟客']), act: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('delete' as const, 'restore' as const), object: fc.constant('job'), id: fc.constantFrom(...jobs), act: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('create' as const), object: fc.constant('visit'), values: fc.record({ note: fc.constant('x'), job: fc.constantFrom(...jobs), next: fc.constantFrom(null, '2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z') }), act: fc.nat(1) }) },
  )
  const acts = ['a', 'b'].map((key) => ({ actor: { kind: 'rule' as const, key, event: 1, depth: 1 }, cause: { kind: 'rule' as const, rule: key } }))
  const carryOut = (batch: readonly Intent[]) => home.as('kernel', (ctx) => write(ctx, batch, { acts }))

  test('W41 W22 the log rebuilds every record and loads add up, with four writers at once', async () => {
    await carryOut(jobs.map((id, i) => ({ op: 'create', object: 'job', id, values: { name: '维修' }, owner: i % 2 ? PEOPLE.ann : null })))
    await fc.assert(fc.asyncProperty(fc.array(fc.array(intent, { minLength: 1, maxLength: 5 }), { minLength: 4, maxLength: 8 }), async (batches) => {
      await Promise.all([0, 1, 2, 3].map(async (writer) => {
        for (const [i, batch] of batches.entries()) if (i % 4 === writer) await carryOut(batch)
      }))
      expect(await verified(home)).toMatchObject({ differences: [], loads: [] })
    }), { numRuns: process.env['LAWS'] === 'long' ? 500 : 40 })
  }, 120_000)
})
