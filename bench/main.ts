import { missed, record, reportOf, type Report } from './report.ts'

interface Bench { run(report: Report): Promise<void>; /** Runs only when it is named. */ named?: true }

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'rule-match': () => import('./rule-match.ts'),
  list: () => import('./list.ts'),
  'list-scopes': () => import('./list-scopes.ts'),
  lens: () => import('./lens.ts'),
  aggregate: () => import('./aggregate.ts'),
  intake: () => import('./intake.ts'),
  'chain-latency': () => import('./chain-latency.ts'),
  'solution-install': () => import('./solution-install.ts'),
  'demo-generation': () => import('./demo-generation.ts'),
  'cold-start': () => import('./cold-start.ts'),
  memory: () => import('./memory.ts'),
  'install-size': () => import('./install-size.ts'),
  audit: () => import('./audit.ts'),
  'assignment-replay': () => import('./assignment-replay.ts'),
  export: () => import('./export.ts'),
  erasure: () => import('./erasure.ts'),
  sweep: () => import('./sweep.ts'),
  replay: () => import('./replay.ts'),
  'fan-out': () => import('./fan-out.ts'),
  fairness: () => import('./fairness.ts'),
  'intake-1000-rules': () => import('./intake-rules.ts'),
  'chain-latency-1000-rules': () => import('./chain-latency-rules.ts'),
}

const args = process.argv.slice(2)
const wanted = args.filter((each) => !each.startsWith('--'))
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`bench: no ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}

const begin = new Date()
const LONGEST_MS = 10 * 60_000
const bound = setTimeout(() => { console.error('\nbench: ten minutes are over; the rest was not measured'); if (args.includes('--record')) record(begin); process.exit(1) }, LONGEST_MS).unref()
let broken = false
for (const [name, load] of Object.entries(BENCHES)) await measure(name, load)
clearTimeout(bound)
if (args.includes('--record')) record(begin)
const misses = missed().map(({ bench, figure }) => `${bench} ${figure}`)
console.error(`\nbench: ${broken ? 'not everything could be measured; ' : ''}${misses.length > 0 ? `missed: ${misses.join(', ')}` : 'every target that was measured is met'}`)
process.exit(broken ? 1 : 0)

async function measure(name: string, load: () => Promise<Bench>): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return
  const bench = await load()
  if (bench.named && !wanted.includes(name)) return
  const started = performance.now()
  console.error(`\n${name}`)
  try {
    await bench.run(reportOf(name))
  } catch (error) {
    broken = true
    console.error(`  ✗ ${name} broke: ${error instanceof Error ? error.stack : String(error)}`)
  }
  console.error(`    ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
