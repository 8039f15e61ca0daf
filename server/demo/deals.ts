import { priceOf } from './base.ts'
import { drawUp, pay, rowsFor, worth, type Item } from './contracts.ts'
import { colleague } from './customers.ts'
import type { Who, Write } from './history.ts'
import { about, filled } from './basics.ts'
import { note } from './follow-ups.ts'
import { appointment, atWork, DAY, dayText, HOUR, iso } from './working-time.ts'
import type { Lead, World } from './world.ts'
import { RIVALS } from './words/needs.ts'
import type { Firm, Interest, Person } from './profile.ts'

/** One opportunity and what hangs on it. */
export interface Deal {
  id: string
  since: number
  owner: string
  person: Person
  firm: Firm
  interest: Interest
  customer: string
  contact: string
  amount: number
  /** When they said they would buy. */
  purchase: number
  stage: string
  quote: string | null
  items: readonly Item[]
  contract: string | null
}

const STAGES = ['analysis', 'demoed', 'sampled', 'solution', 'quote_approved', 'quoted', 'contract_reviewed', 'signed', 'paid', 'accepted']
const WIN: Readonly<Record<string, number>> = { analysis: 10, demoed: 30, sampled: 40, solution: 50, quote_approved: 60, quoted: 70, contract_reviewed: 80, signed: 100, paid: 100, accepted: 100, lost: 0 }
const RESULT: Readonly<Record<string, string>> = { demoed: 'demoed', sampled: 'sampled', solution: 'interested', quote_approved: 'interested', quoted: 'quoted', contract_reviewed: 'interested', signed: 'interested', paid: 'interested', accepted: 'interested', lost: 'no_need' }
export const isLive = (stage: string): boolean => STAGES.indexOf(stage) >= 0 && STAGES.indexOf(stage) < STAGES.indexOf('signed')

/** A lead becomes customer, contact and opportunity, in one act of its owner. */
export function convert(world: World, lead: Lead, at: number): void {
  const { random } = world
  const owner = lead.owner!
  const [low, high] = lead.budget ?? [200_000, 400_000]
  const deal: Deal = {
    id: world.id(at), since: at, customer: world.id(at), contact: world.id(at), owner, person: lead.person, firm: lead.firm, interest: lead.interest,
    amount: Math.round(random.between(low, high) / 10_000) * 10_000, purchase: at + random.int(20, 60) * DAY, stage: random.chance(0.3) ? 'analysis' : 'demoed', quote: null, items: [], contract: null,
  }
  world.deals.push(deal)
  lead.status = 'converted'
  const who: Who = { member: owner }
  world.chronicle.note({ at, who, subject: lead.id, ip: world.ip(who)!, writes: [
    ...party(world, deal, lead.source.channel === 'referral'),
    ...(random.chance(0.4) ? [colleague(world, { ...deal, phone: lead.person.phone }, at)] : []),
    { op: 'create', object: 'opportunity', id: deal.id, owner, values: {
      name: `${lead.firm.short}${world.word('need_type', lead.interest.need)}项目`, customer: deal.customer, contact: deal.contact, lead: lead.id, amount: String(deal.amount), close_on: dayText(at + random.int(25, 75) * DAY),
      purchase_on: dayText(deal.purchase), stage: deal.stage, win_rate: String(WIN[deal.stage]), commission: String(Math.round(deal.amount * 0.03)), evidence: 'weak', ...(random.chance(0.5) && { competitor: random.pick(RIVALS) }),
    } },
    { op: 'update', ...about(lead), values: { status: 'converted', customer: deal.customer, contact: deal.contact, opportunity: deal.id, locked: true } },
  ] })
  world.parties.push({ ...deal, phone: lead.person.phone })
  advanceLater(world, deal, at)
}

function party(world: World, { customer, contact, owner, firm, person }: Deal, referred: boolean): Write[] {
  const { random } = world
  return [
    { op: 'create', object: 'customer', id: customer, owner, values: filled({ kind: 'company', name: firm.name, short_name: firm.short, industry: firm.industry, segment: random.weighted([['sme', 60], ['private_large', 20], ['foreign', 10], ['soe', 10]]), level: random.weighted([['a', 1], ['b', 3], ['c', 4]]), phone: person.phone, region: firm.city, lifecycle: 'intent', has_competitor: random.chance(0.3), primary_contact: contact }) },
    { op: 'create', object: 'contact', id: contact, owner, values: filled({ name: person.name, customer, title: person.title, decision_role: person.role, phone: person.phone, email: person.email, warmth: referred ? 'hot' : random.pick(['warm', 'hot', 'cold']) }) },
  ]
}

function advanceLater(world: World, deal: Deal, at: number): void {
  const when = atWork(at + world.random.between(3, 10) * DAY, world.random)
  world.agenda.at(when, () => advance(world, deal, when))
}

function advance(world: World, deal: Deal, at: number): void {
  const { random } = world
  const lost = isLive(deal.stage) && random.chance(0.09)
  const stuck = random.chance(0.14)
  if (stuck && !lost) return advanceLater(world, deal, at)
  const before = deal.stage
  deal.stage = lost ? 'lost' : (STAGES[STAGES.indexOf(deal.stage) + 1] ?? 'accepted')
  if (before === deal.stage) return
  const who: Who = { member: deal.owner }
  const writes: Write[] = [
    { op: 'create', object: 'activity', id: world.id(at), owner: deal.owner, values: { subject: { object: 'opportunity', id: deal.id }, method: random.pick(['phone', 'wechat', 'visit']), result: RESULT[deal.stage]!, next_at: iso(appointment(at, random.int(2, 6), random)), resource: deal.stage === 'solution' ? 'presales' : deal.stage === 'contract_reviewed' ? 'legal' : 'none', note: note(world, deal, RESULT[deal.stage]!) } },
    { op: 'update', object: 'opportunity', id: deal.id, values: { stage: deal.stage, win_rate: String(WIN[deal.stage]), evidence: deal.stage === 'solution' || deal.stage === 'signed' ? 'strong' : 'weak', ...(lost && { lost_reason: random.pick(['price', 'function', 'competitor', 'budget_cut', 'timing']) }), ...(deal.stage === 'signed' && { won_amount: String(deal.amount) }) } },
    ...papers(world, deal, at),
  ]
  world.chronicle.note({ at, who, subject: deal.id, ip: world.ip(who)!, writes })
  if (isLive(before) && !isLive(deal.stage)) world.desk.count(deal.owner, -1)
  if (deal.stage !== 'lost' && deal.stage !== 'accepted') advanceLater(world, deal, at)
}

/** What the stage leaves behind: quote, contract with its plan, payment. */
function papers(world: World, deal: Deal, at: number): Write[] {
  const { random } = world
  const { owner, customer } = deal
  if (deal.stage === 'quote_approved') {
    deal.quote = world.id(at)
    deal.items = itemsOf(world, deal.amount)
    deal.amount = worth(deal.items).net
    return [
      { op: 'create', object: 'quote', id: deal.quote, owner, values: { opportunity: deal.id, customer, ver: random.int(1, 2), valid_until: dayText(at + 30 * DAY), approval: 'approved' } },
      ...rowsFor(world, { object: 'quote', id: deal.quote, owner, at }, deal.items),
      { op: 'update', object: 'opportunity', id: deal.id, values: { amount: String(deal.amount), quote: deal.quote } },
    ]
  }
  if (deal.stage === 'quoted') return [{ op: 'update', object: 'quote', id: deal.quote!, values: { sent_at: iso(at + HOUR) } }]
  if (deal.stage === 'signed') {
    deal.contract = world.id(at)
    return [...drawUp(world, { owner, customer, name: deal.firm.short, about: world.word('need_type', deal.interest.need), amount: worth(deal.items).gross, signed: at, at, dueAfter: [30, 60, 120], quote: deal.quote, opportunity: deal.id, id: deal.contract, items: deal.items }), { op: 'update', object: 'customer', id: customer, values: { lifecycle: 'won', last_deal_on: dayText(at) } }]
  }
  if (deal.stage === 'paid') pay(world, world.dues.find(({ contract, term }) => contract === deal.contract && term === 1)!, { at })
  return []
}

/** Software, modules, delivery and training from the price list, at a discount on the software. */
function itemsOf({ random }: World, amount: number): Item[] {
  const discount = random.pick([0, 3, 5, 8])
  return itemsFor(amount, random).map(([code, quantity], i) => ({ code, quantity, off: code.startsWith('YQ-MES') ? discount : 0, position: i + 1 }))
}

/** About so much: the base, what fits of modules, the rest in days of delivery. */
export function itemsFor(amount: number, random: World['random']): [code: string, quantity: number][] {
  const base = amount >= 500_000 ? 'YQ-MES-P' : 'YQ-MES-B'
  const modules = ['YQ-APS', 'YQ-QMS', 'YQ-WMS'].slice(0, amount >= 800_000 ? 3 : amount >= 400_000 ? 1 : 0)
  const left = Math.max(0, amount - priceOf(base) - modules.reduce((sum, code) => sum + priceOf(code), 0))
  const days = Math.max(8, Math.min(120, Math.round((left * 0.7) / priceOf('YQ-IMP'))))
  return [[base, 1], ...modules.map((code): [string, number] => [code, 1]), ['YQ-TM10', random.int(2, 12)], ['YQ-IMP', days], ['YQ-TRN', random.int(2, 6)]]
}
