import { about, filled, rule } from './basics.ts'
import { convert } from './deals.ts'
import { WHITEPAPER } from './sources.ts'
import { appointment, atWork, HOUR, iso, MINUTE } from './working-time.ts'
import { isOpen, type Lead, type World } from './world.ts'
import { DAYS, NOTES, RESULT_METHODS } from './words/notes.ts'
import { RIVALS } from './words/needs.ts'

export function countdown(world: World, lead: Lead, at: number, title: string, due: number) {
  const kept: Record<string, unknown> = { title, subject: about(lead), kind: 'countdown', due_at: iso(due), status: 'open', priority: 'high' }
  const task = { id: world.id(at), due, kept, escalated: false }
  lead.task = task
  world.agenda.at(due, () => { if (lead.task === task && task.due === due && isOpen(lead)) escalate(world, lead, due) })
  return { op: 'create' as const, object: 'task', id: task.id, values: kept, owner: lead.owner }
}

export function planFirst(world: World, lead: Lead): void {
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

/** R3: nobody followed up in time. */
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
