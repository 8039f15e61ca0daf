import { randomFillSync } from 'node:crypto'

const POOL = 10 * 256
const random = Buffer.alloc(POOL)
let at = POOL
let last = 0
let counter = 0

/**
 * UUID version 7 (RFC 9562, method 1): milliseconds, a 12-bit counter that grows within one millisecond, 62 random
 * bits. Ids of one process sort in the order in which they were made, also when its clock is set back.
 */
function next(): string {
  const now = Date.now()
  if (now > last) [last, counter] = [now, 0]
  else if (++counter > 0xfff) [last, counter] = [last + 1, 0]
  return written(last, counter, randomBytes(8))
}

function written(ms: number, count: number, noise: string): string {
  const time = ms.toString(16).padStart(12, '0')
  const variant = (8 + (Number.parseInt(noise[0]!, 16) & 3)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, '0')}-${variant}${noise.slice(1, 4)}-${noise.slice(4)}`
}

function randomBytes(count: number): string {
  if (at + count > POOL) {
    randomFillSync(random)
    at = 0
  }
  return random.toString('hex', at, (at += count))
}

export const ids = { next }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Is this the text of a uuid as the product writes it (lower case, with hyphens)? */
export const isId = (text: string): boolean => UUID.test(text)
