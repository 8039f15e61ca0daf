import { isAway, isRetryable, type Database, type Tenant } from '#platform/db'
import type { Context } from '#kernel/access'
import { armAgain, armNew, openArmed, type Armed } from './arm.ts'
import { answer, openMemory } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { setsOthers, takeDue, type Due } from './due.ts'
import { countEnding, countOldest, leftBehind } from './left-behind.ts'
import { NOTHING, type Outcome } from './outcome.ts'
import { park } from './park.ts'
import { programOf } from './program.ts'
import { holdPublications, Outdated } from './queue.ts'
import { putOffSegment, sweepSegment } from './segments.ts'
import { MAX_ENDINGS } from './suspects.ts'
import { setSchedules, sweep } from './sweep.ts'
import { timerEvent, type Event, type EventTimer } from './types.ts'
import { engineContext } from './working.ts'

const PUMPED = 500
/** The part of what was taken that is taken when a transaction begins again. */
const FEWER = 4
/** Arming that failed is tried again after so long; timers come meanwhile. */
const ARM_AGAIN_MS = 60_000

/**
 * What a process remembers of a tenant's timers. `most`: how many it takes at once. `restsUntil`: when it arms again after a failure, by `performance.now()`.
 * `left`: whether it has looked after what others left behind; `met`: which of it.
 */
export interface Pump extends Armed { most: number; restsUntil: number; left: 'unknown' | 'looked at' | 'done'; met: Set<string> }
/** `begins`: with it a process begins to work on the tenant. */
export const openPump = ({ begins = false }: { begins?: boolean } = {}): Pump => ({ ...openArmed(), most: PUMPED, restsUntil: -Infinity, left: begins ? 'unknown' : 'done', met: new Set() })

/**
 * Takes due timers and answers them in one transaction, by the same code as changes; any number of pumps at once. Null when none was due.
 * A timer becomes an event without a change: it takes its number from the sequence of changes, so runs have one kind of key.
 * A batch that fails is halved until it goes well or one timer is left; that one is answered without its own rule, and parked if that does not help either.
 */
export async function pumpTimers(db: Database, tenant: Tenant, pump: Pump): Promise<Outcome | null> {
  if (pump.left !== 'done' && pump.epoch > 0) return pump.left === 'unknown' ? careForLeft(db, tenant, pump) : null
  for (;;) {
    const taken: Taken = { due: [], arming: false }
    try {
      const outcome = await fire(db, tenant, { pump, limit: pump.most, work: answerAll(), taken })
      if (outcome) pump.most = Math.min(PUMPED, 2 * pump.most)
      return outcome
    } catch (error) {
      if (isAway(error) || isRetryable(error)) throw error
      if (taken.arming) { pump.restsUntil = performance.now() + ARM_AGAIN_MS; throw error }
      const [only] = taken.due
      if (only === undefined) throw error
      pump.most = Math.max(1, taken.due.length >> 1)
      if (taken.due.length === 1) return pumpBarred(db, tenant, pump, { keys: [only.key], error })
    }
  }
}

/** What a process left behind that ended with it in hand: in small groups, then alone, each once in the life of this one; what none of eight survived is parked. In the end the oldest are counted as in hand. */
async function careForLeft(db: Database, tenant: Tenant, pump: Pump): Promise<Outcome> {
  pump.left = 'looked at'
  try {
    const left = await db.mutate(tenant, async (tx) => {
      const found = await leftBehind(tx, pump.met)
      await (found.length > 0 ? countEnding(tx, found.map(({ key }) => key)) : countOldest(tx, PUMPED))
      return found
    })
    const keys = left.map(({ key }) => key)
    for (const key of keys) pump.met.add(key)
    if (keys.length === 0) { pump.left = 'done'; pump.met.clear(); return NOTHING }
    const isDeadly = left[0]!.attempts >= MAX_ENDINGS
    return (await fire(db, tenant, { pump, limit: keys.length, work: isDeadly ? parkAll() : answerAll(), keys })) ?? NOTHING
  } catch (error) {
    if (isAway(error) || isRetryable(error)) throw error
    // It failed and did not end us: it comes with the others.
    return NOTHING
  } finally {
    if (pump.left === 'looked at') pump.left = 'unknown'
  }
}

/** One timer that has failed. Taken by another meanwhile, it is theirs: nobody is kept from acting for what somebody else's failed of. */
async function pumpBarred(db: Database, tenant: Tenant, pump: Pump, { keys, error }: { keys: readonly string[]; error: unknown }): Promise<Outcome> {
  const alone = async (work: Work): Promise<Outcome> => (await fire(db, tenant, { pump, limit: 1, work, keys })) ?? NOTHING
  return alone(answerAll(error)).catch((failure: unknown) => {
    if (isAway(failure) || isRetryable(failure)) throw failure
    return alone(parkAll(failure))
  })
}

type Work = (ctx: Context, due: readonly Due[]) => Promise<Outcome>

/** `error`: why the timers' own rules are kept from acting. */
function answerAll(error?: unknown): Work {
  const memory = openMemory()
  return async (ctx, due) => {
    if (due.some(setsOthers)) return sweepAll(ctx, due)
    const events = due.map(eventFrom)
    return answer(ctx, events, limitsFor(error === undefined ? [] : events, reasonOf(error)), memory)
  }
}

const reasonOf = (error: unknown): string => String((error as Error | undefined)?.message ?? error)
const limitsFor = (events: readonly Event[], reason: string): Limits => ({ barred: new Map(events.map((event) => [barKey(event.seq, nameOf(event)), reason])) })
const nameOf = ({ timer }: Event): string => (timer!.kind === 'grade' && !timer!.name.startsWith('segment:') ? `grading:${timer!.name}` : timer!.name)

async function sweepAll(ctx: Context, due: readonly Due[]): Promise<Outcome> {
  for (const each of due) await (each.kind === 'schedule' ? sweep(ctx, each) : each.kind === 'segment' ? sweepSegment(ctx, each.payload) : armAgain(ctx, each))
  return { ...NOTHING, events: due.length }
}

/** What comes again and again misses this time only. */
const parkAll = (failure?: unknown): Work => async (ctx, due) => {
  for (const each of due) {
    const rule = programOf(ctx.metadata).rules.get(each.payload.name)
    if (each.kind === 'schedule' && rule?.rule.trigger.on === 'schedule') await setSchedules(ctx, [rule])
    if (each.kind === 'segment') await putOffSegment(ctx, each.payload)
    await park(ctx, eventFrom(each), failure === undefined ? null : reasonOf(failure))
  }
  return { ...NOTHING, events: due.length, runs: due.length }
}

/** Of the last attempt: what was in hand when it failed. */
interface Taken { due: readonly Due[]; arming: boolean }
interface Fire { pump: Pump; limit: number; work: Work; keys?: readonly string[]; taken?: Taken }

async function fire(db: Database, tenant: Tenant, { pump, limit, work, keys, taken = { due: [], arming: false } }: Fire): Promise<Outcome | null> {
  let most = limit
  return db.mutate(tenant, async (tx) => {
    // In a transaction of its own: whoever has records in hand may wait for what it sets, and it waits for no record.
    taken.arming = pump.epoch !== tx.epoch && performance.now() >= pump.restsUntil
    const [, due, state] = await Promise.all([holdPublications(tx), taken.arming ? [] : takeDue(tx, most, keys), tx.query<{ epoch: number }>('select epoch from {t}.state', [], { name: 'epoch' })])
    taken.due = due
    if (state[0]!.epoch !== tx.epoch) throw new Outdated('a publication came in between')
    // Should it have to begin again, it holds less.
    if (due.length > 0) most = Math.ceil(due.length / FEWER)
    const ctx = await engineContext(tx)
    if (taken.arming) { await armNew(ctx, pump); return NOTHING }
    return due.length === 0 ? null : work(ctx, due)
  })
}

const eventFrom = ({ seq, position, kind, payload }: Due): Event => timerEvent({ seq, position, kind: kind as EventTimer['kind'], ...payload })
