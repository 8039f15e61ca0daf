import { priceOf, taxOf } from './base.ts'
import type { Who, Write } from './history.ts'
import { filled } from './basics.ts'
import { atWork, DAY, dayStart, dayText } from './working-time.ts'
import type { World } from './world.ts'

/** One instalment of a contract. */
export interface Due { contract: string; opportunity: string | null; plan: string; name: string; owner: string; term: number; amount: number; at: number; paid: boolean; /** Nobody paid, and nobody asked. */ forgotten: boolean }

const SHARES = [0.3, 0.6, 0.1]

/** One row of a quote or a contract. */
export interface Item { code: string; quantity: number; off: number; position: number }
export const cents = (amount: number): number => Math.round(amount * 100) / 100
const before = ({ code, quantity, off }: Item): number => cents((priceOf(code) * quantity * (100 - off)) / 100)
/** What rows come to: before tax, and with it as the formulas of the rows reckon it. */
export const worth = (items: readonly Item[]): { net: number; gross: number } => ({ net: cents(items.reduce((sum, item) => sum + before(item), 0)), gross: cents(items.reduce((sum, item) => sum + before(item) + cents((before(item) * taxOf(item.code)) / 100), 0)) })
/** Rows of a quote or of the contract that was made of it. */
export const rowsFor = (world: World, whole: { object: 'quote' | 'contract'; id: string; owner: string; at: number }, items: readonly Item[]): Write[] =>
  items.map(({ code, quantity, off, position }): Write => ({ op: 'create', object: `${whole.object}_line`, id: world.id(whole.at), owner: whole.owner, values: { [whole.object]: whole.id, position, product: world.known.get(`product:${code}`), quantity: String(quantity), discount: String(off) } }))

export interface Terms { owner: string; customer: string; name: string; about: string; amount: number; signed: number; at: number; dueAfter: readonly number[]; quote?: string | null; opportunity?: string | null; id?: string; items?: readonly Item[] }

/** A contract with its plan of payments, which the world then remembers. */
export function drawUp(world: World, { owner, customer, name, about, amount, signed, at, dueAfter, quote = null, opportunity = null, id, items = [] }: Terms): Write[] {
  const contract = id ?? world.id(at)
  const [first, second] = [Math.round(amount * SHARES[0]!), Math.round(amount * SHARES[1]!)]
  const parts = [first, second, cents(amount - first - second)]
  const dues = parts.map((part, i): Due => ({ contract, opportunity, plan: world.id(at), name, owner, term: i + 1, amount: part, at: signed + dueAfter[i]! * DAY, paid: false, forgotten: false }))
  world.dues.push(...dues)
  return [
    { op: 'create', object: 'contract', id: contract, owner, values: filled({ name: `${name}${about}合同`, quote, opportunity, customer, amount: String(amount), signed_on: dayText(signed), starts_on: dayText(signed + 3 * DAY), ends_on: dayText(signed + 368 * DAY), terms: '签约付 30%，上线付 60%，验收付 10%', status: 'effective' }) },
    ...rowsFor(world, { object: 'contract', id: contract, owner, at }, items),
    ...(quote === null ? [] : [{ op: 'update' as const, object: 'quote', id: quote, values: { contract, locked: true } }]),
    ...dues.map(({ plan, term, amount: part, at: due }): Write => ({ op: 'create', object: 'payment_plan', id: plan, owner, values: { name: `${name} 第 ${term} 期`, contract, term, due_on: dayText(due), amount: String(part) } })),
    { op: 'create', object: 'invoice', id: world.id(at), owner, values: { contract, kind: 'special', title: name, tax_no: taxNo(world), bank: '工商银行（演示）', amount: String(parts[0]), ...(world.random.chance(0.75) ? { status: 'issued', number: String(world.random.int(10_000_000, 99_999_999)) } : { status: 'applied' }) } },
  ]
}

/** Not a number that anybody has: the region part says demonstration. */
const taxNo = ({ random }: World): string => `91000000DEMO${random.hex(6).toUpperCase()}`

/** Money arrives and finance writes it down, whole or in two parts. */
export function pay(world: World, due: Due, { at, on = at, parts = 1 }: { at: number; on?: number; parts?: number }): void {
  due.paid = true
  const who: Who = { member: 'caiwen' }
  const first = parts === 1 ? due.amount : Math.round(due.amount * 0.5)
  const amounts = parts === 1 ? [first] : [first, cents(due.amount - first)]
  world.paid += amounts.length
  world.chronicle.note({ at, who, subject: due.contract, ip: world.ip(who)!, writes: amounts.map((amount, i): Write => ({ op: 'create', object: 'payment', id: world.id(at), owner: due.owner, values: { contract: due.contract, plan: due.plan, amount: String(amount), paid_on: dayText(on + i * DAY), method: world.random.pick(['transfer', 'transfer', 'transfer', 'acceptance']), confirmed: true } })) })
}

/** How many payments there are in all. */
const PAYMENTS = 40

/** Whatever has fallen due was paid about then, some of it in two parts; what is forgotten was told to whom it concerns. */
export function settle(world: World): void {
  const open = world.dues.filter((due) => !due.paid && !due.forgotten && due.at < world.now)
  const split = PAYMENTS - world.paid - open.length
  open.forEach((due, i) => pay(world, due, { at: Math.min(atWork(due.at - world.random.between(1, 3) * DAY, world.random), world.now - DAY / 24), parts: i < split ? 2 : 1 }))
  for (const due of world.dues.filter(({ forgotten }) => forgotten)) remind(world, due)
}

/** R22: a day after an instalment was due. */
function remind(world: World, { plan, name, term, owner, at }: Due): void {
  const when = dayStart(at) + DAY
  if (when >= world.now) return
  world.chronicle.note({ at: when, who: { rule: 'r22_overdue' }, subject: plan, writes: [], notices: [owner, world.supervisorOf(owner), 'caiwen'].map((to) => ({ to, kind: 'escalation', title: `回款逾期：${name} 第 ${term} 期`, body: null, object: 'payment_plan', record: plan, rule: 'r22_overdue' })) })
}
