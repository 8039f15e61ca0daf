import { NOTHING_SETTLED, type OwnAutomation } from '#language/definitions'
import { loggedNumber, loggedObject } from '#kernel/members'
import { RUN_DECISIONS, type RunDecision, type Skipped } from '#kernel/automation'
import type { Database, Tenant } from '#platform/db'
import { chainOfRunSql } from './chains.ts'
import type { Fact } from './ledger.ts'

const [RUN, OWN] = ['system:run', loggedObject('own_automation')]
/** Where the log tells what members decided about rules and their runs. */
export const DECIDED: readonly string[] = [RUN, OWN]
export const isDecided = ({ object }: Pick<Fact, 'object'>): boolean => DECIDED.includes(object)

/** Somebody who looks after a rule decided about a run of it. The run is known by what its chain began with, its rule and its record. */
export interface RunDecided { chain: string; rule: string; record: string; /** Empty: the whole run. */ branch: string; decision: TakenOver; by: number | null; skip: Skipped | null }
/** What a member settled about rules for the records that are theirs. */
export interface OwnDecided { member: number; own: OwnAutomation }
export type Decided = RunDecided | OwnDecided

/** A word that was asked for is taken over where it is asked for. */
export type TakenOver = RunDecision

/** How often it stood here as well, and was done so; how often nothing stood here so. `own`: how often a member settled something for themselves. */
export interface Tally { taken: number; without: number; own: number }

/** What has been settled by each member, as far as the log has been read. */
export class Settled {
  readonly #own = new Map<number, OwnAutomation>()
  /** Of a run, by what its chain is known. */
  #chains: ReadonlyMap<number, string> = new Map()

  of(member: number): OwnAutomation { return this.#own.get(member) ?? NOTHING_SETTLED }

  /** To be called before what is decided there is asked for. */
  async learn(db: Database, tenant: Tenant, facts: readonly Fact[]): Promise<void> {
    const runs = facts.flatMap(({ object, fields }) => (object === RUN ? [fields['run']![1] as number] : []))
    if (runs.length === 0) return
    const rows = await db.read(tenant, (tx) => tx.query<{ run: number; chain: string | null }>(`select d.run, chain.name as chain from unnest($1::bigint[]) as d(run) ${chainOfRunSql('d.run')}`, [runs]))
    this.#chains = new Map(rows.map(({ run, chain }) => [run, chain ?? '']))
  }

  /** Undefined: nothing that a course would do anything about. */
  take({ object, record, fields, actor }: Fact): Decided | undefined {
    if (object === OWN) return this.#settle(loggedNumber(record), fields)
    const [run, rule, branch = '', decision, about, step, reason] = ['run', 'rule', 'branch', 'decision', 'about', 'step', 'reason'].map((key) => fields[key]?.[1])
    // To dismiss a run does nothing to it; a branch is then not waited for.
    if (object !== RUN || !RUN_DECISIONS.includes(decision as RunDecision) || (decision === 'dismiss' && branch === '')) return undefined
    const by = actor.kind === 'member' ? actor.id : null
    const skip = decision === 'skip' ? { path: step as string, by, reason: reason as string } : null
    return { chain: this.#chains.get(run as number) ?? '', rule: rule as string, record: (about as { id: string }).id, branch: branch as string, decision: decision as TakenOver, by, skip }
  }

  #settle(member: number, fields: Fact['fields']): OwnDecided {
    const own = { ...this.of(member), ...Object.fromEntries(Object.entries(fields).map(([key, [, after]]) => [key, after])) }
    this.#own.set(member, own)
    return { member, own }
  }
}
