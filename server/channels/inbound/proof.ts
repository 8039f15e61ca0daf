import { createHmac, timingSafeEqual } from 'node:crypto'

export const SIGNATURE_HEADER = 'x-nextmove-signature'
export const SECRET_HEADER = 'x-nextmove-secret'
export const EVENT_HEADER = 'x-event-id'

/** What was signed longer ago, or will be, is not taken: seconds. */
export const WINDOW = 300

export interface Shown { headers: Readonly<Record<string, string | string[] | undefined>>; raw: Buffer; keys: readonly string[]; /** Unix seconds. */ now: number }
export type Proof = { ok: true; /** Serves as the event's number where none was sent: a signature comes once. */ once: string | null } | { ok: false; reason: 'no_proof' | 'bad_proof' | 'too_old' }

/** `x-nextmove-signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<body>`, as rules sign what they post themselves. */
export function signedProof({ headers, raw, keys, now }: Shown): Proof {
  const given = one(headers[SIGNATURE_HEADER])
  const [, at = '', marks = ''] = /^t=(\d{1,12}),(.{1,1000})$/.exec(given) ?? []
  if (at === '') return { ok: false, reason: 'no_proof' }
  if (Math.abs(now - Number(at)) > WINDOW) return { ok: false, reason: 'too_old' }
  const said = marks.split(',').flatMap((mark) => (mark.startsWith('v1=') ? [mark.slice(3).toLowerCase()] : []))
  const right = keys.map((key) => createHmac('sha256', key).update(`${at}.`).update(raw).digest('hex'))
  return said.some((mark) => right.some((each) => equal(each, mark))) ? { ok: true, once: `sig:${right[0]!}` } : { ok: false, reason: 'bad_proof' }
}

/** The secret itself, in a header of its own or as a bearer. */
export function secretProof({ headers, keys }: Shown): Proof {
  const given = one(headers[SECRET_HEADER]) || one(headers.authorization).replace(/^Bearer /i, '')
  if (given === '') return { ok: false, reason: 'no_proof' }
  return keys.some((key) => equal(key, given)) ? { ok: true, once: null } : { ok: false, reason: 'bad_proof' }
}

const one = (header: string | string[] | undefined): string => (Array.isArray(header) ? (header[0] ?? '') : (header ?? ''))

function equal(right: string, given: string): boolean {
  const [a, b] = [Buffer.from(right), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
