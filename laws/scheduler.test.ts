import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { verifyTenant } from '#kernel/records'
import { ids } from '#platform/db'
import { type Depot, depot } from '../server/kernel/automation/testing/depot.ts'
import { openProcess } from '../server/kernel/automation/testing/hand.ts'
import { CAPACITY, furnish } from './depot-deeds.ts'
import { wrongs } from './depot-truth.ts'
import { type Story, tell, type Telling } from './story.ts'
import type { Planted } from './turns.ts'

/** Stories: 200 in `npm test`, 10,000 in `npm run laws`. SCHEDULER_SEED tells one again, with those before it on the same depot. */
const STORIES = Number(process.env['SCHEDULER_STORIES'] ?? (process.env['LAWS'] === 'long' ? 10_000 : 200))
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

interface Hearing { first: number; last: number; planted?: readonly Planted[]; met?: Set<string> }

/** Stories from `first` on; one that breaks the law ends them. */
async function hear(hearing: Hearing): Promise<Heard> {
  const heard: Heard = { stories: 0, turns: 0, codes: new Map(), wrong: null }
  let next = hearing.first
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next <= hearing.last && !heard.wrong) {
      const first = next
      next += TOGETHER
      await depots.run({ made: 0 }, () => onOneDepot({ ...hearing, first, last: Math.min(hearing.last, first + TOGETHER - 1) }, heard))
    }
  }))
  return heard
}

async function onOneDepot({ first, last, planted = [], met = new Set() }: Hearing, heard: Heard): Promise<void> {
  const home = await depot({ capacity: CAPACITY })
  try {
    await furnish(home)
    const processes = [openProcess(), openProcess()]
    for (let seed = first; seed <= last && !heard.wrong; seed++) await hearOne({ home, seed, processes, planted, met }, heard)
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
  await home.within(({ tx }) => tx.query(`delete from {t}.timer where kind = 'deadline'`))
}

test('E6 E7 E10 E12 E14 E80 E81 however workers, people and the clock take turns: each event once per rule and in order, effects once, loads exact, deadlines once and in time, a pause that holds', { timeout: STORIES * 2_000 }, async () => {
  const begun = performance.now()
  const [first, last] = AGAIN === undefined ? [0, STORIES - 1] : [Number(AGAIN) - (Number(AGAIN) % TOGETHER), Number(AGAIN)]
  const { stories, turns, codes, wrong } = await hear({ first, last })
  console.log(`scheduler law: ${stories} stories, ${turns} turns, ${JSON.stringify(Object.fromEntries(codes))}, ${Math.round((performance.now() - begun) / 1000)} s${wrong ? `; again with SCHEDULER_SEED=${wrong.seed}` : ''}`)
  expect(wrong).toBeNull()
})

/** What is taken away from the engine, in the words of its statements. */
const FAULTS: Planted[] = [
  { name: 'an answered event stays in its queue', find: /with g as \(delete from (\S+) d using (.*?) returning d\.seq, d\.attempts\)/s, put: 'with g as (select d.seq, d.attempts from $1 d, $2)' },
  { name: 'a batch does not keep publications waiting', find: /\(select pg_advisory_xact_lock_shared\(\$1::int, 1\)\)/, put: '(select 1)' },
  { name: 'loads are not locked', find: /(from \S+member_load .*) for update( of l)?( nowait)?$/s, put: '$1' },
  { name: 'records are not locked', find: /order by r\.id for update( of r)?$/, put: 'order by r.id' },
  { name: 'a deadline that moved keeps its timer', find: /on conflict \(key\) do update set due_at = excluded\.due_at, payload = excluded\.payload where timer\.due_at <> excluded\.due_at/, put: 'on conflict (key) do nothing' },
]

test.each(FAULTS)('the law finds: $name', { timeout: STORIES * 2_000 }, async (fault) => {
  const met = new Set<string>()
  const { stories, wrong } = await hear({ first: 0, last: 199, planted: [fault], met })
  expect(met, 'its statement has been written otherwise').toEqual(new Set([fault.name]))
  expect(wrong, `not found in ${stories} stories`).not.toBeNull()
  console.log(`scheduler law: ${fault.name}: found in story ${wrong!.seed}: ${wrong!.wrongs[0]}`)
})
