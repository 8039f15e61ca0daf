import { refused } from '#contract'
import { KERNEL, memberRow, type Context } from '#kernel/access'
import { updateMember, updateTeam } from '#kernel/members'
import { type KeptRecord, undoActs } from '#kernel/records'

interface Kept { supervised: number[]; headed: number[]; successor: number | null; suspended: boolean; keys: number; /** The main team before and after, where the member changed it. */ team?: [before: number | null, after: number | null] }
/** `keys`: revoked for good. `returned`: the member is in their old main team again. */
export interface Undone { changed: number; kept: KeptRecord[]; supervised: number; headed: number; activated: boolean; returned: boolean; keys: number }

/**
 * A handover, or a change of the main team, taken back: records field by field where nothing has changed since, subordinates and teams that are still with the successor,
 * the main team unless it has changed again, and the account. Revoked keys and ended sessions stay so. Refused NOT_FOUND, UNDO_IMPOSSIBLE the second time.
 */
export async function undoHandover(ctx: Context, id: number): Promise<Undone> {
  const [row] = await ctx.tx.query<{ member: number; acts: number[]; before: Kept; undone: boolean }>('select member, acts, before, undone_at is not null as undone from {t}.handover where id = $1 for update', [id])
  if (!row) refused('NOT_FOUND')
  const { member, acts, before, undone } = row!
  if (undone) refused('UNDO_IMPOSSIBLE')
  await ctx.tx.query('update {t}.handover set undone_at = $2 where id = $1', [id, ctx.now])
  const suspended = before.suspended && (await memberRow(ctx.tx, member))?.active === false
  if (suspended) await updateMember(ctx, member, { state: 'active' })
  const returned = before.team !== undefined && (await memberRow(ctx.tx, member))?.team === before.team[1] && (before.team[0] === null || ctx.metadata.teams.has(before.team[0]))
  if (returned) await updateMember(ctx, member, { team: before.team![0] })
  const { changed, kept } = acts.length === 0 ? { changed: 0, kept: [] } : await undoActs({ ...ctx, principal: KERNEL }, acts)
  const people = await giveBackPeople(ctx, member, before)
  return { changed, kept, ...people, activated: suspended, returned, keys: before.keys }
}

async function giveBackPeople(ctx: Context, member: number, { supervised, headed, successor }: Kept): Promise<{ supervised: number; headed: number }> {
  const still: number[] = []
  for (const id of supervised) {
    const now = (await memberRow(ctx.tx, id))?.supervisor
    if (now === successor || id === successor) still.push(id)
  }
  for (const id of still) await updateMember(ctx, id, { supervisor: member })
  const teams = headed.filter((team) => ctx.metadata.teams.get(team)?.head === successor)
  for (const team of teams) await updateTeam(ctx, team, { head: member })
  return { supervised: still.length, headed: teams.length }
}
