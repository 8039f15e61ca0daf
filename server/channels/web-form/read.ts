import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused, refuse } from '#contract'
import { readJson, utf8 } from '#platform/http'

/** A body as it came and as it reads. */
export interface ReadBody { raw: string; body: Record<string, unknown> }

/** JSON objects and form-encoded bodies, each kept as it came. Other shapes are refused. */
export function readSubmissions(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', 'text/json'], { parseAs: 'buffer' }, async (_request: FastifyRequest, given: Buffer): Promise<ReadBody> => {
    const raw = utf8(given)
    return { raw, body: asObject(readJson(raw)) }
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, async (_request: FastifyRequest, given: Buffer): Promise<ReadBody> => {
    const raw = utf8(given)
    return { raw, body: asObject(Object.fromEntries(noNul(new URLSearchParams(raw)))) }
  })
}

function noNul(pairs: URLSearchParams): URLSearchParams {
  for (const [name, value] of pairs) if (name.includes('\0') || value.includes('\0')) throw new Refused(refuse('TEXT_INVALID'))
  return pairs
}

/** Answers by name: one level, words, numbers and ticks; no lists, no nested objects. */
function asObject(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Refused(refuse('REQUEST_INVALID', undefined, { reason: '{…}' }))
  for (const [name, value] of Object.entries(given)) if (typeof value === 'object' && value !== null) throw new Refused(refuse('VALUE_INVALID', name, { field: name, reason: typeof value, reasonEn: typeof value }))
  return given as Record<string, unknown>
}
