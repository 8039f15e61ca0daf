import { isAway, isRetryable, type Database, type Tenant } from '#platform/db'
import { armNew, type Armed } from './arm.ts'
import { answer, openMemory, type Outcome } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { park } from './park.ts'
import { takeDue, type Due } from './due.ts'
import { holdPublications, Outdated } from './queue.ts'
import { sweepSegment } from './segments.ts'
import { sweep } from './sweep.ts'
import { timerEvent, type Event, type EventTimer } from './types.ts'
import { engineContext } from './working.ts'

const PUMPED = 500
/** The part of what was taken that is taken when a transaction begins again. */
const FEWER = 4

/**
 * Takes due timers and answers them in one transaction, by the same code as changes; any number of pumps at once. Null when none was due.
 * A timer becomes an event without a change: it takes its number from the sequence of changes, so runs have one kind of key.
 * When a batch fails, its timers are answered one by one, and the rule that cannot run fails alone.
 */
export async function pumpTimers(db: Database, tenant: Tenant, armed: Armed): Promise<Outcome | null> {
  try {
    return await fire(db, tenant, { armed, limit: PUMPED, work: answerAll() })
  } catch (error) {
    if (isAway(error) || isRetryable(error)) throw error
    return pumpAlone(db, tenant, armed)
  }
}

/** One timer, three times at most. Taken by another meanwhile, it is theirs: nobody is kept from acting for what somebody else's failed of. */
async function pumpAlone(db: Database, tenant: Tenant, armed: Armed): Promise<Outcome | null> {
  const attempts: ((error: unknown) => Work)[] = [() => answerAll(), (error) => answerAll(error), () => parkAll]
  const alone: Fire['alone'] = {}
  let error: unknown
  for (const attempt of attempts) {
    try {
      return (await fire(db, tenant, { armed, limit: 1, work: attempt(error), alone })) ?? (alone.key === undefined ? null : NOTHING)
    } catch (failure) {
      if (isAway(failure) || isRetryable(failure)) throw failure
      error = failure
    }
  }
  throw error
}

type Work = (ctx: Awaited<ReturnType<typeof engineContext>>, events: readonly Event[]) => Promise<Outcome>

/** `error`: why the events' own rules are kept from acting. */
function answerAll(error?: unknown): Work {
  const memory = openMemory()
  return (ctx, events) => answer(ctx, events, limitsFor(error === undefined ? [] : events, String((error as Error | undefined)?.message)), memory)
}

const limitsFor = (events: readonly Event[], reason: string): Limits => ({ barred: new Map(events.map((event) => [barKey(event.seq, nameOf(event)), reason])) })
const nameOf = ({ timer }: Event): string => (timer!.kind === 'grade' && !timer!.name.startsWith('segment:') ? `grading:${timer!.name}` : timer!.name)

const parkAll: Work = async (ctx, events) => {
  for (const event of events) await park(ctx, event)
  return { events: events.length, runs: events.length, notices: 0, outbox: 0 }
}

const NOTHING: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }

/** `alone`: which timer it is, once one was taken. */
interface Fire { armed: Armed; limit: number; work: Work; alone?: { key?: string } }

async function fire(db: Database, tenant: Tenant, { armed, limit, work, alone }: Fire): Promise<Outcome | null> {
  let most = limit
  return db.mutate(tenant, async (tx) => {
    // In a transaction of its own: whoever has records in hand may wait for what it sets, and it waits for no record.
    const arming = armed.epoch !== tx.epoch
    const [, due, state] = await Promise.all([holdPublications(tx), arming ? [] : takeDue(tx, most, alone?.key), tx.query<{ epoch: number }>('select epoch from {t}.state', [], { name: 'epoch' })])
    if (state[0]!.epoch !== tx.epoch) throw new Outdated('a publication came in between')
    // Should it have to begin again, it holds less.
    if (due.length > 0) most = Math.ceil(due.length / FEWER)
    const ctx = await engineContext(tx)
    if (arming) { await armNew(ctx, armed); return NOTHING }
    if (due.length === 0) return null
    if (alone) alone.key = due[0]!.key
    if (!setsOthers(due[0]!)) return work(ctx, due.map(eventFrom))
    for (const { kind, payload, at } of due) await (kind === 'schedule' ? sweep(ctx, payload.name, at) : sweepSegment(ctx, payload))
    return { ...NOTHING, events: due.length }
  })
}

const setsOthers = ({ kind }: Due): boolean => kind === 'schedule' || kind === 'segment'

const eventFrom = ({ seq, position, kind, payload }: Due): Event => timerEvent({ seq, position, kind: kind as EventTimer['kind'], ...payload })
