import { runKey, waitKey, type RunDraft, type TimerDraft, type WaitQuery, type WaitRow } from '#kernel/automation'
import type { Onward } from './asked.ts'
import type { RunDecided } from './decided.ts'
import { canDecide, settle, timerOf, type Rings } from './settling.ts'

/** First changes for which a rule has run on a record in a chain, by `rule record`. */
export type Fired = Map<string, Set<number>>
type Draft = Omit<WaitRow, 'body'>
type Key = Parameters<typeof waitKey>[0]

/** `goes`: when it goes on at the latest, and whether it is known how; null: never, of itself. */
export interface Waiting { row: WaitRow; chain: string; goes: Pick<Onward, 'at' | 'unknown'> | null; /** Whose word it waits for. */ asked: readonly number[] }
/** A run that waits. `keys`: itself and its branches; `ran`: what has run in its chain, and by when. */
interface Run { keys: Set<string>; ran: { fired: Fired; at: number }[] }
/** What has run in the chain so far; more may come. */
interface Moment { fired: Fired; at: Date }
/** A chain is forgotten after so long, as the engine forgets it. */
const CHAIN_MS = 86_400_000

/** Runs of a course that wait, with the chain that they belong to. */
export class Waits {
  readonly #waits = new Map<string, Waiting>()
  readonly #runs = new Map<string, Run>()
  /** Keys of the runs of a record. */
  readonly #byRecord = new Map<string, Set<string>>()

  /** None: the run has ended. */
  rows(query: WaitQuery): WaitRow[] { return [...(this.#runs.get(runKey(query))?.keys ?? [])].map((key) => this.#waits.get(key)!.row) }

  keep(wait: Draft, { chain, goes = { at: wait.due }, asked = [], ...moment }: Moment & { chain: string; goes?: Waiting['goes'] | undefined; asked?: readonly number[] | undefined }): void {
    this.#waits.set(waitKey(wait), { row: { ...wait, body: null }, chain, goes, asked })
    const run: Run = this.#runs.get(runKey(wait)) ?? { keys: new Set(), ran: [] }
    this.#runs.set(runKey(wait), run)
    run.keys.add(waitKey(wait))
    const same = this.#byRecord.get(wait.record)
    if (same) same.add(runKey(wait))
    else this.#byRecord.set(wait.record, new Set([runKey(wait)]))
    note(run, moment)
  }

  end(wait: Key, moment: Moment): void {
    const run = this.#runs.get(runKey(wait))
    if (!run) return
    const record = this.#waits.get(waitKey(wait))?.row.record
    this.#waits.delete(waitKey(wait))
    run.keys.delete(waitKey(wait))
    note(run, moment)
    if (run.keys.size === 0) this.#runs.delete(runKey(wait))
    if (run.keys.size === 0 && record !== undefined) this.#byRecord.get(record)?.delete(runKey(wait))
    if (record !== undefined && this.#byRecord.get(record)?.size === 0) this.#byRecord.delete(record)
  }

  /** Somebody decided about a run, or one branch of it: the timers that ring otherwise; null: no more. Undefined: no such run stands here so. */
  decide(decided: RunDecided, at: Date): Rings[] | undefined {
    // Several runs of one rule in one chain on one record: the first.
    const run = this.#runsAt(decided.record).find((each) => each[0]!.chain === decided.chain && each[0]!.row.rule === decided.rule && canDecide(each, decided))
    return run && settle(run, decided, at)
  }

  /** The runs of a record, each with its branches. */
  #runsAt(record: string): Waiting[][] { return [...(this.#byRecord.get(record) ?? [])].map((run) => [...this.#runs.get(run)!.keys].map((key) => this.#waits.get(key)!)) }

  /** The chain with which it goes on, and what has run in it so far. */
  wake(key: string, due: Date): { chain: string; fired: Fired } | undefined {
    const waiting = this.#waits.get(key)
    const lately = waiting && this.#runs.get(runKey(waiting.row))!.ran.filter(({ at }) => due.getTime() - at < CHAIN_MS)
    return waiting && { chain: waiting.chain, fired: together(lately!.map(({ fired }) => fired)) }
  }

  /** One that waits for a word of which nothing is known any more from then on: it stays where it is for good. */
  giveUp(key: string, at: Date): Waiting | undefined {
    const waiting = this.#waits.get(key)
    if (!waiting?.goes?.unknown || waiting.goes.at > at || waiting.row.go !== null) return undefined
    waiting.goes = null
    return waiting
  }

  /** Timers by which the runs that wait for a condition at these records look again at once. */
  poke(records: ReadonlySet<string>, at: Date): TimerDraft[] {
    const poked = [...records].flatMap((record) => this.#runsAt(record).flat()).filter(({ row: { kind, state } }) => kind === 'condition' && state === 'waiting')
    return poked.map(({ row }) => timerOf(row, at))
  }
}

/** A run that failed at its beginning has no wait; tried again, it begins again. */
export const failedAtOnce = ({ status, rule, head }: RunDraft): boolean => status === 'failed' && (head ?? null) === null && !rule.startsWith('grading:')
export const againOf = ({ event, rule, version, object, record }: RunDraft, at: Date): Draft =>
  ({ run: event, rule, branch: '', version, object, record, path: '', kind: 'again', due: at, state: 'failed', go: null, cause: { root: event, depth: 0 }, carries: {}, since: at })

function note({ ran }: Run, { fired, at }: Moment): void {
  if (ran.at(-1)?.fired !== fired) ran.push({ fired, at: at.getTime() })
}

function together(all: readonly Fired[]): Fired {
  const fired: Fired = new Map()
  for (const each of all) for (const [rule, roots] of each) for (const root of roots) into(fired, rule, root)
  return fired
}

/** One more of a key. */
export function into(map: Map<string, Set<number>>, key: string, value: number): void {
  const known = map.get(key)
  if (known) known.add(value)
  else map.set(key, new Set([value]))
}
