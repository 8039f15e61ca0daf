import { about, filled, rule } from './basics.ts'
import { planNext } from './follow-ups.ts'
import type { Who } from './history.ts'
import { MATERIALS, PAGES, PRICING, WHITEPAPER } from './sources.ts'
import { atWork, DAY, HOUR, iso, MINUTE } from './working-time.ts'
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

export function responded(world: World, lead: Lead, seenAt: number, at: number): void {
  const sooner = Math.min(lead.nextAt ?? Number.POSITIVE_INFINITY, at + DAY)
  const values = { last_behaviour_at: iso(seenAt), ...(sooner !== lead.nextAt && { next_contact_at: iso(sooner) }) }
  lead.nextAt = sooner
  world.chronicle.note({ at, who: rule('r2_behaviour'), subject: lead.id, writes: [{ op: 'update', ...about(lead), values }] })
}

export const behaviour = (world: World, lead: Lead, { at, kind, page, material, seconds }: Seen, noted: number) =>
  ({ op: 'create' as const, object: 'behaviour', id: world.id(noted), values: filled({ subject: about(lead), visitor: lead.visitor, kind, page, material, seconds, occurred_at: iso(at) }) })
