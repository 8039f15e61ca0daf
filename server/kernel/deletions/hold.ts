import { awayAt, memberRows, type Context, type MemberRow } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { deletionRoom, getRecords } from '#kernel/records'
import { ids } from '#platform/db'
import { logDeletion, mySelf, superiors } from './holds.ts'

export interface Held { id: string; n: number; told: string[]; records: string[] }

/**
 * Where these deletions, with those of the last minutes, are more than one member may do alone: put all of them forward for a second person, delete
 * nothing, and say who was told. Null: they may be deleted. Records that the member may not delete are left out.
 */
export async function holdIfMany(ctx: Context, object: string, wanted: readonly string[]): Promise<Held | null> {
  const me = mySelf(ctx)
  if (me === null) return null
  const { records: most, earlier } = await deletionRoom(ctx)
  if (Math.max(0, earlier) + wanted.length <= most) return null
  const own = (await getRecords(ctx, object, wanted, [])).filter(({ can }) => can.delete).map(({ id }) => id)
  if (Math.max(0, earlier) + own.length <= most) return null
  const [id, members] = [ids.next(), await memberRows(ctx.tx)]
  await ctx.tx.query(`insert into {t}.deletion_hold (id, object, records, earlier, asked_by, asked_at, ip, agent) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, object, own, Math.max(0, earlier), me, ctx.now, ctx.request?.ip ?? null, ctx.request?.agent ?? null])
  const label = ctx.metadata.objects.get(object)!.label
  await logDeletion(ctx, { id, version: 1, fields: { object: [null, label.zh], rows: [null, own.length], state: [null, 'waiting'] } })
  const told = deciders(ctx, me, members)
  await tell(ctx.tx, told.map(({ id: member }) => ({ member, kind: 'approval_deletion', title: `${members.get(me)?.name ?? ''}要删除 ${own.length} 条${label.zh}，请复核`, body: '同意之前不会删除任何记录', object: 'system:deletion', record: id, groupKey: null, event: null, rule: null })))
  await tell(ctx.tx, watchers(ctx, { asker: me, told, members }).map((member) => ({ member, kind: 'risk', title: `${members.get(me)?.name ?? ''}一次要删除 ${own.length} 条${label.zh}，已挂起等复核`, body: `IP ${ctx.request?.ip ?? '—'}；复核人：${told.map(({ name }) => name).join('、') || '—'}`, object: null, record: null, groupKey: null, event: null, rule: null })))
  return { id, n: own.length, told: told.map(({ name }) => name), records: own }
}

/** Those who watch over risk and are asked nothing hear of it at once. */
function watchers({ metadata }: Context, { asker, told, members }: { asker: number; told: readonly MemberRow[]; members: ReadonlyMap<number, MemberRow> }): number[] {
  return [...members.values()].filter(({ id, active, roles }) => active && id !== asker && told.every((each) => each.id !== id) && roles.some((role) => metadata.roles.get(role)?.rights.includes('audit'))).map(({ id }) => id).slice(0, MOST_TOLD)
}

const MOST_TOLD = 5

/** Up the line to the first who is there, and those who look after the installation. */
function deciders({ metadata, now }: Context, asker: number, members: ReadonlyMap<number, MemberRow>): MemberRow[] {
  const line = superiors(asker, members).map((id) => members.get(id)!).filter(({ active }) => active)
  const there = line.findIndex((member) => !awayAt(member, now.getTime()))
  const above = there < 0 ? line : line.slice(0, there + 1)
  const keepers = [...members.values()].filter(({ id, active, roles }) => active && id !== asker && roles.some((role) => metadata.roles.get(role)?.rights.includes('settings')))
  return [...new Set([...above, ...keepers])].slice(0, MOST_TOLD)
}
