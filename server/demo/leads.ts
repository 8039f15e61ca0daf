import { provinceOf } from '#language/values'
import { about, filled, own, rule } from './basics.ts'
import { countdown, planFirst, planNext } from './follow-ups.ts'
import { graded } from './grade.ts'
import type { Act, Who } from './history.ts'
import { sourceOf } from './sources.ts'
import { behaviour, browsed, comeBack, responded } from './visits.ts'
import { atWork, DAY, HOUR, iso, isWorkday, MINUTE } from './working-time.ts'
import type { Lead, World } from './world.ts'

const text = (amount: number | undefined): string | null => (amount === undefined ? null : String(amount))

/** When leads come: more by and by, few at night and on weekends. */
export function arrivals(world: World): number[] {
  const { random } = world
  const days = Math.ceil((world.now - world.from) / DAY)
  const weights = Array.from({ length: days }, (_, i) => [world.from + i * DAY, (isWorkday(world.from + i * DAY) ? 1 : 0.3) * (0.8 + (0.4 * i) / days)] as const)
  const times: number[] = []
  while (times.length < world.leadCount) {
    const hour = random.weighted([[random.between(8.5, 12), 42], [random.between(12, 14), 14], [random.between(14, 18.5), 38], [random.between(18.5, 23.5), 14], [random.between(0, 8.5), 3]])
    const at = random.weighted(weights) + hour * HOUR
    if (at < world.now - 3 * MINUTE) times.push(Math.floor(at))
  }
  return times.sort((a, b) => a - b)
}

/** Of a smaller past more stay open, so that everybody has a day's work. */
const fatesOf = ({ leadCount }: World) => [['invalid', 57], ['pool', 37.6], ['long', Math.max(5.4, 12_000 / leadCount)]] as const
/** How many become customers in these days, however many leads there are. */
const CONVERTED = 82
const INVALID: readonly (readonly [reason: string, results: readonly string[], weight: number])[] = [
  ['unreachable', ['no_answer', 'no_answer', 'no_answer'], 20], ['wrong_number', ['wrong_number'], 14], ['no_need', ['no_need'], 16], ['no_need', ['follow_later', 'no_need'], 12], ['no_budget', ['interested', 'no_need'], 10], ['not_target', ['no_need'], 8], ['competitor', ['refused'], 6], ['job_seeker', ['refused'], 6], ['duplicate', ['refused'], 3],
]

function planOf(world: World, fate: Lead['fate']): { plan: string[]; reason: string } {
  const { random } = world
  const many = (from: number, to: number) => Array.from({ length: random.int(from, to) }, () => random.weighted([['follow_later', 5], ['interested', 3], ['no_answer', 2]]))
  switch (fate) {
    case 'invalid': { const [reason, results] = random.weighted(INVALID.map(([r, list, weight]) => [[r, list] as const, weight] as const)); return { plan: [...results], reason } }
    case 'pool': return { plan: [...many(0, 2), random.pick(['no_answer', 'no_need', 'follow_later'])], reason: random.pick(['连续未接通，退回公海', '近期无预算，退回公海', '跟进三次无进展，退回公海', '客户暂缓，退回公海']) }
    case 'converted': return { plan: ['interested', ...many(0, 1), 'interested', 'demo_booked', 'demoed'], reason: '' }
    case 'long': return { plan: ['interested', ...many(2, 5), 'interested', ...many(1, 2), ...(random.chance(0.5) ? ['demo_booked'] : []), ...many(1, 2), 'no_need'], reason: '' }
  }
}

/** A lead comes in, and what the rules do with it at once. */
export function arrive(world: World, at: number): void {
  const { random } = world
  const source = sourceOf(random)
  const firm = world.population.firm()
  const interest = world.population.interest(firm)
  const fate = random.chance(((interest.budget && interest.budget[0] >= 500_000 ? 2.5 : 0.5) * CONVERTED) / world.leadCount) ? 'converted' : random.weighted(fatesOf(world))
  const lead: Lead = {
    id: world.id(at), at, person: world.population.person(firm), firm, interest, source, fate, ...planOf(world, fate), status: 'unassigned', owner: null, tags: new Set(), grade: null,
    budget: interest.budget, budgetSince: at, seen: [], visitor: `v-${random.hex(12)}`, task: null, touched: false, lastAt: null, nextAt: null, agreed: null, turn: 0,
  }
  if (fate === 'long') lead.reason = random.pick(['预算取消，退回公海', '项目推迟到明年，退回公海'])
  world.leads.push(lead)
  // Whoever has the region and the trade is the one people know.
  if (source.form === null) writeDown(world, lead, world.desk.assign(lead.id, { skill: firm.industry, region: firm.city, at: lead.at }, null).owner ?? random.pick(world.sales))
  else submit(world, lead)
}

function submit(world: World, lead: Lead): void {
  const { random } = world
  const who: Who = { form: lead.source.form! }
  const ip = world.ip(who)!
  const values = said(world, lead)
  file(world, lead, values)
  world.chronicle.note({ at: lead.at, who, subject: lead.id, ip, writes: [{ op: 'create', ...about(lead), values: { ...values, consent: true, consent_at: iso(lead.at) } }] })
  const before = browsed(world, lead)
  if (before.length > 0) {
    world.chronicle.note({ at: lead.at, who, subject: lead.id, ip, writes: before.map((seen) => behaviour(world, lead, seen, lead.at)) })
    lead.seen.push(...before)
  }
  received(world, lead, (values['region'] ?? values['ip_region'] ?? null) as string | null)
  if (before.length > 0) responded(world, lead, before.at(-1)!.at, lead.at)
  if (lead.source.browses && random.chance(0.3)) for (let i = random.int(1, 3), at = lead.at; i > 0; i--) { at += random.between(0.2, 3) * DAY; const when = Math.floor(at); world.agenda.at(when, () => comeBack(world, lead, when)) }
}

const file = (world: World, lead: Lead, values: Record<string, unknown>): void => world.desk.file(lead.id, lead.at, ['phone', 'company', 'core_need'].every((field) => values[field] !== undefined))

/** R1 of the solution, act by act. */
function received(world: World, lead: Lead, region: string | null): void {
  const { at } = lead
  const low = lead.budget?.[0] ?? 0
  const act = (key: string, writes: Act['writes'], more: Partial<Act> = {}) => world.chronicle.note({ at, who: rule(key), subject: lead.id, writes, ...more })
  const tag = (key: string, name: string) => { lead.tags.add(name); act(key, [{ op: 'update', ...about(lead), addTags: [name] }]) }
  if (low >= 500_000 && lead.source.form === 'pricing') tag('r1_tag', '高意向-价格敏感')
  if (low >= 1_000_000 && lead.interest.need === 'mes' && lead.firm.industry.startsWith('auto')) tag('r1_red', '红标预警')
  graded(world, lead, at, 'r1_grade')
  const { owner, ...decision } = world.desk.assign(lead.id, { skill: lead.firm.industry, region, at }, null)
  if (owner === null) return waitForHand(world, lead, act('r1_assign', [], { decision }))
  own(world, lead, owner)
  const task = countdown(world, lead, at, `3 日内首次触达：${lead.person.name}`, at + 72 * HOUR)
  act('r1_assign', [{ op: 'update', ...about(lead), owner, values: { status: 'waiting' } }, task], { decision, notices: [{ to: owner, kind: 'new_lead', title: `新线索：${lead.person.name} ${lead.firm.name}`, body: world.facts(lead), ...about(lead), record: lead.id, rule: 'r1_assign' }] })
  lead.status = 'waiting'
  if (lead.tags.has('红标预警')) act('r1_alert', [], { notices: [owner, world.supervisorOf(owner)].map((to) => ({ to, kind: 'red_alert', title: `红标预警：${lead.person.name} ${lead.firm.name}`, body: world.facts(lead), ...about(lead), record: lead.id, rule: 'r1_alert' })) })
  planFirst(world, lead)
}

/** Nobody could take it: the director gives it to somebody by hand. */
function waitForHand(world: World, lead: Lead, { at }: Act): void {
  const when = atWork(at + world.random.between(1, 8) * HOUR, world.random)
  world.agenda.at(when, () => {
    const owner = world.sales.toSorted((a, b) => world.desk.rate(a) - world.desk.rate(b))[0]!
    const who: Who = { member: 'chenzhiyuan' }
    world.chronicle.note({ at: when, who, subject: lead.id, ip: world.ip(who)!, reason: '手工分配', writes: [{ op: 'update', ...about(lead), owner }] })
    own(world, lead, owner)
    lead.status = 'waiting'
    const task = countdown(world, lead, when, `3 日内跟进：${lead.person.name}（转入）`, when + 72 * HOUR)
    world.chronicle.note({ at: when, who: rule('r3_restart'), subject: lead.id, writes: [{ op: 'update', ...about(lead), values: { status: 'waiting' } }, task],
      notices: [{ to: owner, kind: 'transferred', title: `转给你：${lead.person.name} ${lead.firm.name}`, body: world.facts(lead), object: 'lead', record: lead.id, rule: 'r3_restart' }] })
    planNext(world, lead, atWork(when + world.random.between(0.5, 20) * HOUR, world.random))
  })
}

/** A member writes down who called, or whom somebody named. */
function writeDown(world: World, lead: Lead, member: string): void {
  lead.status = 'waiting'
  const at = (lead.at = Math.min(atWork(lead.at, world.random), world.now - 2 * MINUTE))
  const values = said(world, lead)
  file(world, lead, values)
  own(world, lead, member)
  world.chronicle.note({ at, who: { member }, subject: lead.id, ip: world.ip({ member })!, writes: [{ op: 'create', ...about(lead), owner: member, values: { ...values, status: 'waiting' } }] })
  graded(world, lead, at, 'r1_grade')
  world.chronicle.note({ at, who: rule('r1_assign'), subject: lead.id, writes: [countdown(world, lead, at, `3 日内首次触达：${lead.person.name}`, at + 72 * HOUR)] })
  planFirst(world, lead)
}

function said(world: World, { person, firm, interest, source, budget }: Lead): Record<string, unknown> {
  const { random } = world
  const known = (probability: number, value: unknown) => (random.chance(probability) ? value : null)
  const [utm_source, utm_medium, utm_campaign] = source.utm ?? []
  return filled({
    name: person.name, phone: person.phone, company: known(0.95, firm.name), title: known(0.45, person.title), email: person.email, region: known(0.86, firm.city), industry: firm.industry, need_type: interest.need, core_need: known(0.8, interest.ask),
    budget_min: text(budget?.[0]), budget_max: text(budget?.[1]), channel: source.channel, form_source: source.formName, page_url: source.page, referrer: source.referrer, utm_source, utm_medium, utm_campaign,
    ip_region: source.form === null ? null : random.chance(0.85) ? provinceOf(firm.city) : '440000', campaign: source.campaign && world.known.get(`campaign:${source.campaign}`), tracking_link: source.campaign && world.known.get(`link:${source.campaign}`),
  })
}
