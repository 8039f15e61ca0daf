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
  const part: Record<string, string> = {}
  for (const { type, value } of clockOf(zone).formatToParts(ms)) part[type] = value
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year'])
  const wall = Date.UTC(year, Number(part['month']) - 1, Number(part['day']), Number(part['hour']), Number(part['minute']), Number(part['second']))
  return wall + (((ms % 1000) + 1000) % 1000)
}

export function isZone(zone: string): boolean {
  try { return clockOf(zone) !== undefined } catch { return false }
}
