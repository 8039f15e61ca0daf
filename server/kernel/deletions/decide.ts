import { refused, type Refusal } from '#contract'
import { memberContext, memberRows, type Context } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { type Intent, write } from '#kernel/records'
import { deletionById, logDeletion, mayDecide, mySelf, type Deletion } from './holds.ts'

export interface Decided { deletion: Deletion; changed: number; left: { id: string; refusal: Refusal }[] }

/**
 * A second person's word. Agreed: everything is deleted in one act, in the name and with today's rights of whoever asked; what they may no longer
 * delete is left, and said. Refused NOT_FOUND, DELETION_OWN, DELETION_DECIDED, SIGN_IN_REQUIRED when whoever asked has left.
 */
export async function decide(ctx: Context, id: string, { agree, reason }: { agree: boolean; reason: string }): Promise<Decided> {
  const deletion = await deletionById(ctx, id, { lock: true })
  if (mySelf(ctx) === deletion.askedBy) refused('DELETION_OWN')
  const members = await memberRows(ctx.tx)
  if (!mayDecide(ctx, deletion, members)) refused('NOT_FOUND')
  if (deletion.state !== 'waiting') refused('DELETION_DECIDED')
  const me = members.get(mySelf(ctx)!)!
  const done = agree ? await carryOut(ctx, deletion, { by: me.id, because: `${me.name}复核同意：${reason}` }) : { act: null, changed: 0, left: [] }
  const state = agree ? 'agreed' as const : 'refused' as const
  await close(ctx, deletion, { state, reason, act: done.act })
  await tell(ctx.tx, [{ member: deletion.askedBy, kind: 'approval_deletion', title: agree ? `${me.name}同意了你的删除，已删除 ${done.changed} 条` : `${me.name}没有同意删除 ${deletion.records.length} 条`, body: reason, object: 'system:deletion', record: id, groupKey: null, event: null, rule: null }])
  return { deletion: await deletionById(ctx, id), changed: done.changed, left: done.left }
}

/** Whoever asked has thought better of it. Refused NOT_FOUND, FORBIDDEN, DELETION_DECIDED. */
export async function withdraw(ctx: Context, id: string): Promise<Deletion> {
  const deletion = await deletionById(ctx, id, { lock: true })
  if (mySelf(ctx) !== deletion.askedBy) refused('FORBIDDEN')
  if (deletion.state !== 'waiting') refused('DELETION_DECIDED')
  await close(ctx, deletion, { state: 'withdrawn', reason: null, act: null })
  return deletionById(ctx, id)
}

async function carryOut(ctx: Context, { object, records, askedBy, ip, agent }: Deletion, { by, because }: { by: number; because: string }): Promise<{ act: number | null; changed: number; left: Decided['left'] }> {
  const asker = await memberContext(ctx.tx, askedBy, ctx.request)
  const acts = [{ actor: asker.actor, cause: asker.cause, reason: because, ip, agent, request: ctx.request?.id ?? null }]
  const left: Decided['left'] = []
  for (let wishes = records.map((id): Intent & { id: string } => ({ op: 'delete', object, id })); wishes.length > 0;) {
    const result = await write(asker, wishes, { acts, agreedBy: by })
    if (result.ok) return { act: result.written[0]?.act ?? null, changed: result.written.filter(({ changed }) => changed).length, left }
    const no = new Map(result.refusals.map(({ index, refusal }) => [index, refusal]))
    left.push(...[...no].map(([i, refusal]) => ({ id: wishes[i]!.id, refusal })))
    wishes = wishes.filter((_, i) => !no.has(i))
  }
  return { act: null, changed: 0, left }
}

async function close(ctx: Context, { id }: Deletion, { state, reason, act }: Pick<Deletion, 'state' | 'reason' | 'act'>): Promise<void> {
  await ctx.tx.query('update {t}.deletion_hold set state = $2, decided_by = $3, decided_at = $4, reason = $5, act = $6 where id = $1', [id, state, mySelf(ctx), ctx.now, reason, act])
  await logDeletion(ctx, { id, version: 2, fields: { state: ['waiting', state === 'refused' ? 'declined' : state], ...(reason && { reason: [null, reason] }) } })
}
