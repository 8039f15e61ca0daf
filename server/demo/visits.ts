import { about, filled, rule } from './basics.ts'
import { planNext } from './follow-ups.ts'
import type { Who } from './history.ts'
import { MATERIALS, PAGES, PRICING, WHITEPAPER } from './sources.ts'
import { MENUS, MESSAGES } from './words/voices.ts'
import { atWork, DAY, HOUR, hourOf, iso, MINUTE } from './working-time.ts'
import { isOpen, type Lead, type Seen, type World } from './world.ts'

/** What somebody looked at before the form; without a trace, nothing. */
export function browsed(world: World, { at, source, firm }: Lead): Seen[] {
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

export function comeBack(world: World, lead: Lead, at: number): void {
  // The last three days are written at the end, when it is known who is due today.
  if (!isOpen(lead) || at > world.now - 72 * HOUR) return
  const { random } = world
  if (hourOf(at) >= 8.5 && hourOf(at) < 20 && random.chance(0.5)) reach(world, lead, at)
  else see(world, lead, at, random.weighted([[[PRICING, 'view', null], 5], [[pageFor(world, lead.firm.industry), 'view', null], 3], [[PAGES[6]!, 'download', WHITEPAPER], 2]] as const))
  // Who comes back is called soon.
  if (lead.touched && lead.owner !== null) planNext(world, lead, atWork(at + random.between(1, 18) * HOUR, random))
}

/** One behaviour and R2's answer to it. */
export function see(world: World, lead: Lead, at: number, [page, kind, material]: readonly [string | null, string, string | null], seconds: number | null = null): void {
  happened(world, lead, { at, kind, page, material, seconds }, { form: lead.source.form ?? 'pricing' })
}

/** A call or a message, as the telephone system and the one for messages post it. */
function reach(world: World, lead: Lead, at: number): void {
  const { random } = world
  const said = { at, page: null, material: null }
  if (random.chance(0.4)) happened(world, lead, { ...said, kind: 'call', seconds: random.int(25, 540), caller: lead.person.phone, content: random.pick(MENUS) }, rule('call_pushed'))
  else happened(world, lead, { ...said, kind: 'message', seconds: null, content: random.pick(MESSAGES).replace('{make}', lead.firm.make).replace('{need}', world.word('need_type', lead.interest.need)) }, rule('message_pushed'))
}

function happened(world: World, lead: Lead, seen: Seen, who: Who): void {
  const [{ at }, ip] = [seen, world.ip(who)]
  lead.seen.push(seen)
  world.chronicle.note({ at, who, subject: lead.id, ...(ip !== undefined && { ip }), writes: [behaviour(world, lead, seen, at)] })
  responded(world, lead, at, at)
}

export function responded(world: World, lead: Lead, seenAt: number, at: number): void {
  const sooner = Math.min(lead.nextAt ?? Number.POSITIVE_INFINITY, at + DAY)
  const values = { last_behaviour_at: iso(seenAt), ...(sooner !== lead.nextAt && { next_contact_at: iso(sooner) }) }
  lead.nextAt = sooner
  world.chronicle.note({ at, who: rule('r2_behaviour'), subject: lead.id, writes: [{ op: 'update', ...about(lead), values }] })
}

/** Whoever calls or writes is known by their number, not by a browser. */
export const behaviour = (world: World, lead: Lead, { at, kind, page, material, seconds, caller, content }: Seen, noted: number) =>
  ({ op: 'create' as const, object: 'behaviour', id: world.id(noted), values: filled({ subject: about(lead), visitor: kind === 'call' || kind === 'message' ? null : lead.visitor, kind, page, material, seconds, caller, content, occurred_at: iso(at) }) })
