import { refused } from '#contract'
import type { Visit } from '#kernel/journey'

/** What a page reports of a visitor, checked. */
export interface VisitReport extends Visit { form: string; visitor: string }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const KINDS: readonly string[] = ['view', 'dwell', 'return', 'download'] satisfies Visit['kind'][]
const isKind = (kind: unknown): kind is Visit['kind'] => typeof kind === 'string' && KINDS.includes(kind)
/** A day: longer dwell is a forgotten tab. */
const MOST_SECONDS = 86_400

/** Refused VALUE_INVALID with the name of what is wrong. */
export function readVisit(body: Record<string, unknown>): VisitReport {
  const { form, visitor, kind, page, seconds, material } = body
  if (typeof form !== 'string') return wrong('form')
  if (typeof visitor !== 'string' || !UUID.test(visitor)) return wrong('visitor')
  if (!isKind(kind)) return wrong('kind')
  if (seconds !== undefined && !(typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0)) return wrong('seconds')
  if (page !== undefined && typeof page !== 'string') return wrong('page')
  if (material !== undefined && typeof material !== 'string') return wrong('material')
  return { form, visitor, kind, page: page?.slice(0, 1000) ?? null, seconds: seconds === undefined ? null : Math.min(seconds, MOST_SECONDS), material: material ?? null }
}

const wrong = (name: string): never => refused('VALUE_INVALID', name, { field: name, reason: name, reasonEn: name })
