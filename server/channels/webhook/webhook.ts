import { createHmac } from 'node:crypto'
import type { Channel, Outgoing, Result } from '#kernel/delivery'
import { EgressFailed, type Answer, type Egress } from '#platform/egress'

export interface WebhookOptions {
  egress: Egress
  /** The keys with which a tenant's messages are signed, the one in force first; receivers are shown it in the settings. */
  secrets(tenant: Outgoing['tenant']): Promise<readonly string[]>
  /** Unix seconds. */
  clock?: () => number
}

/**
 * POST of JSON, signed, at least once.
 *
 * `Idempotency-Key` is the same on every attempt. `X-Nextmove-Signature: t=<unix seconds>,v1=<hex>` is HMAC-SHA256 over `<t>.<body>`, one `v1` for each key that is good:
 * a receiver computes it over the raw body and refuses old `t`. 2xx is a yes; 408, 425, 429 and 5xx are tried again; every other answer ends it, redirects too.
 */
export function webhookChannel({ egress, secrets, clock = () => Math.floor(Date.now() / 1000) }: WebhookOptions): Channel {
  return {
    idempotent: true,
    send: async (outgoing) => {
      const { url, payload } = outgoing.body as { url: string; payload: unknown }
      const body = JSON.stringify(payload)
      const keys = await secrets(outgoing.tenant).catch(() => null)
      // Sealed with a key that is not here: it waits until that is brought back.
      if (!keys) return { is: 'later', reason: '签名密钥读不出：secrets.key 不在 SEAL_DIR · signing keys cannot be read' }
      const headers = { 'content-type': 'application/json', 'idempotency-key': outgoing.key, 'x-nextmove-attempt': String(outgoing.attempt), 'x-nextmove-signature': signature(body, keys, clock()) }
      try {
        return resultOf(await egress.send({ method: 'POST', url, headers, body }))
      } catch (error) {
        return failureOf(error)
      }
    },
  }
}

export const signature = (body: string, secrets: readonly string[], at: number): string =>
  [`t=${at}`, ...secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`)].join(',')

const AGAIN: ReadonlySet<number> = new Set([408, 425, 429])

function resultOf({ status, headers, body }: Answer): Result {
  if (status >= 200 && status < 300) return { is: 'delivered', detail: { status } }
  const reason = `HTTP ${status} ${body.slice(0, 200)}`.trim()
  if (!AGAIN.has(status) && status < 500) return { is: 'refused', reason }
  const afterMs = waitOf(headers['retry-after'])
  return { is: 'later', reason, ...(afterMs !== undefined && { afterMs }) }
}

/** Seconds or an HTTP date, at most a day. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 86_400_000) : undefined
}

function failureOf(error: unknown): Result {
  if (!(error instanceof EgressFailed)) throw error
  if (error.kind === 'refused') return { is: 'refused', reason: error.message }
  return { is: error.kind === 'unreachable' ? 'later' : 'unknown', reason: error.message }
}
