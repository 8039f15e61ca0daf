import { isAway, isRetryable } from '#platform/db'
import type { Depot } from '../server/kernel/automation/testing/depot.ts'
import { oneBatch, openProcess, type Process } from '../server/kernel/automation/testing/hand.ts'
import { drawDeeds, noteEra } from './depot-deeds.ts'
import type { Told } from './depot-told.ts'
import { seeded, type Random } from './random.ts'
import { Actor, type Break, stir, takeTurns, type Planted } from './turns.ts'

export interface Telling { home: Depot; seed: number; processes: Process[]; planted?: readonly Planted[]; /** Faults whose statement came by. */ met?: Set<string> }
/** One story in eight is of runs that go several ways at once. */
export const BRANCHING_EVERY = 8

export interface Story extends Told { turns: number; codes: ReadonlyMap<string, number>; workers: number }

/**
 * One short story of a depot: forms, people who edit, a publisher and a clock beside two to four workers. All their statements take turns by the seed,
 * and in some stories connections break. Ids and choices are the seed's; only who decides about runs chooses among those that stand there then.
 */
export async function tell({ home, seed, processes, planted = [], met = new Set() }: Telling): Promise<Story> {
  const random = seeded(seed)
  const roll = (n: number): number => Math.floor(random() * n)
  const cast = (kind: number, count: number): string[] => Array.from({ length: count }, (_, n) => `0190${kind}000-0000-7000-8000-${String(seed).padStart(8, '0')}${(n * 16 + roll(16)).toString(16).padStart(4, '0')}`)
  const isBranching = seed % BRANCHING_EVERY === 0
  const told: Told = { parcels: cast(1, 1 + roll(isBranching ? 2 : 3)), errands: cast(2, 1), eras: new Map(), ranWhilePaused: 0, actedWhileOff: 0 }
  const deeds = drawDeeds({ home, roll, told }, isBranching)
  const [hands, limit, fragile, shared] = [[2, 2, 3, 4][roll(isBranching ? 3 : 4)]!, [1, 2, 200][roll(3)]!, roll(4) === 0, openProcess()]
  const { options } = home.db.pool as unknown as { options: object }
  const actor = (name: string): Actor => new Actor(name, { ...options, max: 2 }, { planted, met })
  const people = Object.entries(deeds).map(([name, each]) => ({ actor: actor(name), deeds: each }))
  const workers = Array.from({ length: hands }, (_, n) => ({ actor: actor(`worker ${n}`), process: [processes[n % processes.length]!, shared, openProcess()][roll(3)]! }))
  const all = [...people, ...workers].map((each) => each.actor)
  const breaking = breakages(seed)
  const hints = seeded(~seed)
  const stirred = (): void => stir(all, hints)
  await noteEra(home, told)
  const works = [
    ...people.map((each) => act(each.actor, each.deeds, stirred)),
    ...workers.map(({ actor: worker, process }, n) => {
      if (fragile) worker.breaks = () => breaking(n)
      return labour(worker, stirred, () => oneBatch(worker.db, home.tenant, { ...process, limit }))
    }),
  ]
  const ended = Promise.all(works.map((work, i) => work.finally(() => { all[i]!.over = true })))
  ended.catch(() => {})
  try {
    const turns = await takeTurns(all, random, { monitor: home.db.pool, anythingLeft: () => anythingLeft(home) })
    await ended
    return { ...told, turns, codes: sum(all), workers: hands }
  } finally {
    for (const each of all) each.stop()
    await Promise.allSettled(works)
    await Promise.all(all.map(({ db }) => db.close()))
  }
}

async function act(actor: Actor, deeds: readonly ((actor: Actor) => Promise<unknown>)[], stirred: () => void): Promise<void> {
  for (const deed of deeds) {
    await deed(actor)
    stirred()
  }
}

/** As a worker of the engine: batch after batch, resting while nothing is there; trouble of the database is not its own. */
async function labour(actor: Actor, stirred: () => void, batch: () => Promise<unknown>): Promise<void> {
  for (let more = true; more && !actor.stopped; ) {
    actor.told = false
    const done = await batch().catch((error: unknown) => { if (!isAway(error) && !isRetryable(error)) throw error; return 'again' })
    if (done === null) more = await actor.rest()
    else stirred()
  }
}

/** Two at most: what is caught by a third may be parked. */
function breakages(seed: number): (worker: number) => Break | null {
  const chances = new Map<number, Random>()
  let left = 2
  return (worker) => {
    const chance = chances.get(worker) ?? seeded(seed * 31 + worker)
    chances.set(worker, chance)
    const dice = left > 0 ? chance() : 1
    if (dice < 0.02) left--
    return dice < 0.01 ? 'before' : dice < 0.02 ? 'after' : null
  }
}

async function anythingLeft({ rows, tenant }: Depot): Promise<string | null> {
  const [left] = await rows<{ left: string }>(`select 'event ' || seq as left from {t}.todo union all
    select key from {t}.timer where due_at <= (select clock_timestamp() + clock_offset_ms * interval '1 millisecond' from nextmove.tenant where id = $1) limit 1`, [tenant.id])
  return left?.left ?? null
}

function sum(actors: readonly Actor[]): Map<string, number> {
  const codes = new Map<string, number>()
  for (const actor of actors) for (const [code, times] of actor.codes) codes.set(code, (codes.get(code) ?? 0) + times)
  return codes
}
