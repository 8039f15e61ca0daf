import { Solution } from '#language/definitions'
import { memberContext, kernelContext, type Context } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { type FreshTenant, freshTenant } from '../../../../test/tenant.ts'

const label = (zh: string, en: string = zh) => ({ zh, en })
const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: label(key), ...more })
const EVERYTHING = { read: 'all', create: 'all', edit: 'all', delete: 'all', export: 'all', transfer: 'all' }

/** Houses with bills, bills with rows and instalments, instalments with payments; goods whose price is taken over. */
export const LEDGER: Solution = Solution.parse({
  key: 'ledger', label: label('账本'), version: '1', activeRules: [],
  dictionary: [{ key: 'how', label: label('状态'), options: ['open', 'late', 'paid'].map((key) => ({ key, label: label(key) })) }],
  object: [
    { key: 'house', label: label('房屋'), title: 'name', fields: [
      field('name', 'text', { required: true }),
      field('owed', 'money', { rollup: { object: 'bill', via: 'house', take: 'sum', of: 'due' } }),
      field('bills', 'integer', { rollup: { object: 'bill', via: 'house', take: 'count' } }),
    ] },
    { key: 'goods', label: label('货品'), title: 'name', fields: [field('name', 'text'), field('price', 'money'), field('tax', 'percent')] },
    { key: 'bill', label: label('账单'), title: 'name', lines: [{ object: 'row', via: 'bill', columns: ['goods', 'quantity', 'price', 'discount', 'subtotal'] }], fields: [
      field('name', 'text', { required: true }), field('house', 'reference', { to: 'house' }), field('due_on', 'date'),
      field('total', 'money', { rollup: { object: 'row', via: 'bill', take: 'sum', of: 'subtotal' }, sortable: true }),
      field('received', 'money', { rollup: { object: 'payment', via: 'bill', take: 'sum', of: 'amount', where: { field: 'confirmed', op: 'eq', value: true } } }),
      field('due', 'money', { formula: 'total - received' }),
      field('dearest', 'money', { rollup: { object: 'row', via: 'bill', take: 'max', of: 'price' } }),
      field('last_way', 'text', { rollup: { object: 'payment', via: 'bill', take: 'latest', of: 'way', at: 'paid_on' } }),
      field('days_late', 'integer', { formula: 'if(due > 0 and due_on < today, days(due_on, today), 0)' }),
      field('how', 'select', { dictionary: 'how', formula: "if(due <= 0, 'paid', days_late > 0, 'late', 'open')" }),
    ] },
    { key: 'row', label: label('明细'), title: 'name', hidden: true, part: true, scopeVia: 'bill', fields: [
      field('name', 'text'), field('bill', 'reference', { to: 'bill', required: true }), field('goods', 'reference', { to: 'goods' }),
      field('quantity', 'decimal', { default: '1' }), field('price', 'money', { copy: { via: 'goods', field: 'price' } }), field('discount', 'percent'), field('tax', 'percent', { copy: { via: 'goods', field: 'tax' } }),
      field('subtotal', 'money', { formula: 'round(quantity * price * (1 - ifempty(discount, 0)) * (1 + ifempty(tax, 0)), 2)' }),
    ] },
    { key: 'payment', label: label('付款'), title: 'name', scopeVia: 'bill', ownerVia: 'bill', fields: [
      field('name', 'text'), field('bill', 'reference', { to: 'bill' }), field('amount', 'money'), field('confirmed', 'boolean'), field('paid_on', 'date'), field('way', 'text'),
    ] },
  ],
  role: [
    { key: 'chief', label: label('主管'), rights: ['definitions'], home: 'team', objects: Object.fromEntries(['house', 'goods', 'bill', 'payment'].map((key) => [key, EVERYTHING])) },
    { key: 'clerk', label: label('职员'), rights: [], home: 'tasks', objects: { house: { read: 'own' }, goods: { read: 'all' }, bill: { read: 'own', create: 'own', edit: 'own' }, payment: { read: 'own', create: 'all' } } },
    { key: 'reader', label: label('看客'), rights: [], home: 'tasks', objects: { bill: { read: 'all', fields: { total: { read: 'hidden' } } }, goods: { read: 'all' } } },
  ],
})

export const CLERKS = { chief: 1, ann: 2, bob: 3, reader: 4 } as const
type Clerk = keyof typeof CLERKS | 'kernel'
export interface Ledger extends FreshTenant { as<T>(who: Clerk, work: (ctx: Context) => Promise<T>): Promise<T> }

export async function ledger(solution: Solution = LEDGER): Promise<Ledger> {
  const fresh = await freshTenant({ solution })
  const { db, tenant } = fresh
  await db.mutate(tenant, async (tx) => {
    for (const [name, id] of Object.entries(CLERKS)) await tx.query('insert into {t}.member (id, name, roles, state, created_at) values ($1, $2, $3, $4, $5)', [id, name, [name === 'chief' || name === 'reader' ? name : 'clerk'], 'active', tx.now])
    await bumpEpoch(tx)
  })
  const context = (tx: Context['tx'], who: Clerk) => (who === 'kernel' ? kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }) : memberContext(tx, CLERKS[who], { id: 'req', ip: null, agent: null, lang: 'zh' }))
  return { ...fresh, as: (who, work) => db.mutate(tenant, async (tx) => work(await context(tx, who))) }
}
