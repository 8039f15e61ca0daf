import { isAway, isRetryable, type Database, type Tenant, type Tx } from '#platform/db'
import { armNew, type Armed } from './arm.ts'
import { answer, openMemory, type Outcome } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { park } from './park.ts'
import { holdPublications, Outdated } from './queue.ts'
import { sweepSegment } from './segments.ts'
import { sweep } from './sweep.ts'
import { timerEvent, type Event, type EventTimer, type TimerDraft } from './types.ts'
import { engineContext } from './working.ts'

const PUMPED = 500

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
  return db.mutate(tenant, async (tx) => {
    // In a transaction of its own: whoever has records in hand may wait for what it sets, and it waits for no record.
    const arming = armed.epoch !== tx.epoch
    const [, due, state] = await Promise.all([holdPublications(tx), arming ? [] : takeDue(tx, limit, alone?.key), tx.query<{ epoch: number }>('select epoch from {t}.state', [], { name: 'epoch' })])
    if (state[0]!.epoch !== tx.epoch) throw new Outdated('a publication came in between')
    const ctx = await engineContext(tx)
    if (arming) { await armNew(ctx, armed); return NOTHING }
    if (due.length === 0) return null
    if (alone) alone.key = due[0]!.key
    const schedules = due.filter(({ kind }) => kind === 'schedule' || kind === 'segment')
    const others = due.filter((each) => !schedules.includes(each))
    if (schedules.length === 0) return work(ctx, others.map(eventFrom))
    for (const { kind, payload, at } of schedules) await (kind === 'schedule' ? sweep(ctx, payload.name, at) : sweepSegment(ctx, payload))
    // Whoever sets many timers waits for no record: the others come in the next transaction.
    if (others.length > 0) await putBack(tx, others)
    return { ...NOTHING, events: schedules.length }
  })
}

const putBack = (tx: Tx, timers: readonly Due[]): Promise<unknown> =>
  tx.query(`insert into {t}.timer (key, due_at, kind, payload) select k, d, c, p from json_to_recordset($1) as x(k text, d timestamptz, c text, p jsonb) order by k on conflict (key) do update set due_at = least(timer.due_at, excluded.due_at)`,
    [JSON.stringify(timers.map(({ key, at, kind, payload }) => ({ k: key, d: at, c: kind, p: payload })))], { name: 'put back' })

interface Due { key: string; seq: number; position: number; at: Date; kind: TimerDraft['kind']; payload: TimerDraft['payload'] }

const takeDue = (tx: Tx, limit: number, key: string | null = null): Promise<Due[]> =>
  tx.query<Due>(`with due as (delete from {t}.timer where key = any(array(select key from {t}.timer where due_at <= $1${key === null ? '' : ' and key = $3'} order by due_at limit $2 for update skip locked)) returning key, kind, payload, due_at)
    select (select last_value from {t}.change_seq) as position, nextval('{t}.change_seq') as seq, due_at as at, key, kind, payload from (select * from due order by due_at) d`, [tx.now, limit, ...(key === null ? [] : [key])], { name: key === null ? 'take due' : 'take one due' })

const eventFrom = ({ seq, position, kind, payload }: Due): Event => timerEvent({ seq, position, kind: kind as EventTimer['kind'], ...payload })
