import { isAway, isRetryable, type Database, type Tenant, type Tx } from '#platform/db'
import { armNew, type Armed } from './arm.ts'
import { answer, openMemory, type Outcome } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { holdPublications, Outdated } from './queue.ts'
import type { Event, TimerDraft } from './types.ts'
import { engineContext } from './worker.ts'

export const PUMPED = 500

/**
 * Takes due timers and answers them in one transaction, by the same code as changes; any number of pumps at once. Null when none was due.
 * A timer becomes an event without a change: it takes its number from the sequence of changes, so runs have one kind of key.
 */
export async function pumpTimers(db: Database, tenant: Tenant, armed: Armed, limit: number = PUMPED): Promise<Outcome | null> {
  try {
    return await fire(db, tenant, { armed, limit, limits: () => ({ barred: new Map() }) })
  } catch (error) {
    if (isAway(error) || isRetryable(error) || limit > 1) throw isolate(error, limit)
    return fire(db, tenant, { armed, limit: 1, limits: ([event]) => ({ barred: new Map(event ? [[barKey(event.seq, nameOf(event)), messageOf(error)]] : []) }) })
  }
}

/** A batch that failed is pumped again one by one: the caller sees `PumpAlone`. */
export class PumpAlone extends Error { override name = 'PumpAlone' }
const isolate = (error: unknown, limit: number): unknown => (isAway(error) || isRetryable(error) || limit === 1 ? error : new PumpAlone(messageOf(error), { cause: error }))
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const nameOf = ({ timer }: Event): string => (timer!.kind === 'grade' ? `grading:${timer!.name}` : timer!.name)

interface Fire { armed: Armed; limit: number; limits: (events: readonly Event[]) => Limits }

async function fire(db: Database, tenant: Tenant, { armed, limit, limits }: Fire): Promise<Outcome | null> {
  const memory = openMemory()
  return db.mutate(tenant, async (tx) => {
    const [, due, state] = await Promise.all([holdPublications(tx), takeDue(tx, limit), tx.query<{ epoch: number }>('select epoch from {t}.state', [], { name: 'epoch' })])
    if (state[0]!.epoch !== tx.epoch) throw new Outdated('a publication came in between')
    const ctx = await engineContext(tx)
    await armNew(ctx, armed)
    if (due.length === 0) return null
    const events = due.map(eventFrom)
    return answer(ctx, events, limits(events), memory)
  })
}

interface Due { seq: number; kind: 'deadline' | 'grade'; payload: TimerDraft['payload'] }

const takeDue = (tx: Tx, limit: number): Promise<Due[]> =>
  tx.query<Due>(`with due as (delete from {t}.timer where key = any(array(select key from {t}.timer where due_at <= $1 order by due_at limit $2 for update skip locked)) returning kind, payload, due_at)
    select nextval('{t}.change_seq') as seq, kind, payload from (select * from due order by due_at) d`, [tx.now, limit], { name: 'take due' })

const eventFrom = ({ seq, kind, payload: { object, record, name } }: Due): Event => ({
  seq, object, record, recordVersion: 0, kind: 'timer', fields: {}, attempts: 0, actor: { kind: 'system', reason: 'timer' }, cause: { kind: 'timer', timer: name }, timer: { kind, name },
})
