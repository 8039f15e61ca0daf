/** A finished piece of PostgreSQL's log: timeline, and place in the log, eight hexadecimal digits each of three numbers. */
const SEGMENT = /^[0-9A-F]{24}$/
/** What else PostgreSQL lays beside them: where a timeline began, what a copy needs. */
const NOTE = /^[0-9A-F]{8}\.history$|^[0-9A-F]{24}\.[0-9A-F]{8}\.backup$/

export const isSegment = (name: string): boolean => SEGMENT.test(name)
export const isOfLog = (name: string): boolean => SEGMENT.test(name) || NOTE.test(name)

/** Which of two is older, whatever their timeline. */
export const placeOf = (name: string): string => name.slice(8, 24)

const FOUR_GB = 2 ** 32

/** The segment after this one, where each holds `bytes`. */
export function next(name: string, bytes: number): string {
  const [log, piece] = [Number.parseInt(name.slice(8, 16), 16), Number.parseInt(name.slice(16), 16) + 1]
  const over = piece >= FOUR_GB / bytes
  return name.slice(0, 8) + hex(over ? log + 1 : log) + hex(over ? 0 : piece)
}

const hex = (n: number): string => n.toString(16).toUpperCase().padStart(8, '0')

/** From `first` on without a gap, oldest first; empty when even the first is missing. */
export function unbroken(names: Iterable<string>, first: string, bytes: number): string[] {
  const there = new Set(names)
  const found: string[] = []
  for (let name = first; there.has(name); name = next(name, bytes)) found.push(name)
  return found
}
