import type { ChangeRow } from '#kernel/changes'
import type { Label } from '#language/definitions'
import type { Tx } from '#platform/db'

/** What one step of a run says it did; every kind of step fills some of it. */
export interface Step { do: string; added?: string[]; chosen?: number | null; decision?: number; values?: Record<string, unknown>; created?: string; grading?: string; reason?: Label | string }
/** By event: the runs that answered it. All of them may have written in one act. */
export type Deeds = Map<number, { rule: string; steps: Step[] }[]>

/** The runs behind these changes. One statement. */
export async function deedsOf(tx: Tx, changes: readonly ChangeRow[]): Promise<Deeds> {
  const events = [...new Set(changes.flatMap(({ cause }) => cause.event ?? []))]
  if (events.length === 0) return new Map()
  const rows = await tx.query<{ event: number; rule: string; steps: Step[] | null }>(`select event, rule, steps from {t}.run where event = any($1::bigint[])`, [events])
  return Map.groupBy(rows.map(({ steps, ...row }) => ({ ...row, steps: steps ?? [] })), ({ event }) => event)
}

const runsOf = (deeds: Deeds, { cause }: ChangeRow) => deeds.get(cause.event ?? -1) ?? []
export const stepsOf = (deeds: Deeds, change: ChangeRow): Step[] => runsOf(deeds, change).flatMap(({ steps }) => steps)

/** The rule whose run has the step that did it; else the rule that the act names; undefined when no rule did. */
export function blamed(deeds: Deeds, change: ChangeRow, did: (step: Step) => boolean): string | undefined {
  const named = change.actor.kind === 'rule' ? change.actor.key : change.cause.rule
  return runsOf(deeds, change).find(({ steps }) => steps.some(did))?.rule ?? named
}
