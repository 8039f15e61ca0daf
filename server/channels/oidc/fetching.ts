import type { CustomFetch } from 'openid-client'
import type { Egress } from '#platform/egress'

/** The library's requests, sent through the one way out: no redirects, no inner addresses, no long answers. */
export const fetchThrough = (egress: Egress): CustomFetch => async (url, { method, headers, body }) => {
  const answer = await egress.send({ method: method as 'GET' | 'POST', url, headers, ...(body != null && { body: bodyText(body) }) })
  if (answer.cut) throw new TypeError(`the answer of ${new URL(url).host} is too long`)
  const empty = answer.status === 204 || answer.status === 205 || answer.status === 304
  return new Response(empty ? null : answer.body, { status: answer.status, headers: typed(answer.headers) })
}

const bodyText = (body: unknown): string => (typeof body === 'string' || body instanceof URLSearchParams ? String(body) : Buffer.from(body as Uint8Array).toString('utf8'))

/** What is read of an answer; lists such as cookies do not fit into one header. */
const typed = ({ 'content-type': type, 'www-authenticate': challenge }: Record<string, string>): Record<string, string> => ({ ...(type && { 'content-type': type }), ...(challenge && { 'www-authenticate': challenge }) })
