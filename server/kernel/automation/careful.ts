import { isAway, isRetryable, isTooSlow, type Database, type Tenant } from '#platform/db'
import { answer, openMemory } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { add, NOTHING, type Outcome } from './outcome.ts'
import { park } from './park.ts'
import { claimThese, countAttempts, holdPublications, peekLeastTried, takeQueueNamed } from './queue.ts'
import { MAX_ENDINGS, SUSPECT, triedNext } from './suspects.ts'
import { BATCH, engineContext } from './working.ts'

/** What is seen to fail after more attempts than this is parked. */
const MAX_ATTEMPTS = 3

/**
 * The queue's oldest events in small groups, and those that were caught twice alone, one transaction each: what fails is found out and fails alone.
 * Nobody else works on the queue meanwhile: an event whose culprit is being looked for is not counted, and parked, by others. Null: somebody else has it.
 * Of records whose turn it is, those tried least come first: what ends the process again and again keeps nobody waiting, and an innocent is not caught twice by a process that is killed.
 */
export async function care(db: Database, tenant: Tenant, { sub, limit }: { sub: number; limit: number }): Promise<Outcome | null> {
  return db.mutate(tenant, async (guard) => {
    if (!(await takeQueueNamed(guard, sub))) return null
    let total: Outcome = NOTHING
    for (let done = 0; done < limit; ) {
      const outcome = await careForNext(db, tenant, sub)
      // Also tells whether the queue is still ours.
      if (!outcome || !(await takeQueueNamed(guard, sub))) break
      done += Math.max(1, outcome.events)
      total = add(total, outcome)
    }
    return total
  })
}

async function careForNext(db: Database, tenant: Tenant, sub: number): Promise<Outcome | null> {
  const next = await db.mutate(tenant, async (tx) => {
    const next = triedNext(await peekLeastTried(tx, sub, BATCH))
    const tried = next.filter(({ attempts }) => attempts < MAX_ENDINGS).map(({ seq }) => seq)
    if (tried.length > 0) await countAttempts(tx, sub, tried)
    return next
  })
  const [first] = next
  if (!first) return null
  const place = { sub, seqs: next.map(({ seq }) => seq) }
  if (first.attempts >= MAX_ENDINGS) return parkNext(db, tenant, place)
  return place.seqs.length > 1 ? attemptTogether(db, tenant, place) : attempt(db, tenant, place, { last: first.attempts >= MAX_ATTEMPTS })
}

interface Place { sub: number; seqs: readonly number[] }

async function attemptTogether(db: Database, tenant: Tenant, place: Place): Promise<Outcome> {
  const outcome = await uncounting(db, tenant, place, () => carriedOut(db, tenant, place, { barred: new Map() }))
  if (outcome !== FAILED) return outcome
  await db.mutate(tenant, (tx) => tx.query('update {t}.todo set attempts = greatest(attempts, $3) where sub = $1 and seq = any($2::bigint[])', [place.sub, place.seqs, SUSPECT + 1]))
  return NOTHING
}

async function attempt(db: Database, tenant: Tenant, place: Place, { last }: { last: boolean }): Promise<Outcome> {
  const outcome = await uncounting(db, tenant, place, () => carriedOut(db, tenant, place, { barred: new Map() }))
  if (outcome !== FAILED) return outcome
  const rest = await uncounting(db, tenant, place, async () => carriedOut(db, tenant, place, { barred: await culprits(db, tenant, place) }))
  if (rest !== FAILED) return rest
  // What is nobody's fault alone stays counted, and is parked in the end.
  return last ? parkNext(db, tenant, place) : NOTHING
}

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
    return events.length > 0 ? answer(await engineContext(tx), events, limits, memory) : NOTHING
  })
}

/**
 * Who fails is barred: the first rule that fails together with those before it, then the next one, each trial taken back. Only rules that come to the
 * event are tried, and not each by itself: among a thousand that come, one is found in some twenty trials.
 */
async function culprits(db: Database, tenant: Tenant, place: Place): Promise<Map<string, string>> {
  const [good, barred] = [new Set<string>(), new Map<string, string>()]
  for (;;) {
    const met = new Map<string, number>()
    if (!(await trial(db, tenant, place, { barred, met }))) return barred
    const untried = [...met].sort(([, a], [, b]) => a - b).map(([rule]) => rule).filter((rule) => !good.has(rule) && !barred.has(barKey(place.seqs[0]!, rule)))
    if (untried.length === 0) return barred
    const found = await firstToFail(untried, (some) => trial(db, tenant, place, { barred, only: new Set([...good, ...some]) }))
    for (const rule of untried.slice(0, found?.at)) good.add(rule)
    if (!found) continue
    const rule = untried[found.at]!
    // Under load everything may take too long: it is the rule's doing where it does so alone and again.
    const failure = found.tooSlow ? await trial(db, tenant, place, { barred, only: new Set([rule]) }) : found
    if (failure) barred.set(barKey(place.seqs[0]!, rule), failure.reason)
    else good.add(rule)
  }
}

interface Failure { reason: string; tooSlow: boolean }

/** The first rule with which those before it fail: one, two, four of them are tried, then the last stretch is halved. Null: all together do not. */
async function firstToFail(rules: readonly string[], fails: (some: readonly string[]) => Promise<Failure | null>): Promise<Failure & { at: number } | null> {
  let [well, ill, failure] = [0, 0, null as Failure | null]
  while (failure === null) {
    if (well === rules.length) return null
    ill = Math.min(Math.max(1, well * 2), rules.length)
    failure = await fails(rules.slice(0, ill))
    if (failure === null) well = ill
  }
  while (ill - well > 1) {
    const middle = (well + ill) >> 1
    const told = await fails(rules.slice(0, middle))
    if (told === null) well = middle
    else [ill, failure] = [middle, told]
  }
  return { ...failure, at: ill - 1 }
}

class TakenBack extends Error {}

/** Null when all went well. Nothing stays. */
async function trial(db: Database, tenant: Tenant, place: Place, limits: Limits): Promise<Failure | null> {
  const memory = openMemory()
  try {
    await db.mutate(tenant, async (tx) => {
      const events = await claimThese(tx, place.sub, place.seqs)
      if (events.length > 0) await answer(await engineContext(tx), events, limits, memory)
      throw new TakenBack()
    })
  } catch (error) {
    if (isAway(error) || isRetryable(error)) throw error
    return error instanceof TakenBack ? null : { reason: String((error as Error).message ?? error), tooSlow: isTooSlow(error) }
  }
  return null
}

async function parkNext(db: Database, tenant: Tenant, { sub, seqs }: Place): Promise<Outcome> {
  return db.mutate(tenant, async (tx) => {
    const [event] = await claimThese(tx, sub, seqs)
    if (!event) return NOTHING
    await park(await engineContext(tx), event)
    return { ...NOTHING, events: 1, runs: 1 }
  })
}
