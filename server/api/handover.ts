import { checkGrant, memberById } from '#kernel/members'
import { handOver, holdingsOf, moveMember, planHandover, teamRecordsOf, undoHandover } from '#kernel/handover'
import type { Context } from '#kernel/access'
import { keptIn } from './commands.ts'
import type { Some } from './types.ts'

export const handover: Some<'holdings' | 'planHandover' | 'handOver' | 'teamRecords' | 'moveMember' | 'undoHandover'> = {
  holdings: async (ctx, { params }) => { await mayManage(ctx, params.id); return holdingsOf(ctx, params.id) },
  planHandover: async (ctx, { params, body }) => { await mayManage(ctx, params.id); return { given: await planHandover(ctx, params.id, body) } },
  handOver: async (ctx, { params, body }) => { await mayManage(ctx, params.id); return handOver(ctx, params.id, body) },
  teamRecords: async (ctx, { params }) => { await mayManage(ctx, params.id); return { objects: await teamRecordsOf(ctx, params.id) } },
  moveMember: async (ctx, { params, body }) => { await mayManage(ctx, params.id); return moveMember(ctx, params.id, body.team, body.records) },
  undoHandover: async (ctx, { params }) => { const undone = await undoHandover(ctx, params.id); return { ...undone, kept: undone.kept.map((each) => keptIn(ctx, each)) } },
}

/** Nobody disposes of somebody who holds more than they do. */
async function mayManage(ctx: Context, id: number): Promise<void> {
  checkGrant(ctx, (await memberById(ctx, id)).roles, 'id')
}
