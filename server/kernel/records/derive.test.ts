import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { publish } from '#kernel/metadata'
import { aggregate, getRecord, listRecords, readRecords, undoActs, verifyTenant, write, writeOrRefuse, type Intent, type Values } from '#kernel/records'
import { CLERKS, ledger, LEDGER, type Ledger } from './testing/ledger.ts'

let home: Ledger
beforeAll(async () => { home = await ledger() })
afterAll(() => home.drop())

const add = (object: string, values: Values, id = ids.next()): Intent & { id: string } => ({ op: 'create', object, id, values }) as Intent & { id: string }
const edit = (object: string, id: string, values: Values): Intent => ({ op: 'update', object, id, values })
const done = (...intents: Intent[]) => home.as('chief', (ctx) => writeOrRefuse(ctx, intents))
const kept = async (object: string, id: string): Promise<Values> => (await home.as('kernel', (ctx) => readRecords(ctx, object, [id]))).get(id)!.values
const seen = async (object: string, id: string, who: 'chief' | 'reader' | 'ann' = 'chief'): Promise<Values> => (await home.as(who, (ctx) => getRecord(ctx, object, id))).values
const outcome = async (who: 'chief' | 'ann' | 'bob' | 'reader' | 'kernel', ...intents: Intent[]) => {
  const result = await home.as(who, (ctx) => write(ctx, intents))
  return result.ok ? 'ok' : result.refusals.map(({ refusal: { code, path } }) => `${code} ${path ?? ''}`.trim()).join(', ')
}

let house: string
let bill: string
beforeEach(async () => {
  const h = add('house', { name: '一号' })
  const b = add('bill', { name: '甲', house: h.id })
  await done(h, b)
  ;[house, bill] = [h.id, b.id]
})
const row = (values: Values) => add('row', { bill, ...values })
const payment = (amount: string, more: Values = {}) => add('payment', { bill, amount, confirmed: true, ...more })

describe('formulas and roll-ups', () => {
  test('W60 what a record derives is written with it, in the same change, level by level', async () => {
    const one = row({ quantity: '3', price: '33.33', discount: '10', tax: '13' })
    const [written] = await done(one)
    expect(written!.after.values['subtotal']).toBe('101.69')
    expect(await kept('bill', bill)).toMatchObject({ total: '101.69', received: '0', due: '101.69', dearest: '33.33' })
    expect(await kept('house', house)).toMatchObject({ owed: '101.69', bills: 1 })
  })
  test('W60 one intention stays one act, whatever follows from it', async () => {
    const result = await home.as('chief', (ctx) => write(ctx, [row({ price: '5' })]))
    const acts = result.ok ? [...result.written, ...result.also].map(({ object, act }) => [object, act]) : []
    expect(acts.map(([object]) => String(object)).sort((a, b) => a.localeCompare(b))).toEqual(['bill', 'house', 'row'])
    expect(new Set(acts.map(([, act]) => act)).size).toBe(1)
  })
  test('W61 children that change, move, go and return are counted where they belong', async () => {
    const [other, one, two] = [add('bill', { name: '乙', house }), row({ price: '10' }), row({ price: '20' })]
    await done(other, one, two)
    await done(edit('row', one.id, { quantity: '2' }))
    expect((await kept('bill', bill))['total']).toBe('40')
    await done(edit('row', two.id, { bill: other.id }))
    expect([(await kept('bill', bill))['total'], (await kept('bill', other.id))['total'], (await kept('bill', bill))['dearest'], (await kept('house', house))['owed']]).toEqual(['20', '20', '10', '40'])
    await done({ op: 'delete', object: 'row', id: one.id })
    expect(await kept('bill', bill)).toMatchObject({ total: '0' })
    expect((await kept('bill', bill))['dearest']).toBeUndefined()
    await done({ op: 'restore', object: 'row', id: one.id })
    expect(await kept('bill', bill)).toMatchObject({ total: '20', dearest: '10' })
  })
  test('W61 only children that meet the condition count', async () => {
    const [one, two] = [payment('60'), payment('40', { confirmed: false })]
    await done(row({ price: '100' }), one, two)
    expect(await kept('bill', bill)).toMatchObject({ received: '60', due: '40' })
    await done(edit('payment', two.id, { confirmed: true }))
    expect(await kept('bill', bill)).toMatchObject({ received: '100', due: '0' })
  })
  test('W61 the latest child is the one with the latest day', async () => {
    await done(payment('1', { paid_on: '2026-03-01', way: '现金' }), payment('1', { paid_on: '2026-01-01', way: '转账' }))
    expect((await kept('bill', bill))['last_way']).toBe('现金')
    await done(payment('1', { paid_on: '2026-04-01', way: '微信' }))
    expect((await kept('bill', bill))['last_way']).toBe('微信')
  })
  test('W72 what is taken back takes back what followed from it, once', async () => {
    const one = row({ price: '10' })
    await done(one, row({ price: '5' }))
    const [changed] = await done(edit('row', one.id, { price: '30' }))
    await home.as('chief', (ctx) => undoActs(ctx, [changed!.act!]))
    expect([(await kept('row', one.id))['subtotal'], (await kept('bill', bill))['total'], (await kept('house', house))['owed']]).toEqual(['10', '15', '15'])
  })
  test('W62 a parent that returns is counted anew', async () => {
    const one = row({ price: '10' })
    await done(one)
    await done({ op: 'delete', object: 'bill', id: bill })
    await done(edit('row', one.id, { price: '30' }))
    expect((await kept('house', house))['owed']).toBe('0')
    await done({ op: 'restore', object: 'bill', id: bill })
    expect([(await kept('bill', bill))['total'], (await kept('house', house))['owed']]).toEqual(['30', '30'])
  })
  test('W63 nobody writes what is derived', async () => {
    expect([await outcome('chief', edit('bill', bill, { total: '1' })), await home.as('kernel', async (ctx) => (await write(ctx, [edit('bill', bill, { due: '1' })])).ok)]).toEqual(['FIELD_READ_ONLY total', false])
  })
  test('W64 two payments at once are both counted', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => done(payment(String(i + 1)))))
    expect((await kept('bill', bill))['received']).toBe('78')
  })
  test('W65 the number of statements does not depend on the number of children', async () => {
    const statements = (n: number) => home.as('chief', async (ctx) => {
      let count = 0
      const { tx } = ctx
      const counting = { ...ctx, tx: new Proxy(tx, { get: (target, key) => (key === 'query' ? (...args: [string]) => { count += 1; return target.query(...args) } : Reflect.get(target, key)) }) }
      await writeOrRefuse(counting, Array.from({ length: n }, () => row({ price: '1' })))
      return count
    })
    await statements(1)
    expect(await statements(40)).toBe(await statements(2))
  })
})

describe('fields of today', () => {
  test('W66 what depends on today is worked out by whoever reads, lists, filters and sorts by it', async () => {
    await done(edit('bill', bill, { due_on: '2020-01-01' }), row({ price: '10' }))
    const { days_late: late, how } = await seen('bill', bill)
    expect([Number(late) > 2000, how]).toEqual([true, 'late'])
    const found = await home.as('chief', (ctx) => listRecords(ctx, 'bill', { filter: { all: [{ field: 'days_late', op: 'gt', value: 2000 }, { field: 'how', op: 'eq', value: 'late' }] }, sort: [{ field: 'days_late', direction: 'desc' }], limit: 10 }))
    expect(found.records.map(({ id }) => id)).toEqual([bill])
    expect((await home.as('chief', (ctx) => aggregate(ctx, 'bill', { groupBy: [{ field: 'how' }] }))).rows.length).toBeGreaterThan(0)
  })
  test('W66 an edit is not stale because a day has passed', async () => {
    const { version } = await home.as('chief', (ctx) => getRecord(ctx, 'bill', bill))
    expect(await outcome('chief', { op: 'update', object: 'bill', id: bill, values: { name: '丙' }, expect: version } as Intent)).toBe('ok')
  })
})

describe('taking over', () => {
  test('W67 a price is taken over when the goods are chosen, and stays when it changes there', async () => {
    const [goods, other] = [add('goods', { name: '泵', price: '19.90', tax: '13' }), add('goods', { name: '阀', price: '5' })]
    const one = row({ goods: goods.id })
    await done(goods, other, one)
    expect(await kept('row', one.id)).toMatchObject({ price: '19.9', tax: '13', subtotal: '22.49' })
    await done(edit('goods', goods.id, { price: '99' }))
    expect([(await kept('row', one.id))['price'], (await kept('bill', bill))['total']]).toEqual(['19.9', '22.49'])
    await done(edit('row', one.id, { goods: other.id, price: '4' }))
    expect(await kept('row', one.id)).toMatchObject({ price: '4', subtotal: '4' })
  })
})

describe('rows of a record', () => {
  test('W68 who may edit the record may change its rows, nobody else', async () => {
    const mine = add('bill', { name: '安的' })
    await home.as('ann', (ctx) => writeOrRefuse(ctx, [mine]))
    const own = add('row', { bill: mine.id, price: '1' })
    expect(await outcome('ann', own)).toBe('ok')
    expect(await outcome('ann', edit('row', own.id, { price: '2' }))).toBe('ok')
    expect(await outcome('bob', edit('row', own.id, { price: '3' }))).toBe('NOT_FOUND')
    expect(await outcome('bob', add('row', { bill: mine.id, price: '1' }))).toBe('VALUE_INVALID bill')
    expect(await outcome('reader', edit('row', own.id, { price: '3' }))).toMatch(/FORBIDDEN/)
    expect(await outcome('reader', add('row', { bill: mine.id, price: '1' }))).toMatch(/FORBIDDEN|VALUE_INVALID/)
    expect(await outcome('ann', { op: 'delete', object: 'row', id: own.id })).toBe('ok')
  })
  test('W73 the rows of a locked record are shut for everybody but who may unlock it', async () => {
    const [mine, other] = [add('bill', { name: '锁的' }), add('bill', { name: '没锁的' })]
    await home.as('ann', (ctx) => writeOrRefuse(ctx, [mine, other]))
    const [own, loose] = [add('row', { bill: mine.id, price: '1' }), add('row', { bill: other.id, price: '1' })]
    expect([await outcome('ann', own), await outcome('ann', loose)]).toEqual(['ok', 'ok'])
    expect(await outcome('kernel', edit('bill', mine.id, { locked: true }))).toBe('ok')
    expect(await outcome('ann', edit('row', own.id, { price: '2' }))).toBe('RECORD_LOCKED')
    expect(await outcome('ann', { op: 'delete', object: 'row', id: own.id })).toBe('RECORD_LOCKED')
    expect(await outcome('ann', add('row', { bill: mine.id, price: '1' }))).toBe('RECORD_LOCKED')
    expect(await outcome('ann', edit('row', loose.id, { bill: mine.id }))).toBe('RECORD_LOCKED')
    expect((await home.as('ann', (ctx) => getRecord(ctx, 'row', own.id))).can).toMatchObject({ edit: false, delete: false })
    expect(await outcome('kernel', edit('row', own.id, { price: '2' }))).toBe('ok')
    expect(await outcome('kernel', edit('bill', mine.id, { locked: false }))).toBe('ok')
    expect(await outcome('ann', edit('row', own.id, { price: '3' }))).toBe('ok')
  })
  test('W69 a record that one does not see is not referred to, even if it is locked to be counted in', async () => {
    expect(await outcome('bob', add('payment', { bill, amount: '1' }))).toBe('VALUE_INVALID bill')
    expect((await kept('bill', bill))['received']).toBe('0')
  })
})

describe('defining', () => {
  const withField = (field: object) => { const bills = structuredClone(LEDGER.object.find(({ key }) => key === 'bill')!); bills.fields.push({ label: { zh: '新', en: 'New' }, ...field } as never); return bills }
  const published = (field: object) => home.as('chief', ({ tx, actor }) => publish({ tx, actor }, 'object', 'bill', withField(field)))
  test('W70 a derived field that is defined later has its values at once, on rows and on what follows', async () => {
    await done(row({ price: '10' }), row({ price: '20' }))
    expect(await published({ key: 'half', kind: 'money', formula: 'total / 2' })).toMatchObject({ ok: true })
    expect((await kept('bill', bill))['half']).toBe('15')
    expect(await published({ key: 'pieces', kind: 'integer', rollup: { object: 'row', via: 'bill', take: 'count' } })).toMatchObject({ ok: true })
    expect((await kept('bill', bill))['pieces']).toBe(2)
  })
  test('W71 verifying works every derived field out again', async () => {
    await done(row({ price: '10' }))
    expect((await home.as('kernel', verifyTenant)).differences).toEqual([])
    await home.as('kernel', ({ tx }) => tx.query('update {t}.o_bill set f_total = 7 where id = $1', [bill]))
    expect((await home.as('kernel', verifyTenant)).differences).toMatchObject([{ object: 'bill', record: bill, field: 'total', log: '10', row: '7' }, { field: 'due' }])
    await home.as('kernel', ({ tx }) => tx.query('update {t}.o_bill set f_total = 10 where id = $1', [bill]))
  })
})

test('W93 whoever writes it down, a child belongs to its parent’s owner, unless somebody says otherwise', async () => {
  const anns = add('bill', { name: '安的账单' })
  await home.as('ann', (ctx) => writeOrRefuse(ctx, [anns]))
  const paid = (more: Partial<Extract<Intent, { op: 'create' }>> = {}) => ({ ...add('payment', { bill: anns.id, amount: '1' }), ...more }) as Intent & { id: string }
  const [same, said, none, both] = [paid(), paid({ owner: CLERKS.bob }), add('payment', { amount: '1' }), add('bill', { name: '同批' })]
  const child = { ...add('payment', { bill: both.id, amount: '1' }) }
  await done(same, said, none, { ...both, owner: CLERKS.bob } as Intent, child)
  expect(await Promise.all([same, said, none, child].map(async ({ id }) => (await kept('payment', id))['owner']))).toEqual([CLERKS.ann, CLERKS.bob, CLERKS.chief, CLERKS.bob])
})
