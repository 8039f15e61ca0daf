import { memberRow } from '#kernel/access'
import { metadataOf } from '#kernel/metadata'
import type { Database, Tenant, Tx } from '#platform/db'
import { lease, type Leased, settle, type Settlement } from './outbox.ts'
import type { Channel, Result } from './types.ts'

export type Channels = Readonly<Record<string, Channel>>

/** After this many attempts a message is given up, about two days after the first. */
const MAX_ATTEMPTS = 12
const BASE_MS = 2_000
const CAP_MS = 6 * 3_600_000
/** A missing channel is looked at again this often. */
const MISSING_MS = 60_000
const AT_ONCE = 16
/** Taken together, and as many as one destination may have under way before others go first. */
const SHARE = 4
/** While something is under way it is looked this often for what else is due. */
const LOOK_MS = 500

/**
 * Sends what is due in one tenant until nothing is, or until it is `stopped`; ends when all of it has been tried, and throws what the first of them failed of.
 * Nobody waits for a destination that is slow to answer: what others are sent goes beside it.
 */
export async function sendAll(db: Database, tenant: Tenant, channels: Channels, stopped: () => boolean): Promise<void> {
  const underWay = new Map<Promise<void>, string>()
  const failures: unknown[] = []
  const begin = (message: Leased): void => {
    const trying: Promise<void> = deliver(db, tenant, { channels, random: Math.random }, message).catch((error: unknown) => void failures.push(error)).finally(() => underWay.delete(trying))
    underWay.set(trying, message.destination)
  }
  for (;;) {
    const [over, enough] = [stopped() || failures.length > 0, thoseWithEnough(underWay)]
    const free = over ? 0 : Math.min(SHARE, AT_ONCE - underWay.size)
    const leased = free === 0 ? [] : await db.mutate(tenant, (tx) => lease(tx, free, enough)).catch((error: unknown) => { failures.push(error); return [] })
    for (const message of leased) begin(message)
    if (leased.length > 0) continue
    if (underWay.size > 0) await oneEnds(underWay.keys())
    else if (over || enough.length === 0) break
  }
  if (failures.length > 0) throw failures[0]
}

const thoseWithEnough = (underWay: ReadonlyMap<unknown, string>): string[] =>
  [...Map.groupBy(underWay.values(), (destination) => destination)].filter(([, all]) => all.length >= SHARE).map(([destination]) => destination)

/** Or a while has passed. */
async function oneEnds(trying: Iterable<Promise<void>>): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, LOOK_MS)
  await Promise.race([...trying, over.promise]).finally(() => clearTimeout(timer))
}

/** One lease of it, at most; for jobs and tests. Sends what is due in one tenant; answers how many were tried. Any number of dispatchers may do so at once. Ends when all have been tried, and throws what the first of them failed of. */
export async function dispatch(db: Database, tenant: Tenant, channels: Channels, random: () => number = Math.random): Promise<number> {
  const leased = await db.mutate(tenant, (tx) => lease(tx, AT_ONCE))
  const ended = await Promise.allSettled(leased.map((message) => deliver(db, tenant, { channels, random }, message)))
  const failed = ended.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (failed) throw failed.reason
  return leased.length
}

async function deliver(db: Database, tenant: Tenant, { channels, random }: { channels: Channels; random: () => number }, message: Leased): Promise<void> {
  const channel = channels[message.channel]
  if (message.doubtful && !channel?.idempotent) return void (await close(db, tenant, message, BROKEN_OFF))
  if (await db.read(tenant, (tx) => stopped(tx, message))) return keep(db, tenant, message)
  const result: Result = channel ? await attempt(channel, tenant, message) : { is: 'missing', reason: `no channel ${message.channel}` }
  await close(db, tenant, message, settlementOf(result, { attempts: message.attempts, idempotent: channel?.idempotent ?? true, random }))
}

/** Somebody had it in hand and never said what came of it. */
const BROKEN_OFF: Settlement = { state: 'sent_unknown', delayMs: 0, result: { is: 'unknown', reason: '发送中断了，不知道有没有发出 · broken off while it was sent' } }

const KEPT = {
  off: { state: 'held', delayMs: 0, result: { is: 'held', reason: '规则没有启用 · its rule is off' } },
  own: { state: 'held', delayMs: 0, result: { is: 'held', reason: '负责人给自己的记录暂停了这条规则 · paused by the owner for their own records' } },
  gone: { state: 'dead', delayMs: 0, result: { is: 'cancelled', reason: '规则已删除 · its rule was removed' } },
} as const satisfies Record<string, Settlement>

/** Looked at again before every send: what was left before a rule was switched off does not go out after it. Null: it goes. */
async function stopped(tx: Tx, { rule, owner }: Leased): Promise<keyof typeof KEPT | null> {
  if (rule === null) return null
  const standing = (await metadataOf(tx)).rules.get(rule)
  if (!standing) return 'gone'
  if (standing.state !== 'active') return 'off'
  return owner !== null && (await memberRow(tx, owner))?.own.paused.includes(rule) === true ? 'own' : null
}

/**
 * Keeps it back, beside whoever switches a rule on: they either find it held, or it is looked at anew. What is configured cannot change between the look and the commit.
 */
const keep = (db: Database, tenant: Tenant, message: Leased): Promise<void> => db.mutate(tenant, async (tx) => {
  const [standing] = await tx.query<{ epoch: number }>('select epoch from {t}.state for share', [], { name: 'standing epoch' })
  const why = standing!.epoch === tx.epoch ? await stopped(tx, message) : null
  await settle(tx, message, why ? KEPT[why] : { ...KEPT.off, state: 'ready' })
})

const close = (db: Database, tenant: Tenant, message: Leased, settlement: Settlement): Promise<boolean> => db.mutate(tenant, (tx) => settle(tx, message, settlement))

/** A channel that throws has not said what happened. */
async function attempt(channel: Channel, { key: tenant, id, incarnation }: Tenant, { key, attempts, body }: Leased): Promise<Result> {
  try {
    return await channel.send({ tenant: { key: tenant, id, incarnation }, key, attempt: attempts, body })
  } catch (error) {
    return { is: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

interface Trying { attempts: number; idempotent: boolean; random: () => number }

/** Pure: what an outcome means for the message. */
export function settlementOf(result: Result, { attempts, idempotent, random }: Trying): Settlement {
  switch (result.is) {
    case 'delivered': return { state: 'sent', delayMs: 0, result }
    case 'refused': return { state: 'dead', delayMs: 0, result }
    case 'missing': return { state: 'ready', delayMs: MISSING_MS, result }
    case 'unknown': return idempotent ? again(result, attempts, random) : { state: 'sent_unknown', delayMs: 0, result }
    case 'later': return again(result, attempts, random)
  }
}

/** Full jitter: anywhere between now and twice as far as the last time; not before the receiver asked to be. */
function again(result: Extract<Result, { reason: string }>, attempts: number, random: () => number): Settlement {
  const asked = 'afterMs' in result ? (result.afterMs ?? 0) : 0
  if (attempts >= MAX_ATTEMPTS) return { state: 'dead', delayMs: 0, result }
  return { state: 'ready', delayMs: Math.max(asked, random() * Math.min(CAP_MS, BASE_MS * 2 ** attempts)), result }
}
