import { isAway, isRetryable, type Database, type Tenant, type Tx } from '#platform/db'
import { answer, openMemory, type Outcome } from './batch.ts'
import { care } from './careful.ts'
import { claim, countAttempts, peek, takeQueue } from './queue.ts'
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

/** One batch of one virtual queue; null when no queue has anything for us. Retryable errors and DatabaseAway are thrown, after anything else it is careful. */
export async function workQueue(db: Database, tenant: Tenant, progress: Progress, limit: number = BATCH): Promise<Outcome | null> {
  const taken: { sub: number | null; seqs: number[] } = { sub: null, seqs: [] }
  const memory = openMemory()
  try {
    return await db.mutate(tenant, async (tx) => {
      taken.sub = await takeQueue(tx, progress.cursor)
      if (taken.sub === null) return null
      if (!progress.begun.has(taken.sub)) return begin(tx, taken.sub, progress, limit)
      const events = await claim(tx, taken.sub, limit)
      taken.seqs = events.map(({ seq }) => seq)
      if (events.some((event) => suspicious(event, progress))) throw new Suspicious()
      return answer(await engineContext(tx), events, { barred: new Map() }, memory)
    })
  } catch (error) {
    if (isAway(error) || isRetryable(error) || taken.sub === null) throw error
    return recover(db, tenant, { sub: taken.sub, seqs: taken.seqs, progress, error })
  } finally {
    if (taken.sub !== null) progress.cursor = taken.sub
    for (const seq of taken.seqs) progress.counted.delete(seq)
  }
}

const NOTHING: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }

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

async function recover(db: Database, tenant: Tenant, { sub, seqs, progress, error }: { sub: number; seqs: number[]; progress: Progress; error: unknown }): Promise<Outcome> {
  if (!(error instanceof Suspicious)) {
    const uncounted = seqs.filter((seq) => !progress.counted.has(seq))
    await db.mutate(tenant, (tx) => countAttempts(tx, sub, uncounted))
  }
  return care(db, tenant, { sub, limit: Math.max(1, seqs.length) })
}
