import { isAway, isRetryable, type Database, type Tenant, type Tx } from '#platform/db'
import { answer, openMemory } from './batch.ts'
import { care } from './careful.ts'
import { add, NOTHING, type Outcome } from './outcome.ts'
import { VIRTUAL_QUEUES, virtualQueue } from '#kernel/changes'
import { claim, countAttempts, peek, takeQueues } from './queue.ts'
import type { Event } from './types.ts'
import { BATCH, engineContext } from './working.ts'

/** What one process remembers of its work on a tenant. */
export interface Progress {
  /** The queue that was worked on last: the next one comes first. */
  cursor: number
  /** Queues whose first batch of this process has been counted: a batch that ends the process is careful the next time. */
  begun: Set<number>
  /** Events that this process counted without having seen them fail. */
  counted: Set<number>
}
export const openProgress = (): Progress => ({ cursor: -1, begun: new Set(), counted: new Set() })

/** Queues answered in one transaction, once the first batch of each that waits has been counted: few enough to leave work for another worker, enough that no event waits for seven batches before its own. */
const QUEUES_AT_ONCE = 4
/** Each of several queues gives half a batch at most. */
const SHARE = 2
/** Whatever else comes waits for no more than so many late events. */
const LATE = 50

/** One batch of up to four virtual queues; null when no queue has anything for us. Retryable errors and DatabaseAway are thrown, after anything else it is careful. */
export async function workQueue(db: Database, tenant: Tenant, progress: Progress, limit: number = BATCH): Promise<Outcome | null> {
  const taken: { subs: number[]; events: Event[] } = { subs: [], events: [] }
  const memory = openMemory()
  try {
    return await db.mutate(tenant, async (tx) => {
      taken.subs = await takeQueues(tx, { after: progress.cursor, known: [...progress.begun], most: QUEUES_AT_ONCE })
      taken.events = []
      const [first] = taken.subs
      if (first === undefined) return null
      if (!progress.begun.has(first)) return begin(tx, first, progress, limit)
      taken.events = await claim(tx, taken.subs, first >= VIRTUAL_QUEUES ? Math.min(limit, LATE) : taken.subs.length > 1 ? Math.ceil(limit / SHARE) : limit)
      if (taken.events.length === 0) return NOTHING
      if (taken.events.some((event) => suspicious(event, progress))) throw new Suspicious()
      return answer(await engineContext(tx), taken.events, { barred: new Map() }, memory)
    })
  } catch (error) {
    if (isAway(error) || isRetryable(error) || taken.subs.length === 0) throw error
    const seqsOf = (sub: number) => taken.events.filter(({ record }) => virtualQueue(record) === sub % VIRTUAL_QUEUES).map(({ seq }) => seq)
    let total: Outcome = NOTHING
    for (const sub of taken.subs) total = add(total, (await recover(db, tenant, { sub, seqs: seqsOf(sub), progress, error })) ?? NOTHING)
    return total
  } finally {
    if (taken.subs.length > 0) progress.cursor = taken.subs.at(-1)!
    for (const { seq } of taken.events) progress.counted.delete(seq)
  }
}

async function begin(tx: Tx, sub: number, progress: Progress, limit: number): Promise<Outcome> {
  const waiting = await peek(tx, sub, limit)
  const fresh = waiting.filter(({ attempts }) => attempts === 0).map(({ seq }) => seq)
  await countAttempts(tx, sub, fresh)
  tx.afterCommit(() => {
    progress.begun.add(sub)
    for (const seq of fresh) progress.counted.add(seq)
  })
  return NOTHING
}

class Suspicious extends Error {}
const suspicious = ({ seq, attempts }: Event, { counted }: Progress): boolean => attempts > (counted.has(seq) ? 1 : 0)

async function recover(db: Database, tenant: Tenant, { sub, seqs, progress, error }: { sub: number; seqs: number[]; progress: Progress; error: unknown }): Promise<Outcome | null> {
  if (!(error instanceof Suspicious)) {
    const uncounted = seqs.filter((seq) => !progress.counted.has(seq))
    await db.mutate(tenant, (tx) => countAttempts(tx, sub, uncounted))
  }
  return care(db, tenant, { sub, limit: Math.max(1, seqs.length) })
}
