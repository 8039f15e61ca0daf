import type { Who, Write } from './history.ts'
import { about, filled, note } from './leads.ts'
import { appointment, atWork, DAY, dayText, HOUR, iso } from './working-time.ts'
import type { Lead, World } from './world.ts'
import { RIVALS } from './words/needs.ts'
import type { Firm, Interest, Person } from './profile.ts'

/** One opportunity and what hangs on it. */
export interface Deal {
  id: string
  owner: string
  person: Person
  firm: Firm
  interest: Interest
  customer: string
  contact: string
  amount: number
  stage: string
  quote: string | null
  contract: string | null
  plans: { id: string; amount: number }[]
}

const STAGES = ['analysis', 'demoed', 'solution', 'quote_approved', 'quoted', 'contract_reviewed', 'signed', 'paid', 'accepted']
const WIN: Readonly<Record<string, number>> = { analysis: 10, demoed: 30, solution: 50, quote_approved: 60, quoted: 70, contract_reviewed: 80, signed: 100, paid: 100, accepted: 100, lost: 0 }
const RESULT: Readonly<Record<string, string>> = { demoed: 'demoed', solution: 'interested', quote_approved: 'interested', quoted: 'quoted', contract_reviewed: 'interested', signed: 'interested', paid: 'interested', accepted: 'interested', lost: 'no_need' }
const isLive = (stage: string): boolean => STAGES.indexOf(stage) >= 0 && STAGES.indexOf(stage) < STAGES.indexOf('signed')

/** A lead becomes customer, contact and opportunity, in one act of its owner. */
export function convert(world: World, lead: Lead, at: number): void {
  const { random } = world
  const owner = lead.owner!
  const [low, high] = lead.budget ?? [200_000, 400_000]
  const deal: Deal = {
    id: world.id(at), customer: world.id(at), contact: world.id(at), owner, person: lead.person, firm: lead.firm, interest: lead.interest,
    amount: Math.round(random.between(low, high) / 10_000) * 10_000, stage: 'demoed', quote: null, contract: null, plans: [],
  }
  world.deals.push(deal)
  lead.status = 'converted'
  const who: Who = { member: owner }
  world.chronicle.note({ at, who, subject: lead.id, ip: world.ip(who)!, writes: [
    ...party(world, deal, lead.source.channel === 'referral'),
    { op: 'create', object: 'opportunity', id: deal.id, owner, values: {
      name: `${lead.firm.short}${world.word('need_type', lead.interest.need)}项目`, customer: deal.customer, contact: deal.contact, lead: lead.id, amount: String(deal.amount), close_on: dayText(at + random.int(25, 75) * DAY),
      purchase_on: dayText(at + random.int(20, 60) * DAY), stage: deal.stage, win_rate: String(WIN[deal.stage]), commission: String(Math.round(deal.amount * 0.03)), evidence: 'weak', ...(random.chance(0.5) && { competitor: random.pick(RIVALS) }),
    } },
    { op: 'update', ...about(lead), values: { status: 'converted', customer: deal.customer, contact: deal.contact, opportunity: deal.id } },
  ] })
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
  const { owner, customer, amount } = deal
  if (deal.stage === 'quote_approved') {
    deal.quote = world.id(at)
    return [
      { op: 'create', object: 'quote', id: deal.quote, owner, values: { opportunity: deal.id, customer, ver: random.int(1, 2), valid_until: dayText(at + 30 * DAY), approval: 'approved' } },
      ...quoteLines(world, deal, at),
    ]
  }
  if (deal.stage === 'quoted') return [{ op: 'update', object: 'quote', id: deal.quote!, values: { sent_at: iso(at + HOUR) } }]
  if (deal.stage === 'signed') {
    deal.contract = world.id(at)
    deal.plans = [0.3, 0.6, 0.1].map((share) => ({ id: world.id(at), amount: Math.round(amount * share) }))
    return [...contractWrites(deal, `${deal.firm.short}${world.word('need_type', deal.interest.need)}合同`, at), { op: 'update', object: 'customer', id: customer, values: { lifecycle: 'won', last_deal_on: dayText(at) } }]
  }
  if (deal.stage === 'paid') {
    const [first] = deal.plans
    return [
      { op: 'create', object: 'payment', id: world.id(at), owner, values: { contract: deal.contract!, plan: first!.id, amount: String(first!.amount), paid_on: dayText(at), method: random.pick(['transfer', 'transfer', 'acceptance']), confirmed: true } },
    ]
  }
  return []
}

/** Software, installation and training, at a discount on the first. */
function quoteLines(world: World, { quote, amount, owner, interest }: Deal, at: number): Write[] {
  const rows = [[`${world.word('need_type', interest.need)}软件许可`, 0.7, world.random.pick([0, 3, 5, 8]), 13], ['实施服务', 0.25, 0, 6], ['培训', 0.05, 0, 6]] as const
  return rows.map(([name, share, discount, tax], i): Write => ({ op: 'create', object: 'quote_line', id: world.id(at), owner, values: { quote: quote!, position: i + 1, name, quantity: '1', price: String(Math.round(amount * share)), discount: String(discount), tax: String(tax) } }))
}

export function contractWrites(deal: Deal, name: string, at: number): Write[] {
  const { owner, customer, amount } = deal
  return [
    { op: 'create', object: 'contract', id: deal.contract!, owner, values: filled({ name, quote: deal.quote, opportunity: deal.id || null, customer, amount: String(amount), signed_on: dayText(at), starts_on: dayText(at + 3 * DAY), ends_on: dayText(at + 368 * DAY), terms: '签约付 30%，上线付 60%，验收付 10%', status: 'effective' }) },
    ...deal.plans.map(({ id, amount: part }, i): Write => ({ op: 'create', object: 'payment_plan', id, owner, values: { name: `${deal.firm.short} 第 ${i + 1} 期`, contract: deal.contract!, term: i + 1, due_on: dayText(at + [7, 60, 120][i]! * DAY), amount: String(part) } })),
  ]
}
