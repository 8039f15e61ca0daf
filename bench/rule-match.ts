import { ZenEngine } from '@gorules/zen-engine'
import { Engine as JsonRules, type RuleProperties, type TopLevelCondition } from 'json-rules-engine'
import { buildRuleIndex, checkCondition, NOTHING_SEEN, schemaOf, type BindContext, type Condition, type Image } from '#language/conditions'
import type { Definitions } from '#language/conditions'
import { loadSolution } from '../solutions/index.ts'
import type { Report } from './report.ts'
import { workingCalendar } from '#language/values'

/** A rule in the three languages: ours, a condition of json-rules-engine, a row of a zen decision table. */
interface Rule { ours: Condition; json: TopLevelCondition; zen: Readonly<Record<string, string>> }
type Leaf = readonly [field: keyof Event, op: 'eq' | 'ge' | 'le' | 'contains' | 'in' | 'has', value: string | number | readonly string[]]
/** What an event says; `tags` by key. */
interface Event { company: string; page_url: string; industry: string; budget_min: number; budget_max: number; tags: readonly string[] }

const SIZES = [10, 100, 1_000, 10_000] as const
const solution = loadSolution('crm')
const TAGS = new Map(solution.tag.map(({ key }, i) => [key, i + 1]))
const LEADS = schemaOf('lead', { objects: solution.object, dictionaries: solution.dictionary, tags: [...TAGS].map(([key, id]) => ({ key, id })) } satisfies Definitions)
const AT: BindContext = { now: new Date('2026-11-22T06:00:00Z'), zone: 'Asia/Shanghai', me: 1, myTeams: [], calendar: workingCalendar() }

/**
 * The same events against 10 to 10,000 rules. The first ten rules are met by some of the events; every further one is
 * narrowly missed by all, so that the same number of rules match at every size.
 */
export async function run(report: Report): Promise<void> {
  const events = Array.from({ length: 64 }, (_, i) => eventOf(i))
  const own = new Map<number, number>()
  for (const size of SIZES) {
    const rules = Array.from({ length: size }, (_, i) => ruleOf(i))
    const expected = events.map((event) => rules.slice(0, MET.length).flatMap((rule, i) => (MET[i]!.every((leaf) => plainly(leaf, event)) ? [i] : [])))
    const ours = oursOf(rules)
    agree(events.map((event) => ours(imageOf(event))), expected, `own ${size}`)
    own.set(size, measured(events.map(imageOf), ours, 700))
    report.figure(`own-${size}`, own.get(size)! * 1000, 'µs/event')
    if (size > 1_000) continue
    for (const [name, engine] of Object.entries({ 'json-rules-engine': jsonOf(rules), zen: zenOf(rules) })) {
      const sample = size === 1_000 ? events.slice(0, 16) : events
      agree(await inTurn(sample, engine), expected.slice(0, sample.length), `${name} ${size}`)
      const theirs = await measuredAsync(sample, engine, 1_500)
      report.figure(`${name}-${size}`, theirs * 1000, 'µs/event')
      if (size === 1_000) report.figure(`own-vs-${name}-1000`, theirs / own.get(size)!, '×', { atLeast: name === 'zen' ? 100 : 2_000 })
    }
  }
  report.figure('own-10000-vs-100', own.get(10_000)! / own.get(100)!, '×', { atMost: 2 })
}

const INDUSTRIES = ['auto_parts', 'auto_vehicle', 'machinery', 'electronics']
const eventOf = (i: number): Event => ({
  company: `苏州精密${i}`, page_url: `https://www.example.cn${i % 2 ? '/pricing' : '/cases'}/p${i}?utm_source=baidu`, industry: INDUSTRIES[i % 4]!,
  budget_min: 60_000 + i * 20_000, budget_max: 2_000_000 + i, tags: i % 3 ? ['高意向'] : [],
})
const imageOf = (event: Event): Image => ({ ...event, budget_min: String(event.budget_min), budget_max: String(event.budget_max), tags: event.tags.map((key) => TAGS.get(key)!) })

/** Rules 0–9: met by some events. */
const MET: readonly (readonly Leaf[])[] = [
  [['page_url', 'contains', '/pricing'], ['budget_min', 'ge', 500_000]], [['industry', 'eq', 'auto_parts'], ['budget_min', 'ge', 1_000_000]], [['tags', 'has', '高意向']], [['industry', 'in', ['machinery', 'electronics']]],
  [['budget_min', 'ge', 100_000], ['budget_min', 'le', 400_000]], [['page_url', 'contains', 'utm_source=baidu']], [['tags', 'has', '高意向'], ['page_url', 'contains', '/cases']], [['company', 'in', ['苏州精密3', '苏州精密9']]],
  [['industry', 'eq', 'auto_vehicle'], ['page_url', 'contains', '/pricing']], [['budget_max', 'ge', 2_000_032]],
]
/** All others: equality, substring, interval, two thresholds and membership, each missed by a little. */
const missed = (i: number): readonly Leaf[] => ([
  [['company', 'eq', `苏州精密${i + 1000}`], ['budget_min', 'ge', 1]], [['page_url', 'contains', `/pricing/p${i + 1000}`], ['budget_min', 'ge', 1]], [['budget_max', 'ge', 2_100_000 + i], ['budget_max', 'le', 2_400_000 + i]],
  [['budget_max', 'ge', i % 50], ['budget_min', 'le', 59_999 - i]], [['budget_max', 'ge', 2_000_064 + i]], [['company', 'in', [`上海${i}`, `无锡${i}`]], ['page_url', 'contains', `m${i}.cn`]],
] as const)[i % 6]!

const leavesOf = (i: number): readonly Leaf[] => MET[i] ?? missed(i)

function ruleOf(i: number): Rule {
  const leaves = leavesOf(i)
  return { ours: { all: leaves.map(([field, op, value]) => ({ field, op, value: field.startsWith('budget') ? String(value) : value })) } as Condition, json: { all: leaves.map(jsonLeaf) }, zen: zenCells(leaves) }
}

function plainly([field, op, value]: Leaf, event: Event): boolean {
  const cell = event[field]
  switch (op) {
    case 'eq': return cell === value
    case 'ge': return (cell as number) >= (value as number)
    case 'le': return (cell as number) <= (value as number)
    case 'contains': return (cell as string).includes(value as string)
    case 'in': return (value as readonly string[]).includes(cell as string)
    case 'has': return (cell as readonly string[]).includes(value as string)
  }
}

function oursOf(rules: readonly Rule[]): (image: Image) => number[] {
  const index = buildRuleIndex(rules.map(({ ours }, id) => {
    const result = checkCondition(ours, LEADS, 'rule')
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    return { id, checked: result.checked }
  }))
  return (image) => index.match(image, NOTHING_SEEN, AT)
}

const JSON_OPERATORS = { eq: 'equal', ge: 'greaterThanInclusive', le: 'lessThanInclusive', contains: 'includes', in: 'in', has: 'contains' }
const jsonLeaf = ([fact, op, value]: Leaf) => ({ fact, operator: JSON_OPERATORS[op], value })

function jsonOf(rules: readonly Rule[]): (event: Event) => Promise<number[]> {
  const engine = new JsonRules(rules.map(({ json }, id): RuleProperties => ({ conditions: json, event: { type: 'met', params: { id } } })))
  engine.addOperator('includes', (cell: string, needle: string) => cell.includes(needle))
  return async (event) => (await engine.run({ ...event })).events.map(({ params }) => params!['id'] as number).sort((a, b) => a - b)
}

/** Several leaves about one field share its cell. */
function zenCells(leaves: readonly Leaf[]): Record<string, string> {
  const cells: Record<string, string> = {}
  for (const leaf of leaves) cells[leaf[0]] = cells[leaf[0]] ? `${cells[leaf[0]]} and ${zenTest(leaf)}` : zenTest(leaf)
  return cells
}

function zenTest([, op, value]: Leaf): string {
  const text = JSON.stringify(value)
  return { eq: text, ge: `>= ${text}`, le: `<= ${text}`, contains: `contains($, ${text})`, in: text.slice(1, -1), has: `contains($, ${text})` }[op]
}

const COLUMNS = ['company', 'page_url', 'industry', 'budget_min', 'budget_max', 'tags']

/** One decision table that collects the numbers of all rows that hold: zen's own shape for many rules. */
function zenOf(rules: readonly Rule[]): (event: Event) => Promise<number[]> {
  const inputs = COLUMNS.map((field) => ({ id: field, name: field, type: 'expression', field }))
  const rows = rules.map(({ zen }, id) => ({ _id: `r${id}`, id: String(id), ...Object.fromEntries(COLUMNS.map((field) => [field, zen[field] ?? ''])) }))
  const node = (id: string, type: string, content?: object) => ({ id, name: id, type, position: { x: 0, y: 0 }, ...(content ? { content } : {}) })
  const graph = {
    nodes: [node('in', 'inputNode'), node('table', 'decisionTableNode', { hitPolicy: 'collect', inputs, outputs: [{ id: 'id', name: 'id', type: 'expression', field: 'id' }], rules: rows }), node('out', 'outputNode')],
    edges: [{ id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' }, { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' }],
  }
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(graph)))
  return async (event) => ((await decision.evaluate(event)).result as { id: number }[]).map(({ id }) => id)
}

function agree(answers: readonly (readonly number[])[], expected: readonly (readonly number[])[], who: string): void {
  answers.forEach((answer, i) => { if (answer.join() !== expected[i]!.join()) throw new Error(`${who}: event ${i} gives ${answer.slice(0, 20).join()} instead of ${expected[i]!.join()}`) })
}

async function inTurn<I, O>(items: readonly I[], work: (item: I) => Promise<O>): Promise<O[]> {
  const answers: O[] = []
  for (const item of items) answers.push(await work(item))
  return answers
}

/** Milliseconds per item: the fastest of five rounds, after one to warm up. */
function measured<I>(items: readonly I[], work: (item: I) => unknown, budget: number): number {
  const round = (): number => {
    const [begin, until] = [performance.now(), performance.now() + budget / 6]
    let done = 0
    do { for (const item of items) work(item); done += items.length } while (performance.now() < until)
    return (performance.now() - begin) / done
  }
  return Math.min(...Array.from({ length: 6 }, round).slice(1))
}

/** As measured, for work that is awaited; at least two passes over the items. */
async function measuredAsync<I>(items: readonly I[], work: (item: I) => Promise<unknown>, budget: number): Promise<number> {
  let best = Infinity
  const until = performance.now() + budget
  for (let pass = 0; pass < 2 || performance.now() < until; pass++) {
    const begin = performance.now()
    for (const item of items) await work(item)
    best = Math.min(best, (performance.now() - begin) / items.length)
  }
  return best
}
