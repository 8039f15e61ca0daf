import { refused } from '#contract'
import { memberRows, standsForAt, type Context } from '#kernel/access'
import { getRecord } from '#kernel/records'
import { branchOf, type Control } from '#language/definitions'
import { ids } from '#platform/db'
import { recipients } from './notices.ts'
import { keptUntil } from './own.ts'
import { said } from './pushed.ts'
import type { Scene } from './scene.ts'
import { lockWaits, logDecision, settleRun } from './settle.ts'
import type { ApprovalDraft } from './types.ts'

/** Asks each of them in words that they may read; answers whom. Nobody there: none. Undefined while something is being fetched. */
export function askFor(scene: Scene, { to, title, body = '' }: Extract<Control, { do: 'approve' }>, { path, due }: { path: string; due: Date }): number[] | undefined {
  const { plan, event, rule: { rule }, trigger } = scene
  const target = { ...scene, target: trigger }
  const reached = recipients(target, to)
  if (!reached) return undefined
  const words = reached.map(({ member }) => { const reader = plan.world.principal(member); return reader && [said(title, target, reader), said(body, target, reader)] as const })
  if (words.some((each) => each === undefined || each?.includes(undefined))) return undefined
  const told = reached.flatMap((each, i) => (words[i] ? [{ ...each, title: words[i]![0]!, body: words[i]![1]! }] : []))
  const asked = told.filter(({ instead }) => instead === null)
  if (asked.length === 0) return []
  const id = ids.next()
  plan.approvals.push({ id, run: event.timer?.run ?? event.seq, rule: rule.key, version: rule.version, path, object: event.object, record: event.record, asked: asked.map(({ member }) => member), said: Object.fromEntries(told.map((each) => [each.member, { title: each.title, body: each.body }])), due })
  for (const each of told) {
    const whose = each.instead === null ? '请审批：' : `请代 ${plan.world.members.get(each.instead)?.name ?? ''} 审批：`
    plan.notices.push({ heldUntil: keptUntil({ plan, rule: scene.rule }, each.member), member: each.member, kind: 'approval', title: `${whose}${each.title}`, body: each.body || null, object: 'system:approval', record: id, event: event.seq, rule: rule.key, groupKey: null })
  }
  return asked.map(({ member }) => member)
}

/** One statement, none without. */
export async function keepApprovals({ tx, now }: Context, approvals: readonly ApprovalDraft[]): Promise<void> {
  if (approvals.length === 0) return
  await tx.query(`insert into {t}.approval (id, run, rule, version, path, object, record, asked, said, asked_at, due_at)
    select id, run, rule, version, path, object, record, array(select jsonb_array_elements_text(asked)::int), said, $2, due from json_to_recordset($1) as x(id uuid, run bigint, rule text, version int, path text, object text, record uuid, asked jsonb, said jsonb, due timestamptz)`,
  [JSON.stringify(approvals), now], { name: 'keep approvals' })
}

/** `late`: its time was over, or the run no longer waits for it. */
export interface Approval { id: string; run: number; rule: string; object: string; record: string; path: string; asked: number[]; said: ApprovalDraft['said']; askedAt: Date; due: Date; state: 'waiting' | 'approved' | 'refused' | 'late'; decidedBy: number | null; decidedAt: Date | null; reason: string | null }

const COLUMNS = `a.id, a.run, a.rule, a.object, a.record, a.path, a.asked, a.said, a.asked_at as "askedAt", a.due_at as due, a.decided_by as "decidedBy", a.decided_at as "decidedAt", a.reason,
  coalesce(a.state, (select 'waiting' from {t}.wait w where w.run = a.run and w.rule = a.rule and w.path = a.path and w.kind = 'approval' and w.state in ('waiting', 'held')), 'late') as state`

/** Whose word a member can give: their own, and of whom they stand in for now. */
async function voices({ tx, now, actor }: Context): Promise<number[]> {
  return actor.kind === 'member' ? [actor.id, ...standsForAt(await memberRows(tx), actor.id, now.getTime())] : []
}

/** What this member is or was asked for, those that wait first. Two statements. */
export async function approvalsFor(ctx: Context): Promise<Approval[]> {
  return ctx.tx.query<Approval>(`select * from (select ${COLUMNS} from {t}.approval a where a.asked && $1::int[] order by a.asked_at desc limit 200) x order by (state = 'waiting') desc, "askedAt" desc`, [await voices(ctx)], { name: 'approvals' })
}

/** What waits for this member's word now, by its number. Two statements. */
export async function approvalsWaiting(ctx: Context): Promise<string[]> {
  const rows = await ctx.tx.query<{ id: string }>(`select a.id from {t}.approval a join {t}.wait w on w.run = a.run and w.rule = a.rule and w.path = a.path and w.kind = 'approval' and w.state in ('waiting', 'held')
    where a.state is null and a.asked && $1::int[] order by a.id limit 200`, [await voices(ctx)], { name: 'approvals waiting' })
  return rows.map(({ id }) => id)
}

/** Refused NOT_FOUND for who is not asked. */
export async function approvalById(ctx: Context, id: string): Promise<Approval> {
  const [found] = await ctx.tx.query<Approval>(`select ${COLUMNS} from {t}.approval a where a.id = $1 and a.asked && $2::int[]`, [id, await voices(ctx)])
  return found ?? refused('NOT_FOUND')
}

/**
 * The word that a run waits for; the first one counts, and the run goes on by it. Refused NOT_FOUND for who is not asked or may not see the record,
 * APPROVAL_OVER when it was given already, its time is over, or the run was called off.
 */
export async function decideApproval(ctx: Context, id: string, { agree, reason }: { agree: boolean; reason: string }): Promise<Approval> {
  const { run, rule, object, record, path } = await approvalById(ctx, id)
  await getRecord(ctx, object, record)
  const place = { run, rule, branch: branchOf(path) }
  await lockWaits(ctx.tx, place)
  const standing = await approvalById(ctx, id)
  if (standing.state !== 'waiting') refused('APPROVAL_OVER')
  const [by, decision] = [ctx.actor.kind === 'member' ? ctx.actor.id : 0, agree ? ('approve' as const) : ('refuse' as const)]
  await ctx.tx.query('update {t}.approval set state = $2, decided_by = $3, decided_at = $4, reason = $5 where id = $1', [id, agree ? 'approved' : 'refused', by, ctx.now, reason || null])
  const version = ctx.metadata.rules.get(rule)?.version ?? 0
  await settleRun(ctx.tx, { ...place, decision, version, on: ctx.metadata.rules.get(rule)?.state === 'active', by, reason: reason || null, step: path })
  await logDecision(ctx, { ...place, decision, version, object, record, step: path, reason: reason || null })
  return approvalById(ctx, id)
}
