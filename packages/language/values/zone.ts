/** Where a tenant lives until it says otherwise. */
export const DEFAULT_ZONE = 'Asia/Shanghai'

const clocks = new Map<string, Intl.DateTimeFormat>()
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (!clock) clocks.set(zone, (clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' })))
  return clock
}

/** Local wall-clock time of an instant (ms), as if it were UTC ms. Throws RangeError on an unknown zone. */
export function wallClock(ms: number, zone: string): number {
  const quarter = Math.floor(ms / QUARTER)
  const known = ahead.get(zone) ?? new Map<number, number | null>()
  ahead.set(zone, known)
  if (!known.has(quarter)) {
    if (known.size >= QUARTERS_REMEMBERED) known.clear()
    const [first, last] = [quarter * QUARTER, quarter * QUARTER + QUARTER - 1].map((at) => worked(at, zone) - at)
    known.set(quarter, first === last ? first! : null)
  }
  return ms + (known.get(quarter) ?? worked(ms, zone) - ms)
}

/** By how much a zone is ahead of UTC in a quarter of an hour; null where it changes within it. */
const ahead = new Map<string, Map<number, number | null>>()
const QUARTER = 900_000
const QUARTERS_REMEMBERED = 10_000

function worked(ms: number, zone: string): number {
  const part: Record<string, string> = {}
  for (const { type, value } of clockOf(zone).formatToParts(ms)) part[type] = value
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year'])
  const wall = Date.UTC(year, Number(part['month']) - 1, Number(part['day']), Number(part['hour']), Number(part['minute']), Number(part['second']))
  return wall + (((ms % 1000) + 1000) % 1000)
}

export function isZone(zone: string): boolean {
  try { return clockOf(zone) !== undefined } catch { return false }
}
