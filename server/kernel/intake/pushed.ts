import { parseDay } from '#language/values'
import type { Field, Trigger } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { readField, text, type Read } from './map.ts'

export type PushTrigger = Extract<Trigger, { on: 'pushed' }>
export type Scalar = string | number | boolean

/** What stands at a place of it: a word, a number or a tick; undefined: nothing of the kind. Half a character, sent so or cut so, is no text that could be kept. */
export function scalarAt(body: unknown, path: string): Scalar | undefined {
  let at: unknown = body
  for (const step of path.split('.')) at = typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined
  return typeof at === 'string' ? at.slice(0, 2000).toWellFormed() : typeof at === 'boolean' || (typeof at === 'number' && Number.isFinite(at)) ? at : undefined
}

/** Everything that the rule takes, by name. */
export const taken = ({ values }: PushTrigger, body: unknown): Record<string, Scalar> =>
  Object.fromEntries(values.flatMap(({ name, from }) => { const found = scalarAt(body, from); return found === undefined || found === '' ? [] : [[name, found]] }))

/** As a form's answer is read; days and instants as systems write them: 2026-11-22, 2026/11/22, ISO 8601, seconds or milliseconds since 1970. */
export function readPushed(metadata: Metadata, field: Field, given: Scalar): Read {
  const written = text(given)
  if (written === '') return { ok: false, reason: 'empty' }
  if (field.kind === 'date') { const day = parseDay(written.slice(0, 10).replaceAll('/', '-')); return day.ok ? { ok: true, values: { [field.key]: day.day } } : { ok: false, reason: 'not_a_date' } }
  if (field.kind === 'datetime') { const at = instantOf(written); return at === null ? { ok: false, reason: 'not_an_instant' } : { ok: true, values: { [field.key]: at } } }
  return readField(metadata, field, written)
}

function instantOf(written: string): string | null {
  const ms = /^\d{10}$/.test(written) ? Number(written) * 1000 : /^\d{13}$/.test(written) ? Number(written) : /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(written) ? Date.parse(written) : Number.NaN
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString()
}
