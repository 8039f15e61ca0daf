import { about, own } from './basics.ts'
import { escalate, followUp, planNext } from './follow-ups.ts'
import { see } from './visits.ts'
import { gradeOf } from './grade.ts'
import type { Who } from './history.ts'
import { PAGES, PRICING, WHITEPAPER } from './sources.ts'
import { appointment, atWork, DAY, HOUR, iso, MINUTE } from './working-time.ts'
import { isOpen, type Lead, type World } from './world.ts'
import { PROMISES } from './words/notes.ts'

/** How many leads wait for somebody. */
const UNASSIGNED = 12

/** The last touches: who is due today, who was forgotten, who is on the site right now. */
export function finish(world: World): void {
  for (const member of world.sales) day(world, member)
  const supervisors = [...new Set(world.sales.map(world.supervisorOf))]
  const waiting = world.leads.filter(({ status, owner }) => status === 'unassigned' && owner === null).length
  supervisors.forEach((supervisor, i) => takeBack(world, supervisor, Math.floor((UNASSIGNED - waiting + i) / supervisors.length)))
}

function day(world: World, member: string): void {
  const { random, now, today } = world
  const mine = () => world.leads.filter((lead) => lead.owner === member && isOpen(lead))
  busyWeekend(world, mine().filter(({ touched }) => !touched))
  const waiting = mine().filter(({ touched }) => !touched)
  const agreed = mine().filter(({ touched, agreed: last }) => touched && last !== null)
  // A visit after the last call has already moved the appointment forward: it stands.
  const moved = agreed.filter((lead) => lead.nextAt! < Date.parse(lead.agreed!.activity['next_at'] as string) && lead.nextAt! < today + DAY)
  const free = random.shuffle(agreed.filter((lead) => !moved.includes(lead)))
  const forgotten = free.filter(({ lastAt }) => lastAt! < now - 4.3 * DAY).sort((a, b) => a.lastAt! - b.lastAt!).slice(0, 1)
  for (const lead of forgotten) forget(world, lead)
  const rest = free.filter((lead) => !forgotten.includes(lead))
  const calm = [...waiting, ...moved, ...rest].find((lead) => gradeOf(lead, now) === 'green')
  const due = calmFirst(rest, calm).slice(0, Math.max(2, random.int(8, 10) - waiting.length - moved.length - forgotten.length))
  for (const lead of due) agree(lead, today + random.pick([9.5, 10, 10.5, 11, 14, 14.5, 15, 16, 16.5, 17]) * HOUR)
  for (const lead of rest) if (!due.includes(lead)) agree(lead, Math.max(appointment(now, random.int(1, 6), random), today + DAY + 9 * HOUR))
  visits(world, { hot: random.shuffle([...due, ...waiting, ...moved]).filter((lead) => lead !== calm), others: rest.filter((lead) => !due.includes(lead)) })
  promises(world, member, random.shuffle(rest))
}

/** Every day has somebody about whom there is no hurry: they come first among those due, and do not visit. */
const calmFirst = (rest: readonly Lead[], calm: Lead | undefined): Lead[] => (calm && rest.includes(calm) ? [calm, ...rest.filter((lead) => lead !== calm)] : [...rest])

/** More than eight untouched leads would drown the day: the oldest were called after all. */
function busyWeekend(world: World, waiting: readonly Lead[]): void {
  const { random, now } = world
  const oldest = waiting.filter(({ at }) => at < now - 3 * HOUR).toSorted((a, b) => a.at - b.at)
  for (const lead of oldest.slice(0, Math.max(0, waiting.length - 5))) followUp(world, lead, Math.min(Math.floor(lead.at + random.between(0.6, 3) * HOUR), now - 5 * MINUTE))
}

function agree(lead: Lead, next: number): void {
  lead.agreed!.activity['next_at'] = iso(next)
  lead.agreed!.task['due_at'] = iso(next + 72 * HOUR)
  lead.task!.due = next + 72 * HOUR
  lead.nextAt = next
}

/** The appointment has passed more than 72 hours ago, and nobody called. */
function forget(world: World, lead: Lead): void {
  agree(lead, Math.min(lead.lastAt! + 22 * HOUR, world.now - 73 * HOUR))
  escalate(world, lead, lead.task!.due)
}

function visits(world: World, { hot, others }: { hot: Lead[]; others: Lead[] }): void {
  const { random, now, today } = world
  const quiet = (hours: number) => hot.filter(({ at, lastAt }) => (lastAt ?? at) < now - hours * HOUR)
  const ready = [...new Set([...quiet(20), ...quiet(2)])]
  for (const lead of ready.slice(0, 2)) {
    const since = Math.max((lead.lastAt ?? lead.at) + HOUR, now - 60 * HOUR)
    const times = [0.1, 0.45, 0.5, 0.97].map((share) => Math.floor(since + (now - 5 * MINUTE - since) * share))
    see(world, lead, times[0]!, [PRICING, 'view', null])
    see(world, lead, times[1]!, [PRICING, 'view', null])
    see(world, lead, times[2]!, [PAGES[6]!, 'download', WHITEPAPER])
    see(world, lead, times[3]!, [PRICING, 'view', null])
  }
  for (const lead of hot.filter((each) => !ready.slice(0, 2).includes(each)).slice(0, 3)) {
    const since = Math.max((lead.lastAt ?? lead.at) + 10 * MINUTE, now - 9 * HOUR)
    if (since < now - 4 * MINUTE) see(world, lead, Math.floor(random.between(since, now - 3 * MINUTE)), [random.pick([PRICING, PAGES[1]!, PAGES[3]!, PAGES[4]!]), 'view', null])
  }
  // A visit today does not pull anybody into today: they will be called tomorrow.
  for (const lead of others.slice(0, 2)) {
    const since = Math.max(today, lead.lastAt! + 10 * MINUTE, now - 5 * HOUR)
    if (since < now - 10 * MINUTE) see(world, lead, Math.floor(random.between(since, now - 4 * MINUTE)), [random.pick(PAGES), 'view', null])
  }
}

/** Small promises of one's own: some were due yesterday. */
function promises(world: World, member: string, leads: readonly Lead[]): void {
  const { random, today, now } = world
  const left = world.leads.filter(({ owner, task }) => owner === member && task !== null && task.due < today).length
  const dues = [...[today - 6 * HOUR, today - 6.5 * HOUR].slice(0, Math.max(0, random.int(1, 2) - Math.max(0, left - 1))), today + 17.5 * HOUR, today + DAY + 11 * HOUR]
  dues.forEach((due, i) => {
    const lead = leads[i]
    if (!lead) return
    const [title, kind] = random.pick(PROMISES)
    const at = Math.min(Math.max(lead.lastAt! + 4 * MINUTE, due - 2 * DAY), now - 10 * MINUTE)
    const words = { surname: lead.person.surname, title: lead.person.title, make: lead.firm.make, need: world.word('need_type', lead.interest.need) }
    const who: Who = { member }
    world.chronicle.note({ at, who, subject: `promise ${member} ${i}`, ip: world.ip(who)!, writes: [{ op: 'create', object: 'task', id: world.id(at), owner: member, values: { title: title.replaceAll(/\{(\w+)\}/g, (_, key: string) => words[key as keyof typeof words] ?? ''), subject: about(lead), kind, due_at: iso(due), status: 'open' } }] })
  })
}

/** A supervisor takes some leads back to give them to somebody else: they wait to be assigned. */
function takeBack(world: World, supervisor: string, many: number): void {
  const { random, now, today } = world
  const theirs = world.sales.filter((member) => world.supervisorOf(member) === supervisor)
  const quiet = random.shuffle(world.leads.filter((lead) => isOpen(lead) && lead.owner !== null && theirs.includes(lead.owner) && lead.touched && lead.nextAt! >= today + DAY && lead.seen.every(({ at }) => at < today)))
  const at = Math.floor(now - random.between(0.5, 6) * HOUR)
  const who: Who = { member: supervisor }
  const taken = quiet.filter(({ lastAt }) => lastAt! < at - HOUR).slice(0, Math.max(2, many))
  world.chronicle.note({ at, who, subject: `take back ${supervisor}`, ip: world.ip(who)!, reason: '顾问排班调整，收回重新分配', writes: taken.flatMap((lead) => {
    own(world, lead, null)
    lead.status = 'unassigned'
    const { task } = lead
    lead.task = null
    return [{ op: 'update' as const, ...about(lead), owner: null, values: { status: 'unassigned' } }, ...(task ? [{ op: 'update' as const, object: 'task', id: task.id, values: { status: 'cancelled', done_at: iso(at), result: '收回重新分配' } }] : [])]
  }) })
}

/** A supervisor gives a lead to another of their people; the 72 hours begin again. */
export function transfer(world: World, at: number): void {
  const { random } = world
  const from = random.pick(world.sales)
  const to = world.sales.find((member) => member !== from && world.supervisorOf(member) === world.supervisorOf(from))
  const lead = random.shuffle(world.leads.filter((each) => each.owner === from && isOpen(each) && each.touched && each.task && !each.task.escalated))[0]
  if (!lead || to === undefined) return
  const who: Who = { member: world.supervisorOf(from) }
  own(world, lead, to)
  world.chronicle.note({ at, who, subject: lead.id, ip: world.ip(who)!, reason: random.pick(['行业更匹配', '原顾问休假，转交跟进', '客户要求换人对接']), writes: [{ op: 'update', ...about(lead), owner: to }] })
  const task = lead.task!
  const due = (task.due = at + 72 * HOUR)
  world.agenda.at(due, () => { if (lead.task === task && task.due === due && isOpen(lead)) escalate(world, lead, due) })
  world.chronicle.note({ at, who: { rule: 'r3_restart' }, subject: lead.id, writes: [{ op: 'update', object: 'task', id: task.id, owner: to, values: { due_at: iso(due) } }],
    notices: [{ to, kind: 'transferred', title: `转给你：${lead.person.name} ${lead.firm.name}`, body: world.facts(lead), object: 'lead', record: lead.id, rule: 'r3_restart' }] })
  planNext(world, lead, atWork(at + random.between(1, 20) * HOUR, random))
}
