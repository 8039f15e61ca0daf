import { createHmac, type KeyObject } from 'node:crypto'
import type { Context } from '#kernel/access'
import type { TenantKeys } from './keys.ts'
import type { FieldPlan } from './plan.ts'

/** Take so many numbers of the tenant's one sequence: nobody waits, gaps are normal. */
export async function drawNumbers({ tx }: Context, count: number): Promise<number[]> {
  if (count === 0) return []
  const [row] = await tx.query<{ drawn: number[] }>(`select array_agg(nextval('{t}.auto_no')) as drawn from generate_series(1, $1::int)`, [count], { name: 'numbers' })
  return row!.drawn
}

/** `XS000123`: the number behind a keyed permutation, so that neighbours tell nothing about how many there are (decision 10). */
export function numberAs({ number }: TenantKeys, { key, definition }: FieldPlan, drawn: number): string {
  const { prefix, digits } = definition.auto!
  return prefix + permuted(drawn, digits, roundKeys(number, `${prefix} ${key}`))
}

/** When all numbers of `digits` are used up, one digit more. Always distinct for distinct `n`. */
export function permuted(n: number, digits: number, keys: Int32Array): string {
  const size = 10 ** digits
  if (n >= size) return permuted(n - size, digits + 1, keys)
  const half = Math.ceil(Math.log2(size) / 2)
  let code = n
  // A permutation of a power of two, walked until it falls inside.
  do code = feistel(code, half, keys); while (code >= size)
  return String(code).padStart(digits, '0')
}

function feistel(code: number, half: number, keys: Int32Array): number {
  const width = 2 ** half
  let [left, right] = [Math.floor(code / width), code % width]
  for (const key of keys) [left, right] = [right, left ^ (mixed(right ^ key) & (width - 1))]
  return left * width + right
}

function mixed(x: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const ROUNDS = 8
const schedules = new WeakMap<KeyObject, Map<string, Int32Array>>()

function roundKeys(secret: KeyObject, purpose: string): Int32Array {
  const known = schedules.get(secret) ?? new Map<string, Int32Array>()
  schedules.set(secret, known)
  const found = known.get(purpose)
  if (found) return found
  const bytes = createHmac('sha256', secret).update(purpose).digest()
  const keys = Int32Array.from({ length: ROUNDS }, (_, i) => bytes.readInt32LE(i * 4))
  known.set(purpose, keys)
  return keys
}
