import { isDeepStrictEqual } from 'node:util'
import type { SeenKept } from '#kernel/automation'
import type { Context } from '#kernel/access'
import type { Replayed, Told, ToldChange, ToldRun } from './replay.ts'

/** Something that history saw otherwise than the log has it. `name`: the place of the value, e.g. `parents.hub.own.vip`. */
export interface Behind { name: string; seen: unknown; log: unknown }
/** One rule on one event that comes out otherwise, or one change that rules would not have made so. */
export interface Difference { event: number; rule: string; what: 'only in history' | 'only in replay' | 'seen' | 'outcome' | 'changes'; behind: Behind[] }

/** Where a replay of a batch and its history part, and what history saw that the log does not have so. Ids of new records and numbers that are drawn do not count. */
export function compare({ metadata, history, replayed }: Pick<Replayed, 'metadata' | 'history' | 'replayed'>): Difference[] {
  if (history === replayed) return []
  const [then, again] = [neutral(history, metadata), neutral(replayed, metadata)]
  const runs = new Map(again.runs.map((run) => [keyOf(run), run]))
  const found = then.runs.flatMap((run) => differ(run, runs.get(keyOf(run))))
  const known = new Set(then.runs.map(keyOf))
  const fresh = again.runs.filter((run) => !known.has(keyOf(run))).map((run): Difference => ({ event: run.event, rule: run.rule, what: 'only in replay', behind: parts('', undefined, { seen: run.seen, steps: run.steps }) }))
  const all = [...found, ...fresh]
  return [...all, ...changesApart(then.changes, again.changes)]
}

const keyOf = ({ event, rule, record }: ToldRun): string => `${event} ${rule.replace(/#\d+$/, '')} ${record}`

function differ(then: ToldRun, again: ToldRun | undefined): Difference[] {
  const about = { event: then.event, rule: then.rule }
  if (!again) return [{ ...about, what: 'only in history', behind: parts('', { seen: then.seen, steps: then.steps }, undefined) }]
  const seen = seenApart(then.seen, again.seen)
  const outcome = parts('', outcomeOf(then), outcomeOf(again))
  if (outcome.length > 0) return [{ ...about, what: 'outcome', behind: [...seen, ...outcome] }]
  return seen.length > 0 ? [{ ...about, what: 'seen', behind: seen }] : []
}

const outcomeOf = ({ status, version, error, steps }: ToldRun) => ({ status, version, error, steps })
const seenApart = (then: SeenKept | null, again: SeenKept | null): Behind[] => parts('', then, again)

function changesApart(then: readonly ToldChange[], again: readonly ToldChange[]): Difference[] {
  const byRecord = (changes: readonly ToldChange[]) => Object.fromEntries(changes.map(({ event, object, record, fields }) => [`${event} ${object} ${record}`, fields]))
  const [a, b] = [byRecord(then), byRecord(again)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key): Difference[] => {
    const behind = parts(key, a[key], b[key])
    return behind.length === 0 ? [] : [{ event: Number(key.split(' ')[0]), rule: '', what: 'changes', behind }]
  })
}

/** The places at which two values differ, as deep as both go. */
function parts(name: string, seen: unknown, log: unknown): Behind[] {
  if (isDeepStrictEqual(seen ?? null, log ?? null)) return []
  if (!isTree(seen) || !isTree(log)) return [{ name, seen: seen ?? null, log: log ?? null }]
  return [...new Set([...Object.keys(seen), ...Object.keys(log)])].flatMap((key) => parts(name ? `${name}.${key}` : key, (seen as Record<string, unknown>)[key], (log as Record<string, unknown>)[key]))
}
const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Records that the batch made are called by their place, so that two tellings of one story can be laid side by side. */
function neutral({ runs, changes }: Told, metadata: Context['metadata']): Told {
  const born = new Map<string, string>()
  for (const { steps } of runs) for (const step of steps ?? []) if (typeof step['created'] === 'string') born.set(step['created'], `new ${born.size + 1}`)
  const text = JSON.stringify({ runs: runs.map(withoutNumbers), changes: changes.map((change) => withoutAutos(change, metadata)) })
  return JSON.parse(text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => born.get(id) ?? id)) as Told
}

const withoutNumbers = ({ act: _, ...run }: ToldRun) => ({ ...run, steps: run.steps?.map(({ decision: __, ...step }) => step) ?? [] })

function withoutAutos(change: ToldChange, { objects }: Context['metadata']): ToldChange {
  const autos = new Set([...(objects.get(change.object)?.field.values() ?? [])].filter(({ kind }) => kind === 'auto').map(({ key }) => key))
  return { ...change, fields: Object.fromEntries(Object.entries(change.fields).filter(([key]) => !autos.has(key))) }
}
