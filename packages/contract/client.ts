import type { ErrorCode } from './errors.ts'
import type { Routes } from './api.ts'
import type { RouteAnswer, RouteInput } from './route.ts'
import type { Subscription } from './routes/work.ts'
import { PATHS, VIEW_HEADER, VIEWABLE, type RouteName } from './paths.ts'

/** A no from the server, already in the reader's language. `status` 0: the server could not be reached. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: ErrorCode | 'UNREACHABLE'
  readonly path: string | null
  readonly remedy: string
  readonly requestId: string | null
  constructor(status: number, error: ErrorBody) {
    super(error.message)
    this.status = status
    this.code = error.code
    this.path = error.path
    this.remedy = error.remedy
    this.requestId = error.requestId
  }
}
export interface ErrorBody { code: ErrorCode | 'UNREACHABLE'; message: string; path: string | null; remedy: string; requestId: string | null }

export interface ClientOptions {
  /** Before every path: `/t/yunqi`, or an origin in tests. Default: the `/t/…` prefix of the page's own address. */
  base?: string
  lang?: 'zh' | 'en'
  fetch?: typeof fetch
  /** API key; browsers use the session cookie instead. */
  key?: string
  /** Token of `viewAs`: what can be looked at is looked at through that member's eyes, and nothing is changed. */
  viewAs?: string
}
export interface CallOptions { signal?: AbortSignal; idempotencyKey?: string }
const options: ClientOptions = {}
export const configure = (given: ClientOptions): void => void Object.assign(options, given)

/** Interfaces, not types: of a name that is not known yet the checker would spell out all routes times all routes. */
interface Inputs extends Asked {}
interface Answers extends Answered {}
type Asked = { [N in RouteName]: RouteInput<Routes[N]> }
type Answered = { [N in RouteName]: RouteAnswer<Routes[N]> }

let csrf: string | null = null

/** Ask the server: `call('listRecords', { params: { object: 'ticket' }, query: { limit: 20 } })`. Rejects with ApiError. */
export async function call<N extends RouteName>(name: N, asked: Inputs[N], extra: CallOptions = {}): Promise<Answers[N]> {
  const input = asked as Parts
  const [method, path] = PATHS[name].split(' ') as [string, string]
  const response = await sent(addressOf(path, input), { method, headers: { ...headersFor(method, input, extra), ...viewHeader(name, method) }, body: bodyOf(input), signal: extra.signal ?? null })
  const answer = (await response.json()) as Answers[N]
  remember(answer)
  return answer
}

/** Address of a route, for what the browser itself asks: a picture, a link to a page. */
export const addressFor = <N extends RouteName>(name: N, input: Inputs[N]): string => addressOf(PATHS[name].split(' ')[1]!, input as Parts)
/** What a request that this client does not send itself must carry to be believed. */
export const proof = (): Record<string, string> => ({ accept: 'application/json', 'accept-language': options.lang ?? 'zh', ...(csrf && { 'x-csrf-token': csrf }) })

/** Watch up to 20 things; `onChanged` gets the key of what should be asked for again. Reconnects by itself. Returns the way to stop. */
export function watch(subscriptions: readonly Subscription[], onChanged: (key: string) => void): () => void {
  const source = new EventSource(`${base()}/api/v1/stream?${new URLSearchParams({ subscriptions: JSON.stringify(subscriptions) })}`, { withCredentials: true })
  source.addEventListener('changed', (event) => onChanged((JSON.parse((event as MessageEvent<string>).data) as { key: string }).key))
  return () => source.close()
}

/** Personal things (bell, account) stay one's own; leaving is always possible. */
function viewHeader(name: RouteName, method: string): Record<string, string> {
  return options.viewAs && (VIEWABLE.has(name) || (method !== 'GET' && name !== 'signOut')) ? { [VIEW_HEADER]: options.viewAs } : {}
}

async function sent(url: string, request: RequestInit): Promise<Response> {
  const response = await (options.fetch ?? fetch)(url, { credentials: 'same-origin', ...request }).catch((cause: unknown) => { throw unreachable(cause) })
  if (!response.ok) throw new ApiError(response.status, await errorOf(response))
  return response
}

function unreachable(cause: unknown): unknown {
  if (cause instanceof DOMException && cause.name === 'AbortError') return cause
  const zh = options.lang !== 'en'
  return new ApiError(0, { code: 'UNREACHABLE', message: zh ? '连不上服务器' : 'The server cannot be reached', path: null, remedy: zh ? '请检查网络后重试' : 'Check the network and try again', requestId: null })
}

async function errorOf(response: Response): Promise<ErrorBody> {
  const body = (await response.json().catch(() => null)) as { error?: ErrorBody } | null
  return body?.error ?? { code: 'INTERNAL', message: `HTTP ${response.status}`, path: null, remedy: '', requestId: response.headers.get('x-request-id') }
}

interface Parts { params?: unknown; query?: unknown; body?: unknown }

function addressOf(path: string, input: Parts): string {
  const params = (input.params ?? {}) as Record<string, string | number>
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) if (value !== undefined) query.set(key, queryText(value))
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(params[key] ?? '')))
  return base() + filled + (query.size ? `?${query}` : '')
}

function queryText(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function headersFor(method: string, input: Parts, extra: CallOptions): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': options.lang ?? 'zh' }
  if (bodyOf(input) !== null) headers['content-type'] = 'application/json'
  if (options.key) headers['authorization'] = `Bearer ${options.key}`
  if (method === 'GET') return headers
  if (csrf) headers['x-csrf-token'] = csrf
  if (method === 'POST') headers['idempotency-key'] = extra.idempotencyKey ?? crypto.randomUUID()
  return headers
}

const bodyOf = (input: Parts): string | null => (input.body === undefined ? null : JSON.stringify(input.body))
const base = (): string => options.base ?? (typeof location === 'undefined' ? '' : (/^\/t\/[a-z0-9-]+/.exec(location.pathname)?.[0] ?? ''))

/** Who-I-am answers carry the token that proves a write came from our own page. */
function remember(answer: unknown): void {
  if (answer && typeof answer === 'object' && 'csrf' in answer) csrf = (answer as { csrf: string | null }).csrf
}
