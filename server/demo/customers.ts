import { drawUp, pay } from './contracts.ts'
import type { Who, Write } from './history.ts'
import { filled } from './basics.ts'
import type { Firm, Person } from './profile.ts'
import { DAY, dayText, HOUR } from './working-time.ts'
import type { World } from './world.ts'

/** Somebody we know by name. */
export interface Party { customer: string; contact: string; owner: string; firm: Firm; person: Person; since: number; phone: string }

/** Days ago that the oldest contracts were signed: three of them left one instalment unpaid, 33, 5 and 16 days ago. */
const SIGNED = [93, 125, 136, 152, 178, 205, 240, 290, 325] as const
const UNPAID: Readonly<Record<number, number>> = { 0: 2, 1: 3, 2: 3 }

/** Customers from the years before, brought in from the old tables. */
export function oldCustomers(world: World, count: number): void {
  const { random } = world
  const at = world.from - DAY + HOUR
  const who: Who = { member: 'zhoumin' }
  for (let i = 0; i < count; i++) {
    const party = known(world, at)
    const bought = i < SIGNED.length
    const amount = bought ? random.int(18, 160) * 10_000 : null
    const signed = bought ? world.now - SIGNED[i]! * DAY : at - random.int(60, 330) * DAY
    world.chronicle.note({ at, who, subject: 'old customers', imported: true, ip: world.ip(who)!, reason: '历史客户导入', writes: [
      { op: 'create', object: 'customer', id: party.customer, owner: party.owner, ...(amount !== null && amount > 500_000 && { tags: ['敏感客户'] }), values: { ...company(party), segment: random.pick(['sme', 'private_large', 'foreign', 'soe', 'dealer']), level: random.pick(['a', 'b', 'c', 'd']), health: random.int(45, 96), annual_purchase: String(amount ?? random.int(0, 12) * 10_000), ...(bought ? { lifecycle: random.pick(['won', 'repeat']), last_deal_on: dayText(signed), renew_on: dayText(signed + 365 * DAY) } : { lifecycle: random.pick(['potential', 'intent', 'won', 'churned']) }) } },
      person(world, party),
      ...(amount === null ? [] : purchase(world, party, { amount, signed, at })),
      ...(random.chance(0.75) ? [colleague(world, party, at)] : []),
    ] })
    if (amount !== null) payOld(world, i, at)
  }
}

export function known(world: World, at: number): Party {
  const firm = world.population.firm()
  const someone = world.population.person(firm)
  const owner = world.desk.assign('', { skill: firm.industry, region: firm.city, at }, null).owner ?? world.random.pick(world.sales)
  const party = { customer: world.id(at), contact: world.id(at), owner, firm, person: someone, since: at, phone: someone.phone }
  world.parties.push(party)
  return party
}

export const company = ({ firm, phone, contact }: Party): Record<string, unknown> => ({ kind: 'company', name: firm.name, short_name: firm.short, industry: firm.industry, phone, region: firm.city, primary_contact: contact })

export const person = ({ random }: World, { contact, customer, owner, person: { name, title, role, phone, email } }: Party): Write =>
  ({ op: 'create', object: 'contact', id: contact, owner, values: filled({ name, customer, title, decision_role: role, phone, email, warmth: random.pick(['hot', 'warm', 'cold']) }) })

/** A further person of the same company. */
export function colleague(world: World, party: Party, at: number): Write {
  return person(world, { ...party, contact: world.id(at), person: world.population.person(party.firm) })
}

function purchase(world: World, { customer, owner, firm }: Party, { amount, signed, at }: { amount: number; signed: number; at: number }): Write[] {
  const contract = drawUp(world, { owner, customer, name: firm.short, about: world.word('need_type', 'mes'), amount, signed, at, dueAfter: [7, 60, 120] })
  return [...contract, { op: 'create', object: 'order', id: world.id(at), owner, values: { customer, contract: world.dues.at(-1)!.contract, amount: String(amount), ordered_on: dayText(signed + 5 * DAY), ...(signed < at - 90 * DAY ? { signed_on: dayText(signed + 90 * DAY), status: 'signed' } : { status: 'shipped' }), device_sn: `YQ-${world.random.hex(8).toUpperCase()}` } }]
}

/** What was due before these days came with the import; later instalments came when they were due, but for three. */
function payOld(world: World, place: number, at: number): void {
  const { contract } = world.dues.at(-1)!
  for (const due of world.dues.filter((each) => each.contract === contract)) {
    if (UNPAID[place] === due.term) due.forgotten = true
    else if (due.at < at) pay(world, due, { at, on: due.at - 2 * DAY, parts: due.term === 1 ? 1 : 2 })
  }
}

/** The same company, written down seven times by people who did not look: to be found and merged. */
export function copies(world: World): void {
  const original = world.parties[12]
  if (!original) return
  const { firm: { name, short, industry, city }, phone } = original
  const bare = name.replace(/(股份|集团)?有限公司$/, '')
  const names = [name, bare, `${short}（${bare}）`, name.replace('有限公司', '有限责任公司'), `${name} `.trim(), `${short}公司`, `${bare}（老客户）`]
  names.forEach((each, i) => {
    const owner = world.random.pick(world.sales)
    const at = Math.floor(world.from + (8 + i * 11) * DAY + world.random.between(10, 17) * HOUR)
    const who: Who = { member: owner }
    if (at > world.now) return
    world.chronicle.note({ at, who, subject: `copy ${i}`, ip: world.ip(who)!, writes: [{ op: 'create', object: 'customer', id: world.id(at), owner, values: filled({ kind: 'company', name: each, short_name: i % 2 ? null : short, industry: i % 3 ? industry : null, region: city, phone: i < 5 ? phone : world.population.phone(), lifecycle: 'potential' }) }] })
  })
}
