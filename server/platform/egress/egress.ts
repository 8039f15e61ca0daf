import dns from 'node:dns'
import net from 'node:net'
import { Agent, request } from 'undici'
import { mayReach, type Opened } from './addresses.ts'

export interface Outgoing { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; url: string; headers?: Record<string, string>; body?: string | Buffer }
/** Header names in lower case. `body` is cut at `maxBytes`; `cut` says so. */
export interface Answer { status: number; headers: Record<string, string>; body: string; cut: boolean }

/**
 * Why there is no answer. refused: the address or scheme is not allowed, nothing was sent. unreachable: no connection came about, nothing was sent.
 * ambiguous: the request left and no answer came; the receiver may have acted on it.
 */
export class EgressFailed extends Error {
  override name = 'EgressFailed'
  readonly kind: 'refused' | 'unreachable' | 'ambiguous'
  constructor(kind: EgressFailed['kind'], message: string, cause?: unknown) { super(message, { cause }); this.kind = kind }
}

export interface EgressOptions {
  /** Networks allowed besides the public internet. */
  opened?: Opened
  connectMs?: number
  /** From the sent request to the answer's headers, and between pieces of its body. */
  answerMs?: number
  maxBytes?: number
  /** Stands in for DNS in tests. */
  lookup?: typeof dns.lookup
}

export interface Egress {
  /** One exchange; redirects are answers like any other. Throws EgressFailed. */
  send(outgoing: Outgoing): Promise<Answer>
  close(): Promise<void>
}

/**
 * The only way out of the product over HTTP.
 *
 * The address is checked when the connection is made, on the very address that is connected to, so a name that changes its
 * address between check and use gains nothing. No redirects, no cookies, no proxy from the environment.
 */
export function openEgress({ opened = [], connectMs = 5_000, answerMs = 10_000, maxBytes = 64 * 1024, lookup = dns.lookup }: EgressOptions = {}): Egress {
  const agent = new Agent({
    connect: { timeout: connectMs, lookup: guarded(lookup, opened) },
    headersTimeout: answerMs, bodyTimeout: answerMs, connections: 8, pipelining: 1, keepAliveTimeout: 5_000, maxHeaderSize: 16 * 1024,
  })
  return { send: (outgoing) => exchange(agent, outgoing, { opened, maxBytes, answerMs }), close: () => agent.close() }
}

async function exchange(dispatcher: Agent, { method, url, headers, body }: Outgoing, { opened, maxBytes, answerMs }: Required<Pick<EgressOptions, 'opened' | 'maxBytes' | 'answerMs'>>): Promise<Answer> {
  checkAddress(url, opened)
  try {
    const signal = AbortSignal.timeout(answerMs * 2)
    const answer = await request(url, { method, headers: { 'user-agent': 'Nextmove', ...headers }, body: body ?? null, dispatcher, signal })
    return { status: answer.statusCode, headers: plain(answer.headers), ...(await readAtMost(answer.body, maxBytes)) }
  } catch (error) {
    throw failureOf(error)
  }
}

/** A host written as an address is never looked up, so it is checked here. */
function checkAddress(url: string, opened: Opened): void {
  const { protocol, hostname, username } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '', username: '' }
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '') throw new EgressFailed('refused', `not an address to send to: ${url}`)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (net.isIP(host) && !mayReach(host, opened)) throw new EgressFailed('refused', `${host} is not a public address`)
}

const NOT_PUBLIC = 'ENOTPUBLIC'

/** Looks up like DNS and fails when any of the addresses is not allowed: a name with one inner address is a trap. */
function guarded(lookup: typeof dns.lookup, opened: Opened): net.LookupFunction {
  return (host, options, done) => lookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '')
    const addresses = found as unknown as dns.LookupAddress[]
    const inner = addresses.find(({ address }) => !mayReach(address, opened))
    if (inner || addresses.length === 0) return done(Object.assign(new Error(`${host} (${inner?.address ?? 'no address'}) is not a public address`), { code: NOT_PUBLIC }), '')
    return options.all ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family)
  })
}

async function readAtMost(body: AsyncIterable<Buffer> & { destroy(): unknown }, maxBytes: number): Promise<Pick<Answer, 'body' | 'cut'>> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    pieces.push(piece)
    if ((size += piece.length) > maxBytes) break
  }
  return { body: Buffer.concat(pieces).subarray(0, maxBytes).toString('utf8'), cut: size > maxBytes }
}

const plain = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]))

/** Errors of the time before a connection stood. */
const BEFORE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN'])

function failureOf(error: unknown): EgressFailed {
  const { code, message } = error as { code?: string; message: string }
  if (code === NOT_PUBLIC) return new EgressFailed('refused', message, error)
  return new EgressFailed(code !== undefined && BEFORE.has(code) ? 'unreachable' : 'ambiguous', code ? `${code}: ${message}` : message, error)
}
