import type { Cause } from '#kernel/access'
import type { Tx } from '#platform/db'
import type { Scene } from './scene.ts'
import type { Event, RunDraft } from './types.ts'

/** Rules may answer rules this deep. */
export const MAX_DEPTH = 8
/** Changes that one first change may bring about through rules, shared among the branches of its chain. */
export const ROOT_BUDGET = 1_000

/** Why this rule must not run again in this chain; null: it may. Undefined facts stop nothing: the pass is repeated. */
export function stopFor({ plan, event, rule: { rule } }: Scene): string | null {
  const depth = event.cause.depth ?? 0
  if (depth === 0) return null
  if (depth >= MAX_DEPTH) return `depth:${depth}`
  if ((event.cause.budget ?? ROOT_BUDGET) < 1) return `budget:${ROOT_BUDGET}`
  const root = event.cause.root ?? event.seq
  const before = plan.world.fired(event.record, rule.key)
  return plan.fired.has(`${rule.key} ${root} ${event.record}`) || before?.has(root) ? 'again' : null
}

/** A stopped loop names its chain: the rules that led to it, in order. One statement, none when nothing was stopped. */
export async function nameChains(tx: Tx, runs: readonly RunDraft[]): Promise<void> {
  const stopped = runs.filter(({ status }) => status === 'loop_stopped')
  if (stopped.length === 0) return
  const rows = await tx.query<{ start: number; rule: string }>(CHAINS, [stopped.map(({ event }) => event)])
  const chains = Map.groupBy(rows, ({ start }) => start)
  for (const run of stopped) run.error = `${run.error}: ${[...(chains.get(run.event) ?? []).map(({ rule }) => rule), run.rule].join(' → ')}`
}

const CHAINS = `with recursive up(start, cause, steps) as (
    select c.seq, a.cause, 0 from {t}.change c join {t}.act a on a.id = c.act where c.seq = any($1::bigint[])
    union all select up.start, a.cause, steps + 1 from up join {t}.change c on c.seq = (up.cause->>'event')::bigint join {t}.act a on a.id = c.act where steps <= ${MAX_DEPTH})
  select start, cause->>'rule' as rule from up where cause ? 'rule' order by start, steps desc`

const wokenBy = ({ woke, word, told }: Cause): Pick<Cause, 'woke' | 'word' | 'told'> => ({ ...(woke !== undefined && { woke }), ...(word !== undefined && { word }), ...(told !== undefined && { told }) })

/** The cause of what a rule does about an event. `changes`: how many the event brings about. */
export function causeOf(event: Event, rule: string, changes: number): Cause {
  const left = (event.cause.budget ?? ROOT_BUDGET) - changes
  const cause: Cause = { kind: event.timer ? 'timer' : 'rule', event: event.seq, rule, root: event.cause.root ?? event.seq, depth: (event.cause.depth ?? 0) + 1 }
  return { ...cause, budget: Math.max(0, Math.floor(left / Math.max(1, changes))), ...(event.timer && { timer: event.timer.name, ...wokenBy(event.cause) }), ...(event.cause.by !== undefined && { by: event.cause.by }) }
}
