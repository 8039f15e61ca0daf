import { watchCommits } from '#kernel/changes'
import { watchNotices } from '#kernel/delivery'
import type { OpenDatabase } from '#platform/db'

const CHANNEL = 'nextmove_work'
const TELL_MS = 50
const LISTEN_AGAIN_MS = 1_000

export interface Waking { stop(): Promise<void> }

/**
 * Spreads the word that a tenant has work: in this process at once, to others by one NOTIFY per 50 ms whatever the number of commits, and from
 * others over one listening connection. Words are hints; whoever misses one finds the work by looking. `onWork` absent: only tells.
 */
export function startWaking(db: OpenDatabase, onWork?: (tenant: number) => void): Waking {
  const me = crypto.randomUUID().slice(0, 8)
  const told = new Set<number>()
  const heard = (tenant: number) => { told.add(tenant); onWork?.(tenant) }
  const watching = [
    watchCommits(({ tenant, todo }) => { if (todo) heard(tenant.id) }),
    watchNotices(({ tenant, outbox }) => { if (outbox) heard(tenant.id) }),
  ]
  const telling = setInterval(() => tell(db, me, told), TELL_MS)
  telling.unref()
  const listening = onWork ? listen(db, (payload) => wakeOthers(payload, me, onWork)) : null
  return {
    stop: async () => {
      for (const end of watching) end()
      clearInterval(telling)
      await listening?.stop()
    },
  }
}

function tell({ pool }: OpenDatabase, me: string, told: Set<number>): void {
  if (told.size === 0) return
  const payload = `${me}:${[...told].join(',')}`
  told.clear()
  pool.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {})
}

function wakeOthers(payload: string, me: string, onWork: (tenant: number) => void): void {
  const [from, list = ''] = payload.split(':')
  if (from !== me) for (const id of list.split(',')) if (id) onWork(Number(id))
}

/** Keeps one connection listening; a broken one is replaced after a second. */
function listen({ pool }: OpenDatabase, hear: (payload: string) => void): { stop(): Promise<void> } {
  let stopped = false
  let end: (() => void) | undefined
  const once = async (): Promise<void> => {
    const client = await pool.connect()
    const over = new Promise<void>((resolve) => { end = resolve; client.on('error', () => resolve()); client.once('end', () => resolve()) })
    client.on('notification', ({ payload }) => hear(payload ?? ''))
    try {
      await client.query(`listen ${CHANNEL}`)
      if (stopped) end?.()
      await over
    } finally {
      // Given back whatever happens: a connection that broke while it began to listen must not stay counted.
      client.removeAllListeners('notification')
      client.release(true)
    }
  }
  const forever = (async () => {
    while (!stopped) {
      await once().catch(() => {})
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS).unref())
    }
  })()
  return { stop: () => { stopped = true; end?.(); return forever } }
}
