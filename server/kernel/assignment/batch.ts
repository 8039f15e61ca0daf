import type { Context } from '#kernel/access'
import { decisionsJson, insertDecisions, numberDecisions } from './decisions.ts'
import type { Request } from './desk.ts'
import { openDesk } from './roster.ts'
import type { Decision } from './types.ts'

/** Smaller priority first, then smaller seq. */
export interface AssignmentRequest extends Request { priority: number; seq: number }

/**
 * Decides a batch and keeps the decisions; the answers stand in the order of `requests`. The caller writes the chosen owners, with their
 * decision numbers, through records.write in the same transaction. Takes the capacity locks: no record may be locked before. Four statements.
 */
export async function assignBatch(ctx: Context, requests: readonly AssignmentRequest[], leaveOut: readonly number[] = []): Promise<Decision[]> {
  if (requests.length === 0) return []
  const alsoLock = requests.flatMap(({ record, existing }) => [record.owner, existing]).filter((id) => id !== null)
  const desk = await openDesk(ctx, { policies: [...new Set(requests.map(({ policy }) => policy))], alsoLock, leaveOut })
  const inOrder = requests.map((request, i) => ({ request, i })).sort((a, b) => a.request.priority - b.request.priority || a.request.seq - b.request.seq || a.i - b.i)
  const decisions: Decision[] = []
  for (const { request, i } of inOrder) decisions[i] = desk.assign(request)
  await numberDecisions(ctx.tx, desk.decisions)
  await ctx.tx.query(insertDecisions(1), [decisionsJson(ctx, desk.decisions)], { name: 'insert decisions' })
  return decisions
}
