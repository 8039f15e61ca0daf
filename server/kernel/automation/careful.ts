import { tell } from '#kernel/delivery'
import { memberRows } from '#kernel/access'
import { isAway, isRetryable, type Database, type Tenant, type Tx } from '#platform/db'
import { answer, openMemory, type Outcome } from './batch.ts'
import { barKey, type Limits } from './decide.ts'
import { programOf } from './program.ts'
import { claimOne, countAttempts, peek, takeQueueNamed } from './queue.ts'
import { INSERT_RUNS } from './persist.ts'
import type { Event } from './types.ts'
import { engineContext } from './worker.ts'

/** After this many attempts an event is parked. */
const MAX_ATTEMPTS = 3

/** The queue's oldest events, one transaction each: what fails is found out and fails alone. Stops when another process takes the queue. */
export async function care(db: Database, tenant: Tenant, { sub, limit }: { sub: number; limit: number }): Promise<Outcome> {
  const total: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }
  for (let done = 0; done < limit; done++) {
    const outcome = await careForNext(db, tenant, sub)
    if (!outcome) break
    for (const key of Object.keys(total) as (keyof Outcome)[]) total[key] += outcome[key]
  }
  return total
}

async function careForNext(db: Database, tenant: Tenant, sub: number): Promise<Outcome | null> {
  const next = await db.mutate(tenant, async (tx) => {
    if (!(await takeQueueNamed(tx, sub))) return null
    const [oldest] = await peek(tx, sub, 1)
    if (oldest && oldest.attempts <= MAX_ATTEMPTS) await countAttempts(tx, sub, [oldest.seq])
    return oldest ?? null
  })
  if (!next) return null
  if (next.attempts > MAX_ATTEMPTS) return park(db, tenant, { sub, seq: next.seq })
  return attempt(db, tenant, { sub, seq: next.seq })
}

interface Place { sub: number; seq: number }

async function attempt(db: Database, tenant: Tenant, place: Place): Promise<Outcome> {
  try {
    return await one(db, tenant, place, { barred: new Map() })
  } catch (error) {
    if (isAway(error) || isRetryable(error)) return uncount(db, tenant, place, error)
    const barred = await culprits(db, tenant, place)
    // What is nobody's fault alone is counted, and parked in the end.
    return one(db, tenant, place, { barred }).catch(() => NONE)
  }
}

const NONE: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }

/** The database's trouble is not the event's. */
async function uncount(db: Database, tenant: Tenant, { sub, seq }: Place, error: unknown): Promise<never> {
  await db.mutate(tenant, (tx) => tx.query('update {t}.todo set attempts = greatest(0, attempts - 1) where sub = $1 and seq = $2', [sub, seq])).catch(() => {})
  throw error
}

async function one(db: Database, tenant: Tenant, { sub, seq }: Place, limits: Limits): Promise<Outcome> {
  const memory = openMemory()
  return db.mutate(tenant, async (tx) => {
    const event = (await takeQueueNamed(tx, sub)) && (await claimOne(tx, sub, seq))
    return event ? answer(await engineContext(tx), [event], limits, memory) : NONE
  })
}

/** Tries rule after rule, each with those that went well before it, and takes everything back: who fails is barred. */
async function culprits(db: Database, tenant: Tenant, place: Place): Promise<Map<string, string>> {
  const [good, barred] = [new Set<string>(), new Map<string, string>()]
  for (const rule of await rulesFor(db, tenant, place)) {
    const reason = await trial(db, tenant, place, { barred, only: new Set([...good, rule]) })
    if (reason === null) good.add(rule)
    else barred.set(barKey(place.seq, rule), reason)
  }
  return barred
}

async function rulesFor(db: Database, tenant: Tenant, { seq }: Place): Promise<string[]> {
  return db.mutate(tenant, async (tx) => {
    const [change] = await tx.query<{ object: string }>('select object from {t}.change where seq = $1', [seq])
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
      const event = await claimOne(tx, place.sub, place.seq)
      if (event) await answer(await engineContext(tx), [event], limits, memory)
      throw new TakenBack()
    })
  } catch (error) {
    if (isAway(error) || isRetryable(error)) throw error
    return error instanceof TakenBack ? null : String((error as Error).message ?? error)
  }
  return null
}

/** Takes an event out of the queue for good, visibly: a run that says so, and a word to those who look after rules. */
async function park(db: Database, tenant: Tenant, { sub, seq }: Place): Promise<Outcome> {
  return db.mutate(tenant, async (tx) => {
    const event = (await takeQueueNamed(tx, sub)) && (await claimOne(tx, sub, seq))
    if (!event) return NONE
    const ctx = await engineContext(tx)
    await keepParked(tx, event, ctx.metadata.epoch)
    await tell(tx, await alarms(tx, event, ctx.metadata))
    return { ...NONE, events: 1, runs: 1 }
  })
}

const keepParked = (tx: Tx, { seq, object, record, attempts }: Event, epoch: number): Promise<unknown> =>
  tx.query(INSERT_RUNS(1, 2, 3), [JSON.stringify([{ e: seq, r: '*', v: 0, s: 'parked', o: object, i: record, p: [], x: `attempts:${attempts}`, t: attempts }]), tx.now, epoch])

async function alarms(tx: Tx, event: Event, { roles, objects }: Awaited<ReturnType<typeof engineContext>>['metadata']) {
  const keepers = [...roles.values()].filter(({ rights }) => rights.includes('rules')).map(({ key }) => key)
  const members = [...(await memberRows(tx)).values()].filter((member) => member.active && member.roles.some((role) => keepers.includes(role)))
  const title = `自动化规则处理失败：${objects.get(event.object)?.label.zh ?? event.object} 的变更 #${event.seq} 已停放`
  return members.map(({ id }) => ({ member: id, kind: 'parked', title, body: null, object: event.object, record: event.record, groupKey: 'parked', event: event.seq, rule: '*' }))
}
