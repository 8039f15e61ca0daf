import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { explain, type Verdict } from '#language/conditions'
import { seenBy } from './judge.ts'
import { Plan } from './plan.ts'
import { programOf, type CompiledRule } from './program.ts'
import type { RunStatus, Step } from './types.ts'
import { World } from './world.ts'

/** Why a rule did, or did not, do something about a record. */
export interface RuleExplanation {
  rule: string
  version: number
  state: 'template' | 'active' | 'paused'
  /** Is the record of the object that the rule listens to? */
  concerned: boolean
  /** Every leaf of the condition on the record as it stands now; null when it is not concerned, or the rule cannot run (`broken`). A leaf about a change is false: nothing is changing. */
  verdict: Verdict | null
  broken: string | null
  /** What it has done about this record, newest first. */
  runs: { event: number; version: number; status: RunStatus; at: Date; error: string | null; steps: Step[] }[]
}

/**
 * Takes the rule's condition now, as the engine would. Values stand in the verdicts as they are: whoever shows them masks them for the reader.
 * Refused NOT_FOUND for an unknown rule or record.
 */
export async function explainRule(ctx: Context, record: { object: string; id: string }, key: string): Promise<RuleExplanation> {
  const rule = ctx.metadata.rules.get(key) ?? refused('NOT_FOUND')
  const compiled = programOf(ctx.metadata).every.get(key)!
  const concerned = rule.trigger.object === record.object
  const runs = await ctx.tx.query<RuleExplanation['runs'][number]>(`select event, version, status, started_at as at, error, steps from {t}.run where record = $1 and rule = $2 order by started_at desc limit 20`, [record.id, key])
  const verdict = concerned && !compiled.broken ? await verdictNow(ctx, compiled, record) : null
  return { rule: key, version: rule.version, state: rule.state, concerned, verdict, broken: compiled.broken, runs }
}

async function verdictNow(ctx: Context, { condition }: CompiledRule, { object, id }: { object: string; id: string }): Promise<Verdict> {
  const world = new World(ctx)
  for (;;) {
    const plan = new Plan(world, programOf(ctx.metadata), false)
    const row = plan.row(object, id)
    const seen = row && seenBy(condition.needs, row, plan, {})
    if (row === null) return refused('NOT_FOUND')
    if (row && seen) return explain(condition.checked, row.values, seen, world.at)
    await world.fetch()
  }
}
