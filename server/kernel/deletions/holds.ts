import { refused } from '#contract'
import { may, memberRows, type Context, type MemberRow } from '#kernel/access'
import { appendChanges, type ActDraft, type FieldChanges } from '#kernel/changes'
import { actOf } from '#kernel/records'

export interface Deletion {
  id: string; object: string; records: string[]; earlier: number; askedBy: number; askedAt: Date; ip: string | null; agent: string | null
  state: 'waiting' | 'agreed' | 'refused' | 'withdrawn'; decidedBy: number | null; decidedAt: Date | null; reason: string | null; act: number | null
}

export const COLUMNS = 'id, object, records, earlier, asked_by as "askedBy", asked_at as "askedAt", ip, agent, state, decided_by as "decidedBy", decided_at as "decidedAt", reason, act'
const RECENT = 200

/** Those that this member asked for or may decide, newest first. One statement. */
export async function deletionsFor(ctx: Context): Promise<Deletion[]> {
  const [rows, members] = [await ctx.tx.query<Deletion>(`select ${COLUMNS} from {t}.deletion_hold order by asked_at desc limit ${RECENT}`), await memberRows(ctx.tx)]
  return rows.filter((row) => mySelf(ctx) === row.askedBy || mayDecide(ctx, row, members))
}

/** Refused NOT_FOUND where it is neither one's own nor one's to decide. `lock`: nobody else decides meanwhile. */
export async function deletionById(ctx: Context, id: string, { lock = false } = {}): Promise<Deletion> {
  const [row] = await ctx.tx.query<Deletion>(`select ${COLUMNS} from {t}.deletion_hold where id = $1${lock ? ' for update' : ''}`, [id])
  if (!row || (mySelf(ctx) !== row.askedBy && !mayDecide(ctx, row, await memberRows(ctx.tx)))) return refused('NOT_FOUND')
  return row
}

export const mySelf = ({ actor }: Context): number | null => (actor.kind === 'member' ? actor.id : null)

/** Somebody above whoever asked, or who looks after the installation; never whoever asked. */
export function mayDecide(ctx: Context, { askedBy }: Pick<Deletion, 'askedBy'>, members: ReadonlyMap<number, MemberRow>): boolean {
  const me = mySelf(ctx)
  return me !== null && me !== askedBy && (may(ctx, 'settings') || superiors(askedBy, members).includes(me))
}

/** From the next one up. */
export function superiors(member: number, members: ReadonlyMap<number, MemberRow>): number[] {
  const above: number[] = []
  for (let at = members.get(member)?.supervisor; at && at !== member && !above.includes(at); at = members.get(at)?.supervisor) above.push(at)
  return above
}

/** What became of it stands in the log beside what it did. */
export async function logDeletion(ctx: Context, { id, version, fields, act }: { id: string; version: number; fields: FieldChanges; act?: ActDraft }): Promise<void> {
  await appendChanges(ctx, [act ?? actOf(ctx)], [{ act: 0, object: 'system:deletion', record: id, recordVersion: version, event: version === 1 ? 'created' : 'changed', fields, todo: false }])
}
