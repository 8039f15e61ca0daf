import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** One measured number. `target` null: told for understanding, nothing is promised. */
export interface Figure { bench: string; figure: string; value: number; unit: string; target: string | null; ok: boolean | null }
/** A promise: the value is at most, or at least, this. */
export type Target = { atMost: number } | { atLeast: number }
export interface Report { figure(name: string, value: number, unit: string, target?: Target): void; say(text: string): void }

const told: Figure[] = []

/** Figures go to stdout, one JSON line each; everything for people goes to stderr. */
export const reportOf = (bench: string): Report => ({
  figure(figure, value, unit, target) {
    const line: Figure = { bench, figure, value: rounded(value), unit, target: target ? spelt(target) : null, ok: target ? meets(value, target) : null }
    told.push(line)
    console.log(JSON.stringify(line))
    console.error(`  ${line.ok === null ? '·' : line.ok ? '✓' : '✗'} ${figure.padEnd(34)} ${String(line.value).padStart(12)} ${unit}${line.target ? `   (${line.target})` : ''}`)
  },
  say: (text) => console.error(`    ${text}`),
})

export const missed = (): Figure[] => told.filter(({ ok }) => ok === false)

const spelt = (target: Target): string => ('atMost' in target ? `<= ${target.atMost}` : `>= ${target.atLeast}`)
const meets = (value: number, target: Target): boolean => ('atMost' in target ? value <= target.atMost : value >= target.atLeast)
const rounded = (value: number): number => (Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)))

const RESULTS = path.join(import.meta.dirname, 'RESULTS.md')

/** Append what was told to RESULTS.md with the day and the machine; `busy`: how much others used of it meanwhile. */
export function record(begin: Date): void {
  if (!existsSync(RESULTS)) writeFileSync(RESULTS, '# Results\n\nWritten by `npm run bench -- --record`; what each figure means stands in README.md.\n')
  const load = os.loadavg().map((each) => each.toFixed(1)).join(' ')
  const lines = told.map(({ bench, figure, value, unit, target, ok }) => `| ${bench} | ${figure} | ${value} ${unit} | ${target ?? ''} | ${ok === null ? '' : ok ? 'met' : '**missed**'} |`)
  appendFileSync(RESULTS, `\n## ${begin.toISOString().slice(0, 16)}Z · ${machine()} · load at the end ${load}\n\n| bench | figure | value | target | |\n|---|---|---|---|---|\n${lines.join('\n')}\n`)
}

function machine(): string {
  const processors = os.cpus()
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${system()}, Node ${process.versions.node}`
}

const system = (): string => (existsSync('/etc/os-release') ? (/^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.platform()) : os.platform())
