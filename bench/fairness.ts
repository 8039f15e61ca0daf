import { startEngine, type Engine } from '#kernel/automation'
import { applySolution } from '#kernel/solutions'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { createTenant } from '#platform/db'
import { DEPOT } from '../server/kernel/automation/testing/depot.ts'
import { benchDepot, couriers, inside, label, published } from './depot.ts'
import { sleep } from './house.ts'
import type { Report } from './report.ts'
import type { BenchTenant } from './tenant.ts'
import { percentile } from './timing.ts'

export const named = true
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10)
const ROUNDS = 5
const [RATE, TIMES] = [20, 20]

/** Two companies on one engine: how long the quiet one waits for its rules alone, and beside another that sends twenty times as much. */
export async function run(report: Report): Promise<void> {
  const quiet = await benchDepot('fairness')
  const loud: BenchTenant = { ...quiet, tenant: await createTenant(quiet.db, { key: 'loud', name: 'Loud', demo: true }), schema: '"t_loud"' }
  try {
    await quiet.db.mutate(loud.tenant, (tx) => applySolution({ tx, actor: { kind: 'system', reason: 'bench' } }, DEPOT))
    for (const home of [quiet, loud]) {
      await couriers(home, 8)
      await published(home, [{ kind: 'rule', key: 'first', state: 'active', body: { key: 'first', label: label('first'), priority: 1, trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, actions: [{ do: 'tag', add: ['a'] }, { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', values: { title: 'go', about: { record: true } } }] } }])
    }
    const listening = listen(quiet)
    await offered(quiet, listening, { rate: RATE, seconds: 2 })
    const [alone, beside]: [number[], number[]] = [[], []]
    let sent = 0
    // In turns: a machine is not the same for a minute, and of a few seconds the slowest hundredth is a handful.
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(...await offered(quiet, listening, { rate: RATE, seconds: SECONDS }))
      const flood = { over: false }
      const flooding = flooded(loud, flood)
      await sleep(1_000)
      beside.push(...await offered(quiet, listening, { rate: RATE, seconds: SECONDS }))
      flood.over = true
      sent += await flooding
      await sleep(1_000)
    }
    await listening.engine.stop()
    const [before, after] = [alone, beside].map((waits) => percentile(waits, 0.99)) as [number, number]
    report.say(`${alone.length} and ${beside.length} of the quiet one, ${sent} of the loud one meanwhile`)
    report.figure('alone-p99', before, 'ms')
    report.figure('beside-p99', after, 'ms')
    report.figure('beside-of-alone-p99', after / before, '×', { atMost: 1.5 })
  } finally {
    await quiet.close()
  }
}

interface Listening { engine: Engine; answered: () => Promise<void> }

/** Hears of every batch of the quiet one, in the process that answers. */
function listen(quiet: BenchTenant): Listening {
  let waiting: (() => void)[] = []
  const engine = startEngine({ db: quiet.db, channels: {}, workers: 2, onBatch: ({ id }) => { if (id === quiet.tenant.id) { for (const wake of waiting) wake(); waiting = [] } } })
  return { engine, answered: () => new Promise((resolve) => { waiting.push(resolve) }) }
}

/** At fixed moments a parcel comes in; from that moment until its run is there. */
async function offered(home: BenchTenant, { answered }: Listening, { rate, seconds }: { rate: number; seconds: number }): Promise<number[]> {
  const begun = performance.now()
  const one = async (n: number): Promise<number> => {
    const due = begun + (n * 1000) / rate
    await sleep(Math.max(0, due - performance.now()))
    const [written] = await inside(home, (ctx) => writeOrRefuse(ctx, [parcel(n)]))
    for (let there = 0; there === 0; ) {
      there = (await home.db.pool.query({ name: 'there', text: `select from ${home.schema}.run where record = $1 limit 1`, values: [written!.id] })).rowCount ?? 0
      if (there === 0) await Promise.race([answered(), sleep(50)])
    }
    return performance.now() - due
  }
  return Promise.all(Array.from({ length: rate * seconds }, (_, n) => one(n)))
}

async function flooded(home: BenchTenant, flood: { over: boolean }): Promise<number> {
  const begun = performance.now()
  let sent = 0
  const lanes = Array.from({ length: 4 }, async () => {
    while (!flood.over) {
      const due = begun + (sent * 1000) / (RATE * TIMES)
      sent += 8
      await sleep(Math.max(0, due - performance.now()))
      await inside(home, (ctx) => writeOrRefuse(ctx, Array.from({ length: 8 }, (_, i) => parcel(sent + i))))
    }
  })
  await Promise.all(lanes)
  return sent
}

const parcel = (n: number): Intent => ({ op: 'create', object: 'parcel', values: { name: `p${n}`, goods: 'fruit', region: '310000' } })
