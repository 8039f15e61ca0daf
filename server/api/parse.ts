import type { z } from 'zod'
import { JsonRefused, Refused, refuse, type Refusal } from '#contract'
import type { Route } from '#contract/api'
import { jsonRefused } from '#platform/http'

export interface Parts { params: unknown; query: unknown; body: unknown }

/** What came in, in its declared shape. Refused with the first thing that is wrong and where. */
export const parsed = (route: Route, { params, query, body }: Parts): Parts => ({
  params: part(route.params, params, ''), query: part(route.query, query, ''), body: part(route.body, body, ''),
})

function part(schema: z.ZodType | undefined, value: unknown, at: string): unknown {
  if (!schema) return undefined
  try {
    const result = schema.safeParse(value ?? {}, { reportInput: true })
    if (result.success) return result.data
    throw new Refused(refusalOf(result.error.issues[0]!, at))
  } catch (error) {
    throw error instanceof JsonRefused ? jsonRefused(error) : error
  }
}

type Issue = z.core.$ZodIssue

/** The first issue as a refusal; of a union, the branch that came furthest. */
export function refusalOf(issue: Issue, at: string): Refusal {
  const path = [at, ...issue.path.map(String)].filter(Boolean).join('.')
  if (issue.code === 'unrecognized_keys') return refuse('KEY_UNKNOWN', [path, issue.keys[0]].filter(Boolean).join('.'), { field: issue.keys[0] ?? '' })
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return refusalOf(deepest(issue.errors), path)
  if (issue.code === 'invalid_type' && issue.input === undefined) return refuse('VALUE_REQUIRED', path, { field: path })
  if (issue.code === 'too_big' && issue.origin === 'string') return refuse('TEXT_TOO_LONG', path, { field: path, max: Number(issue.maximum) })
  return refuse('REQUEST_INVALID', path, { reason: [path, issue.message].filter(Boolean).join(': ') })
}

function deepest(branches: readonly Issue[][]): Issue {
  const furthest = (branch: readonly Issue[]) => Math.max(...branch.map((each) => each.path.length + (each.code === 'unrecognized_keys' ? 0.5 : 0)))
  return [...branches].sort((a, b) => furthest(b) - furthest(a))[0]![0]!
}
