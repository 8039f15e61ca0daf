import type { Who, Write } from './history.ts'
import { DAY, dayStart, HOUR, isWorkday, iso, weekday } from './working-time.ts'
import type { World } from './world.ts'

const WEEKS = 3
const SERVICE = ['xujing', 'tangning'] as const

/** The rota of last week, this one and the next: the hotline and the chat in two halves of each working day, one of sales every day. */
export function shifts(world: World): void {
  const at = world.now - 10 * DAY
  const who: Who = { member: 'tangning' }
  const monday = dayStart(world.now) - (weekday(world.now) - 1) * DAY - 7 * DAY
  const writes = Array.from({ length: WEEKS * 7 }, (_, n) => ofDay(world, { day: monday + n * DAY, n, at })).flat()
  world.chronicle.note({ at, who, subject: 'rota', ip: world.ip(who)!, writes })
}

function ofDay(world: World, { day, n, at }: { day: number; n: number; at: number }): Write[] {
  const shift = (duty: string, member: string, [from, to]: readonly [number, number]): Write =>
    ({ op: 'create', object: 'shift', id: world.id(at), owner: 'tangning', values: { duty, member: { member }, starts_at: iso(day + from * HOUR), ends_at: iso(day + to * HOUR) } })
  const seller = world.sales[n % world.sales.length]!
  const selling = shift('sales', seller, [9, 18])
  if (!isWorkday(day)) return [selling]
  const [first, second] = n % 2 === 0 ? SERVICE : SERVICE.toReversed() as [string, string]
  return [shift('hotline', first!, [9, 13.5]), shift('hotline', second!, [13.5, 18]), shift('online', second!, [9, 13.5]), shift('online', first!, [13.5, 18]), selling]
}
