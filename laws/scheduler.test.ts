import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { verifyTenant } from '#kernel/records'
import { ids, sqlState } from '#platform/db'
import { type Depot, depot } from '../server/kernel/automation/testing/depot.ts'
import { openProcess } from '../server/kernel/automation/testing/hand.ts'
import { CAPACITY, furnish } from './depot-deeds.ts'
import { wrongs } from './depot-truth.ts'
import { seeded } from './random.ts'
import { BRANCHING_EVERY, type Story, tell, type Telling } from './story.ts'
import { Actor, type Planted, takeTurns } from './turns.ts'

/** Stories: 200 in `npm test`, 10,000 in `npm run laws`. SCHEDULER_FIRST begins later; SCHEDULER_EVERY takes only each so many (8: those of runs that go several ways); SCHEDULER_SEED tells one again, with those before it on the same depot. */
const STORIES = Number(process.env['SCHEDULER_STORIES'] ?? (process.env['LAWS'] === 'long' ? 10_000 : 200))
const FIRST = Number(process.env['SCHEDULER_FIRST'] ?? 0)
const EVERY = Number(process.env['SCHEDULER_EVERY'] ?? 1)
const AGAIN = process.env['SCHEDULER_SEED']
/** Stories on one depot: each leaves it empty for the next. */
const TOGETHER = 25
/** Depots at once: one computes while the other waits for its database. */
const LANES = 2

/** The only chance is the seed's: whoever begins again does so at once, and ids follow each other. */
beforeAll(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  vi.spyOn(ids, 'next').mockImplementation(() => `01910000-0000-7000-8000-${(depots.getStore()!.made++).toString(16).padStart(12, '0')}`)
})
const depots = new AsyncLocalStorage<{ made: number }>()
afterAll(() => { vi.restoreAllMocks() })

interface Heard { stories: number; turns: number; codes: Map<string, number>; wrong: { seed: number; wrongs: string[] } | null }

/** `every`: only the stories of this step. */
interface Hearing { first: number; last: number; every?: number; planted?: readonly Planted[]; met?: Set<string> }

/** Stories from `first` on; one that breaks the law ends them. */
async function hear(hearing: Hearing): Promise<Heard> {
  const heard: Heard = { stories: 0, turns: 0, codes: new Map(), wrong: null }
  const together = TOGETHER * (hearing.every ?? 1)
  let next = hearing.first
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next <= hearing.last && !heard.wrong) {
      const first = next
      next += together
      await depots.run({ made: 0 }, () => onOneDepot({ ...hearing, first, last: Math.min(hearing.last, first + together - 1) }, heard))
    }
  }))
  return heard
}

async function onOneDepot({ first, last, every = 1, planted = [], met = new Set() }: Hearing, heard: Heard): Promise<void> {
  const home = await depot({ capacity: CAPACITY })
  try {
    await furnish(home)
    const processes = [openProcess(), openProcess()]
    for (let seed = first; seed <= last && !heard.wrong; seed += every) await hearOne({ home, seed, processes, planted, met }, heard)
    if (!heard.wrong) expect(await home.within((ctx) => verifyTenant(ctx))).toMatchObject({ differences: [], loads: [] })
  } finally {
    await home.drop()
  }
}

async function hearOne(telling: Telling, heard: Heard): Promise<void> {
  const { home, seed } = telling
  const since = (await home.rows<{ id: number }>('select coalesce(max(id), 0)::int as id from {t}.answered'))[0]!.id
  const story = await tell(telling).catch((error: Error) => error)
  const found = story instanceof Error ? [`${story.name}: ${story.message}`] : [...(await wrongs(home, story, since)), ...(story.codes.has('40P01') ? ['a deadlock'] : [])]
  if (found.length > 0) heard.wrong = { seed, wrongs: found }
  if (!(story instanceof Error)) count(heard, story)
  if (found.length === 0) await clear(home)
}

function count(heard: Heard, { turns, codes }: Story): void {
  heard.stories++
  heard.turns += turns
  for (const [code, times] of codes) heard.codes.set(code, (heard.codes.get(code) ?? 0) + times)
}

/** The next story begins with free hands. */
async function clear(home: Depot): Promise<void> {
  const open = await home.rows<{ id: string }>(`select id from {t}."o_parcel" where owner is not null and f_state <> 'shipped'`)
  await home.write(open.map(({ id }) => ({ op: 'update', object: 'parcel', id, values: { state: 'shipped' } })))
  await home.within(({ tx }) => tx.query('delete from {t}.todo'))
  await home.within(({ tx }) => tx.query(`delete from {t}.timer where kind in ('deadline', 'wait')`))
  await home.within(({ tx }) => tx.query('delete from {t}.wait'))
}

test('E6 E7 E10 E12 E14 E69 E80 E81 E90 E91 E92 however workers, people and the clock take turns: each event once per rule and in order, effects once, loads exact, deadlines once and in time, a pause that holds, branches that come together once', { timeout: STORIES * 2_000 }, async () => {
  const begun = performance.now()
  const [first, last] = AGAIN === undefined ? [FIRST, FIRST + STORIES - 1] : [Number(AGAIN) - (Number(AGAIN) % (TOGETHER * EVERY)), Number(AGAIN)]
  const { stories, turns, codes, wrong } = await hear({ first, last, every: EVERY })
  console.log(`scheduler law: ${stories} stories, ${turns} turns, ${JSON.stringify(Object.fromEntries(codes))}, ${Math.round((performance.now() - begun) / 1000)} s${wrong ? `; again with SCHEDULER_SEED=${wrong.seed}` : ''}`)
  expect(wrong).toBeNull()
})

test('a story goes on when a batch that failed rolls back over a connection that broke', { timeout: 15_000 }, async () => {
  const home = await depot()
  const { options } = home.db.pool as unknown as { options: object }
  const worker = new Actor('worker', { ...options, max: 1 }, { planted: [], met: new Set() })
  try {
    let sent = -Infinity
    worker.breaks = () => (++sent === 2 ? 'after' : null)
    const failing = worker.db.mutate(home.tenant, (tx) => { sent = 0; return Promise.all([tx.query('select 1 / 0'), tx.query('select 1')]) }).catch(sqlState).finally(() => { worker.over = true })
    await takeTurns([worker], seeded(1), { monitor: home.db.pool, anythingLeft: async () => null })
    expect(await failing).toBe('22012')
    expect(sent).toBe(2)
  } finally {
    await worker.db.close()
    await home.drop()
  }
})

/** What is taken away from the engine, in the words of its statements. `first`: the story from which it is looked for. */
const FAULTS: (Planted & { first?: number; every?: number })[] = [
  { name: 'an answered event stays in its queue', find: /with g as \(delete from (\S+) d using (.*?) returning d\.seq, d\.attempts\)/s, put: 'with g as (select d.seq, d.attempts from $1 d, $2)' },
  { name: 'a batch does not keep publications waiting', find: /\(select pg_advisory_xact_lock_shared\(\$1::int, 1\)\)/, put: '(select 1)' },
  { name: 'loads are not locked', find: /(from \S+member_load .*) for update( of l)?( nowait)?$/s, put: '$1' },
  { name: 'records are not locked', find: /order by r\.id for update( of r)?$/, put: 'order by r.id' },
  { name: 'a join that was passed stays', every: BRANCHING_EVERY, find: /with ended as \(delete from (\S+) where/, put: "with ended as (delete from $1 where kind <> 'join' and" },
  { name: 'a branch that is not waited for any more goes on', every: BRANCHING_EVERY, find: /state = 'dismissed' where (.*?) returning run, rule, branch\)(\s+)delete from (\S+) where/s, put: 'state = state where $1 returning run, rule, branch)$2delete from $3 where false and' },
  { name: 'whoever calls a run off forgets its branches', first: 800, every: BRANCHING_EVERY, find: /set state = 'cancelled', (carries = .*?) where/, put: "set state = 'cancelled', $1 where branch = '' and" },
  { name: 'a deadline that moved keeps its timer', find: /on conflict \(key\) do update set due_at = excluded\.due_at, payload = excluded\.payload where timer\.due_at <> excluded\.due_at/, put: 'on conflict (key) do nothing' },
]

test.each(FAULTS)('the law finds: $name', { timeout: STORIES * 2_000 }, async ({ first = 0, every = 1, ...fault }) => {
  const met = new Set<string>()
  const { stories, wrong } = await hear({ first, last: first + 200 * every - 1, every, planted: [fault], met })
  expect(met, 'its statement has been written otherwise').toEqual(new Set([fault.name]))
  expect(wrong, `not found in ${stories} stories`).not.toBeNull()
  console.log(`scheduler law: ${fault.name}: found in story ${wrong!.seed}: ${wrong!.wrongs[0]}`)
})
