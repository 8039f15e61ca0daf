import { isAway, isRetryable, type Database, type Tenant } from '#platform/db'
import { answer, openMemory, type Outcome } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { park } from './park.ts'
import { programOf } from './program.ts'
import { claimThese, countAttempts, holdPublications, peekLeastTried, takeQueueNamed, type Waiting } from './queue.ts'
import { BATCH, engineContext } from './working.ts'

/** After this many attempts an event is parked. */
const MAX_ATTEMPTS = 3

/** Events tried together when one is careful: what a process that was killed leaves behind is mostly innocent (measured: 2,400 events of 100 kills, one by one, took longer than two minutes). */
const TOGETHER = 32
/** What has been tried more often than this is tried alone. */
const SUSPECT = 1

/**
 * The queue's oldest events in small groups, and those that were caught twice alone, one transaction each: what fails is found out and fails alone.
 * Nobody else works on the queue meanwhile: an event whose culprit is being looked for is not counted, and parked, by others. Null: somebody else has it.
 * Of records whose turn it is, those tried least come first: what ends the process again and again keeps nobody waiting, and an innocent is not caught twice by a process that is killed.
 */
export async function care(db: Database, tenant: Tenant, { sub, limit }: { sub: number; limit: number }): Promise<Outcome | null> {
  return db.mutate(tenant, async (guard) => {
    if (!(await takeQueueNamed(guard, sub))) return null
    const total: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }
    for (let done = 0; done < limit; ) {
      const outcome = await careForNext(db, tenant, sub)
      // Also tells whether the queue is still ours.
      if (!outcome || !(await takeQueueNamed(guard, sub))) break
      done += Math.max(1, outcome.events)
      for (const key of Object.keys(total) as (keyof Outcome)[]) total[key] += outcome[key]
    }
    return total
  })
}

async function careForNext(db: Database, tenant: Tenant, sub: number): Promise<Outcome | null> {
  const next = await db.mutate(tenant, async (tx) => {
    const next = careful(await peekLeastTried(tx, sub, BATCH))
    const tried = next.filter(({ attempts }) => attempts <= MAX_ATTEMPTS).map(({ seq }) => seq)
    if (tried.length > 0) await countAttempts(tx, sub, tried)
    return next
  })
  const [first] = next
  if (!first) return null
  if (first.attempts > MAX_ATTEMPTS) return parkNext(db, tenant, { sub, seqs: [first.seq] })
  const place = { sub, seqs: next.map(({ seq }) => seq) }
  return place.seqs.length > 1 ? attemptTogether(db, tenant, place) : attempt(db, tenant, place)
}

/** What is tried next: together while nothing speaks against it, else one alone. */
function careful(leastTried: readonly Waiting[]): readonly Waiting[] {
  const innocent = leastTried.filter(({ attempts }) => attempts <= SUSPECT).slice(0, TOGETHER)
  return innocent.length > 0 ? innocent : leastTried.slice(0, 1)
}

interface Place { sub: number; seqs: readonly number[] }

async function attemptTogether(db: Database, tenant: Tenant, place: Place): Promise<Outcome> {
  const outcome = await uncounting(db, tenant, place, () => carriedOut(db, tenant, place, { barred: new Map() }))
  if (outcome !== FAILED) return outcome
  await db.mutate(tenant, (tx) => tx.query('update {t}.todo set attempts = greatest(attempts, $3) where sub = $1 and seq = any($2::bigint[])', [place.sub, place.seqs, SUSPECT + 1]))
  return NONE
}

async function attempt(db: Database, tenant: Tenant, place: Place): Promise<Outcome> {
  const outcome = await uncounting(db, tenant, place, () => carriedOut(db, tenant, place, { barred: new Map() }))
  if (outcome !== FAILED) return outcome
  const rest = await uncounting(db, tenant, place, async () => carriedOut(db, tenant, place, { barred: await culprits(db, tenant, place) }))
  // What is nobody's fault alone stays counted, and is parked in the end.
  return rest === FAILED ? NONE : rest
}

const NONE: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }
const FAILED = Symbol('failed')

/** The database's trouble is not the event's: it does not count as an attempt. */
async function uncounting(db: Database, tenant: Tenant, { sub, seqs }: Place, work: () => Promise<Outcome>): Promise<Outcome | typeof FAILED> {
  try {
    return await work()
  } catch (error) {
    if (!isAway(error) && !isRetryable(error)) return FAILED
    await db.mutate(tenant, (tx) => tx.query('update {t}.todo set attempts = greatest(0, attempts - 1) where sub = $1 and seq = any($2::bigint[])', [sub, seqs])).catch(() => {})
    throw error
  }
}

async function carriedOut(db: Database, tenant: Tenant, { sub, seqs }: Place, limits: Limits): Promise<Outcome> {
  const memory = openMemory()
  return db.mutate(tenant, async (tx) => {
    await holdPublications(tx)
    const events = await claimThese(tx, sub, seqs)
    return events.length > 0 ? answer(await engineContext(tx), events, limits, memory) : NONE
  })
}

/** Tries rule after rule, each with those that went well before it, and takes everything back: who fails is barred. */
async function culprits(db: Database, tenant: Tenant, place: Place): Promise<Map<string, string>> {
  const [good, barred] = [new Set<string>(), new Map<string, string>()]
  for (const rule of await rulesFor(db, tenant, place)) {
    const reason = await trial(db, tenant, place, { barred, only: new Set([...good, rule]) })
    if (reason === null) good.add(rule)
    else barred.set(barKey(place.seqs[0]!, rule), reason)
  }
  return barred
}

async function rulesFor(db: Database, tenant: Tenant, { seqs }: Place): Promise<string[]> {
  return db.mutate(tenant, async (tx) => {
    const [change] = await tx.query<{ object: string }>('select object from {t}.change where seq = any($1::bigint[])', [seqs])
    const { rules } = programOf((await engineContext(tx)).metadata)
    return [...rules.values()].filter(({ rule }) => rule.trigger.object === change?.object).map(({ rule }) => rule.key)
  })
}

class TakenBack extends Error {}

/** Null when all went well; else the reason. Nothing stays. */
async function trial(db: Database, tenant: Tenant, place: Place, limits: Limits): Promise<string | null> {
  const memory = openMemory()
  try {
    await db.mutate(tenant, async (tx) => {
      const events = await claimThese(tx, place.sub, place.seqs)
      if (events.length > 0) await answer(await engineContext(tx), events, limits, memory)
      throw new TakenBack()
    })
  } catch (error) {
    if (isAway(error) || isRetryable(error)) throw error
    return error instanceof TakenBack ? null : String((error as Error).message ?? error)
  }
  return null
}

async function parkNext(db: Database, tenant: Tenant, { sub, seqs }: Place): Promise<Outcome> {
  return db.mutate(tenant, async (tx) => {
    const [event] = await claimThese(tx, sub, seqs)
    if (!event) return NONE
    await park(await engineContext(tx), event)
    return { ...NONE, events: 1, runs: 1 }
  })
}
