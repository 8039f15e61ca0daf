import { refused } from '#contract'
import { awayAt, memberPrincipal, memberRows, type Context, type MemberRow } from '#kernel/access'
import { appendChanges } from '#kernel/changes'
import { tell } from '#kernel/delivery'
import { actOf, getRecord, getRecords } from '#kernel/records'
import { ids } from '#platform/db'

export interface Wish { object: string; id: string; reason: string }

/** Tell whoever can unlock it, the owner's next superior first, and log that it was asked for. Refused NOT_FOUND, ACT_NOT_OFFERED for what is not locked. */
export async function requestUnlock(ctx: Context, { object, id, reason }: Wish): Promise<{ told: string[] }> {
  const record = await getRecord(ctx, object, id)
  if (record.values['locked'] !== true) refused('ACT_NOT_OFFERED', undefined, { act: ctx.request?.lang === 'en' ? 'Ask to unlock' : '申请解锁' })
  const members = await memberRows(ctx.tx)
  const told = await openers(ctx, { object, id, reason }, members)
  const asker = ctx.actor.kind === 'member' ? (members.get(ctx.actor.id)?.name ?? '') : ''
  await tell(ctx.tx, told.map((member) => ({ member: member.id, kind: 'unlock', title: `${asker}申请解锁「${record.title}」`, body: reason, object, record: id, groupKey: null, event: null, rule: null })))
  await appendChanges(ctx, [{ ...actOf(ctx), reason }], [{ act: 0, object: 'system:unlock', record: ids.next(), recordVersion: 1, event: 'created', fields: { name: [null, record.title], about: [null, { object, id }], told: [null, told.map(({ id }) => id)] }, todo: false }])
  return { told: told.map(({ name }) => name) }
}

/** Up the line from the owner (from the asker where nobody owns it) to the first who can and is there; failing that, everybody who can. */
async function openers(ctx: Context, wish: Wish, members: ReadonlyMap<number, MemberRow>): Promise<MemberRow[]> {
  const owner = (await getRecord(ctx, wish.object, wish.id, ['owner'])).values['owner'] as number | undefined
  const seen = new Set<number>()
  const away: MemberRow[] = []
  for (let at = members.get(owner ?? (ctx.actor.kind === 'member' ? ctx.actor.id : 0))?.supervisor; at && !seen.has(at); at = members.get(at)?.supervisor) {
    seen.add(at)
    const above = members.get(at)
    if (!above?.active || !(await canOpen(ctx, wish, at))) continue
    away.push(above)
    if (!awayAt(above, ctx.now.getTime())) return away
  }
  const others = [...members.values()].filter(({ id, active }) => active && !seen.has(id))
  const can = await Promise.all(others.map(({ id }) => canOpen(ctx, wish, id)))
  return [...away, ...others.filter((_, i) => can[i])].slice(0, 5)
}

async function canOpen(ctx: Context, { object, id }: Wish, member: number): Promise<boolean> {
  const lensed = { ...ctx, principal: await memberPrincipal(ctx.tx, member) }
  if (!ctx.metadata.objects.has(object)) return false
  const [view] = await getRecords(lensed, object, [id], []).catch(() => [])
  return view?.can.unlock === true
}
