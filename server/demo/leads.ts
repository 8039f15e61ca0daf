import { provinceOf } from '#language/values'
import type { Act, Who } from './history.ts'
import { convert } from './deals.ts'
import { graded } from './grade.ts'
import { MATERIALS, PAGES, PRICING, sourceOf, WHITEPAPER } from './sources.ts'
import { appointment, atWork, DAY, HOUR, iso, isWorkday, MINUTE } from './working-time.ts'
import { isOpen, type Lead, type Seen, type World } from './world.ts'
import { DAYS, NOTES, RESULT_METHODS } from './words/notes.ts'
import { RIVALS } from './words/needs.ts'

const rule = (key: string): Who => ({ rule: key })
const text = (amount: number | undefined): string | null => (amount === undefined ? null : String(amount))
export const about = (lead: Lead) => ({ object: 'lead', id: lead.id })

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
  if (source.form === null) writeDown(world, lead, world.desk.assign(lead.id, { skill: firm.industry, region: firm.city }, null).owner ?? random.pick(world.sales))
  else submit(world, lead)
}

function submit(world: World, lead: Lead): void {
  const { random } = world
  const who: Who = { form: lead.source.form! }
  const ip = world.ip(who)!
  const values = said(world, lead)
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

/** R1 of the solution, act by act. */
function received(world: World, lead: Lead, region: string | null): void {
  const { at } = lead
  const low = lead.budget?.[0] ?? 0
  const act = (key: string, writes: Act['writes'], more: Partial<Act> = {}) => world.chronicle.note({ at, who: rule(key), subject: lead.id, writes, ...more })
  const tag = (key: string, name: string) => { lead.tags.add(name); act(key, [{ op: 'update', ...about(lead), addTags: [name] }]) }
  if (low >= 500_000 && lead.source.form === 'pricing') tag('r1_tag', '高意向-价格敏感')
  if (low >= 1_000_000 && lead.interest.need === 'mes' && lead.firm.industry.startsWith('auto')) tag('r1_red', '红标预警')
  graded(world, lead, at, 'r1_grade')
  const { owner, ...decision } = world.desk.assign(lead.id, { skill: lead.firm.industry, region }, null)
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
  own(world, lead, member)
  lead.status = 'waiting'
  const at = (lead.at = Math.min(atWork(lead.at, world.random), world.now - 2 * MINUTE))
  world.chronicle.note({ at, who: { member }, subject: lead.id, ip: world.ip({ member })!, writes: [{ op: 'create', ...about(lead), owner: member, values: { ...said(world, lead), status: 'waiting' } }] })
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
    ip_region: source.form === null ? null : random.chance(0.85) ? provinceOf(firm.city) : '440000', campaign: source.campaign && world.known.get(`campaign:${source.campaign}`),
  })
}
export const filled = (values: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))

export function own(world: World, lead: Lead, owner: string | null): void {
  world.desk.count(lead.owner, -1)
  world.desk.count(owner, +1)
  lead.owner = owner
}

export function countdown(world: World, lead: Lead, at: number, title: string, due: number) {
  const kept: Record<string, unknown> = { title, subject: about(lead), kind: 'countdown', due_at: iso(due), status: 'open', priority: 'high' }
  const task = { id: world.id(at), due, kept, escalated: false }
  lead.task = task
  world.agenda.at(due, () => { if (lead.task === task && task.due === due && isOpen(lead)) escalate(world, lead, due) })
  return { op: 'create' as const, object: 'task', id: task.id, values: kept, owner: lead.owner }
}

// ── what people do on the site ───────────────────────────────────────────────────────────────────────────────────

function browsed(world: World, { at, source, firm }: Lead): Seen[] {
  const { random } = world
  if (!source.browses) return source.form === null || random.chance(0.5) ? [] : [{ at: at - random.int(20, 200) * 1000, kind: 'open_link', page: source.page, material: null, seconds: null }]
  const start = at - random.int(3, 25) * MINUTE
  const seen: Seen[] = [{ at: start, kind: 'view', page: source.page, material: null, seconds: null }]
  if (random.chance(0.45)) seen.push({ at: start + random.int(20, 150) * 1000, kind: 'view', page: pageFor(world, firm.industry), material: null, seconds: null })
  if (random.chance(0.5)) seen.push({ at: at - random.int(5, 40) * 1000, kind: 'dwell', page: source.page, material: null, seconds: random.int(25, 420) })
  if (random.chance(0.14)) seen.push({ at: at - random.int(2, 9) * 1000, kind: 'download', page: source.page, material: random.chance(0.7) ? WHITEPAPER : random.pick(MATERIALS), seconds: null })
  return seen.sort((a, b) => a.at - b.at)
}

const pageFor = ({ random }: World, industry: string): string =>
  random.chance(0.4) ? PRICING : industry.startsWith('auto') ? PAGES[3]! : industry.startsWith('medical') ? PAGES[5]! : random.pick(PAGES)

function comeBack(world: World, lead: Lead, at: number): void {
  // The last three days are written at the end, when it is known who is due today.
  if (!isOpen(lead) || at > world.now - 72 * HOUR) return
  const { random } = world
  see(world, lead, at, random.weighted([[[PRICING, 'view', null], 5], [[pageFor(world, lead.firm.industry), 'view', null], 3], [[PAGES[6]!, 'download', WHITEPAPER], 2]] as const))
  // Who comes back is called soon.
  if (lead.touched && lead.owner !== null) planNext(world, lead, atWork(at + random.between(1, 18) * HOUR, random))
}

/** One behaviour and R2's answer to it. */
export function see(world: World, lead: Lead, at: number, [page, kind, material]: readonly [string | null, string, string | null], seconds: number | null = null): void {
  const seen: Seen = { at, kind, page, material, seconds }
  lead.seen.push(seen)
  const who: Who = { form: lead.source.form ?? 'pricing' }
  world.chronicle.note({ at, who, subject: lead.id, ip: world.ip(who)!, writes: [behaviour(world, lead, seen, at)] })
  responded(world, lead, at, at)
}

function responded(world: World, lead: Lead, seenAt: number, at: number): void {
  const sooner = Math.min(lead.nextAt ?? Number.POSITIVE_INFINITY, at + DAY)
  const values = { last_behaviour_at: iso(seenAt), ...(sooner !== lead.nextAt && { next_contact_at: iso(sooner) }) }
  lead.nextAt = sooner
  world.chronicle.note({ at, who: rule('r2_behaviour'), subject: lead.id, writes: [{ op: 'update', ...about(lead), values }] })
}

const behaviour = (world: World, lead: Lead, { at, kind, page, material, seconds }: Seen, noted: number) =>
  ({ op: 'create' as const, object: 'behaviour', id: world.id(noted), values: filled({ subject: about(lead), visitor: lead.visitor, kind, page, material, seconds, occurred_at: iso(at) }) })


// ── following up ─────────────────────────────────────────────────────────────────────────────────────────────────

function planFirst(world: World, lead: Lead): void {
  const { random } = world
  const delay = random.weighted([[random.between(0.1, 2.5), 58], [random.between(2.5, 18), 27], [random.between(18, 45), 11], [random.between(45, 80), 4]]) * HOUR
  planNext(world, lead, atWork(lead.at + delay, random))
}

export function planNext(world: World, lead: Lead, at: number): void {
  const turn = ++lead.turn
  world.agenda.at(at, () => { if (turn === lead.turn && isOpen(lead) && lead.owner !== null && mayFollow(world, lead, at)) followUp(world, lead, at) })
}

/** Today's work is mostly still to be done. */
function mayFollow(world: World, lead: Lead, at: number): boolean {
  if (at < world.today) return true
  return at < world.now - 20 * MINUTE && world.random.chance(lead.touched ? 0.25 : 0.55)
}

const ENDED: Readonly<Record<string, string>> = { invalid: 'invalid', pool: 'pool', long: 'pool' }
const REACHED = (result: string): boolean => result !== 'no_answer' && result !== 'wrong_number'

export function followUp(world: World, lead: Lead, at: number): void {
  const { random } = world
  const member = lead.owner!
  const result = lead.plan.shift() ?? 'follow_later'
  const last = lead.plan.length === 0
  const next = appointment(at, result === 'no_answer' ? random.int(1, 2) : random.int(2, 5), random)
  const activity: Record<string, unknown> = filled({
    subject: about(lead), method: random.weighted(RESULT_METHODS[result]!), result, next_at: iso(next), note: random.chance(0.86) ? note(world, lead, result) : null,
    resource: result === 'demo_booked' ? 'presales' : result === 'demoed' ? random.pick(['none', 'price']) : random.chance(0.06) ? random.pick(['presales', 'expert', 'price']) : 'none',
  })
  const change = last ? ending(world, lead) : progress(world, lead, { result, at })
  const open = lead.task
  const late = lead.tags.delete('已超时')
  const ended = last && !OPEN_AFTER.has(lead.status)
  world.chronicle.note({ at, who: { member }, subject: lead.id, ip: world.ip({ member })!, ...(change.reason !== undefined && { reason: change.reason }), writes: [
    { op: 'create', object: 'activity', id: world.id(at), values: activity, owner: member },
    ...(change.values ? [{ op: 'update' as const, ...about(lead), values: change.values, ...(change.owner === null && { owner: null }) }] : []),
  ] })
  lead.touched = true
  lead.lastAt = at
  lead.nextAt = next
  const reached = REACHED(result) && ['unassigned', 'waiting'].includes(lead.status)
  if (open) lead.task = null
  const after = ended ? null : countdown(world, lead, at, `按约定时间跟进：${lead.person.name}`, next + 72 * HOUR)
  world.chronicle.note({ at, who: rule('r3_followed'), subject: lead.id, writes: [
    ...(open ? [{ op: 'update' as const, object: 'task', id: open.id, values: { status: 'done', done_at: iso(at), result: '已跟进' } }] : []),
    ...(late ? [{ op: 'update' as const, ...about(lead), removeTags: ['已超时'] }] : []),
    ...(after ? [after] : []),
  ] })
  if (reached && !ended) { lead.status = 'called'; world.chronicle.note({ at, who: rule('r3_touched'), subject: lead.id, writes: [{ op: 'update', ...about(lead), values: { status: 'called' } }] }) }
  if (result === 'demo_booked' && !ended) world.chronicle.note({ at, who: { member }, subject: lead.id, ip: world.ip({ member })!, writes: [{ op: 'create', object: 'schedule', id: world.id(at), owner: member, values: { title: `${lead.firm.short}：${world.word('need_type', lead.interest.need)}演示`, subject: about(lead), starts_at: iso(next), ends_at: iso(next + 90 * MINUTE), place: random.chance(0.5) ? '线上会议' : lead.firm.name } }] })
  if (lead.status === 'converting') return convert(world, lead, at)
  lead.agreed = ended ? null : { activity, task: lead.task!.kept }
  if (!ended) planNext(world, lead, atWork(next + random.weighted([[random.between(0, 3), 7], [random.between(3, 8), 2], [random.between(18, 30), 1]]) * HOUR, random))
}

const OPEN_AFTER = new Set(['unassigned', 'waiting', 'called', 'confirmed', 'demo_booked'])

interface Change { values?: Record<string, unknown>; owner?: null; reason?: string }

function ending(world: World, lead: Lead): Change {
  if (lead.fate === 'converted') { lead.status = 'converting'; return {} }
  const status = (lead.status = ENDED[lead.fate]!)
  world.desk.count(lead.owner, -1)
  if (status === 'invalid') return { values: { status, invalid_reason: lead.reason } }
  lead.owner = null
  return { values: { status, pool: world.known.get(`pool:${poolOf(lead)}`) }, owner: null, reason: lead.reason }
}

export const poolOf = ({ firm }: Lead): string => (/^(31|32|33|34|35|36|37)/.test(firm.city) ? 'east' : /^(44|45|46|42|43|50|51|52|53)/.test(firm.city) ? 'south' : 'north')

/** What the salesperson learns and writes into the lead. */
function progress(world: World, lead: Lead, { result, at }: { result: string; at: number }): Change {
  const { random } = world
  if (result === 'demo_booked') { lead.status = 'demo_booked'; return { values: { status: 'demo_booked' } } }
  if (result !== 'interested' || lead.status !== 'called' || !random.chance(0.75)) return {}
  lead.status = 'confirmed'
  if (lead.budget === null) [lead.budget, lead.budgetSince] = [random.pick([[200_000, 300_000], [300_000, 500_000], [500_000, 800_000]] as const), at]
  const [low, high] = lead.budget!
  return { values: { status: 'confirmed', decision_role: lead.person.role, title: lead.person.title, pain: lead.interest.pain, budget_min: String(low), budget_max: String(high), est_amount: String(Math.round((low + high) / 2 / 10_000) * 10_000) } }
}

export function note({ random, word, company }: World, { person, firm, interest }: Pick<Lead, 'person' | 'firm' | 'interest'>, result: string): string {
  const words: Record<string, string> = { surname: person.surname, title: person.title, make: firm.make, need: word('need_type', interest.need), n: String(interest.lines), rival: random.pick(RIVALS), day: random.pick(DAYS), colleague: random.pick(company.members).name }
  return random.pick(NOTES[result]!).replaceAll(/\{(\w+)\}/g, (_, key: string) => words[key] ?? '')
}

// ── 72 hours ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function escalate(world: World, lead: Lead, at: number): void {
  const { task, owner } = lead
  if (!task || owner === null || task.escalated) return
  task.escalated = true
  lead.tags.add('已超时')
  const latest = lead.seen.slice(-3).toReversed().map(({ kind, page, material }) => [world.word('behaviour_kind', kind), material === WHITEPAPER ? '《MES 实施白皮书》' : page?.includes('/pricing') ? '定价页' : ''].filter(Boolean).join(' '))
  world.chronicle.note({ at, who: rule('r3_escalate'), subject: lead.id, writes: [
    { op: 'update', object: 'task', id: task.id, values: { escalated_at: iso(at) } }, { op: 'update', ...about(lead), addTags: ['已超时'] },
  ], notices: [{ to: world.supervisorOf(owner), kind: 'escalation', title: `72 小时未跟进：${lead.person.name} ${lead.firm.name}`, body: [`负责人 ${world.member(owner).name}`, world.facts(lead), ...(latest.length > 0 ? [`最近行为：${latest.join('、')}`] : [])].join('，'), object: 'lead', record: lead.id, rule: 'r3_escalate' }] })
}
