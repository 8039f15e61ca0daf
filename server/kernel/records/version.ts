import { hash } from 'node:crypto'
import { lensOf, remembered, type Context, type Lens } from '#kernel/access'
import { changesOf } from '#kernel/changes'
import type { Holdings } from './held.ts'
import type { TenantKeys } from './keys.ts'
import { tenantKeys } from './keys.ts'
import type { ObjectPlan } from './plan.ts'
import type { RecordImage, Values } from './types.ts'
import { same } from './values.ts'

/** Set at birth, or moving with every change of anything: no part of what a reader bases an edit on. */
const APART: ReadonlySet<string> = new Set(['id', 'origin', 'created_at', 'created_by', 'updated_at', 'updated_by'])

/** The fields that a version can speak of, in a fixed order: one for all members of the same roles. */
const orders = new WeakMap<object, readonly string[]>()
const orderOf = (lens: Lens): readonly string[] =>
  remembered(orders, lens.kin ?? lens.readable, () => lens.readable.filter(({ key, moves }) => !moves && !APART.has(key)).map(({ key }) => key).sort())

/**
 * The opaque version of what this reader sees: it moves only when one of these values does (decision 11).
 * `shown`: the fields that were read; null for all that may be.
 */
export function versionOf(keys: TenantKeys, lens: Lens, values: Values, shown: ReadonlySet<string> | null): string {
  const order = orderOf(lens)
  if (shown === null) return mac(keys, order, values)
  const { spoken, bits } = spokenIn(order, shown)
  return `${mac(keys, spoken, values)}.${bits}`
}

/** The same for every row of a page: taken once. */
const spokenBy = new WeakMap<ReadonlySet<string>, { order: readonly string[]; spoken: readonly string[]; bits: string }>()
function spokenIn(order: readonly string[], shown: ReadonlySet<string>): { spoken: readonly string[]; bits: string } {
  const known = spokenBy.get(shown)
  if (known?.order === order) return known
  const made = { order, spoken: order.filter((key) => shown.has(key)), bits: bitmap(order, shown) }
  spokenBy.set(shown, made)
  return made
}

/** A keyed hash: the answer is cut to half of the digest, so that no one can go on from it without the key. One pass, because a page takes one per row. */
function mac({ version }: TenantKeys, spoken: readonly string[], values: Values): string {
  const seen: unknown[] = [values['id'], namesIn(spoken)]
  for (const key of spoken) seen.push(values[key] ?? null)
  return hash('sha256', version + JSON.stringify(seen), 'base64url').slice(0, 16)
}

const names = new WeakMap<readonly string[], string>()
function namesIn(spoken: readonly string[]): string {
  const known = names.get(spoken)
  if (known !== undefined) return known
  const made = hash('sha256', spoken.join(' '), 'base64url')
  names.set(spoken, made)
  return made
}

const bitmap = (order: readonly string[], shown: ReadonlySet<string>): string =>
  Buffer.from(Uint8Array.from({ length: Math.ceil(order.length / 8) }, (_, byte) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((bits, bit) => bits | (shown.has(order[byte * 8 + bit] ?? '') ? 1 << bit : 0), 0))).toString('base64url')

function spokenOf(token: string, order: readonly string[]): readonly string[] {
  const [, bits] = token.split('.')
  if (bits === undefined) return order
  const bytes = Buffer.from(bits, 'base64url')
  return order.filter((_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1)
}

/** Stored values as this reader gets them. */
function seenBy({ readable }: Lens, held?: Holdings): (values: Values) => Values {
  const masked = readable.filter(({ read }) => read !== 'full')
  return masked.length === 0 ? (values) => values : (values) => ({ ...values, ...Object.fromEntries(masked.map(({ key, see }) => [key, see(values[key], held?.get(key)?.state)])) })
}

/** How far back an edit may have begun. */
const STEPS_BACK = 200

/**
 * Which of the fields about to be written have changed since the version was handed out. The log is walked back until the
 * values give that version again; an older or foreign version makes every written field stale. No statement when nothing changed.
 */
export async function staleFields(ctx: Context, plan: ObjectPlan, { id, values }: RecordImage, { expect, written, held }: { expect: string; written: readonly string[]; held?: Holdings | undefined }): Promise<string[]> {
  const [keys, spoken] = [await tenantKeys(ctx), spokenOf(expect, orderOf(lensOf(ctx, plan.object.key)))]
  const [wanted, seen] = [expect.split('.')[0], seenBy(lensOf(ctx, plan.object.key), held)]
  if (mac(keys, spoken, seen(values)) === wanted) return []
  const then: Values = { ...values }
  for (const { fields } of await changesOf(ctx.tx, plan.object.key, id, { limit: STEPS_BACK })) {
    for (const [key, [before]] of Object.entries(fields)) then[key] = before
    if (mac(keys, spoken, seen(then)) === wanted) return written.filter((key) => spoken.includes(key) && !same(then[key] ?? null, values[key] ?? null))
  }
  return [...written]
}
