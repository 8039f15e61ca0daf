import { refused } from '#contract'
import { KERNEL, memberRow, type Context } from '#kernel/access'
import { houseReason } from '#kernel/changes'
import { updateMember } from '#kernel/members'
import { actOf, lockCapacity, lockRecords, writeOrRefuse, type Intent, type RecordImage } from '#kernel/records'
import { handedOver } from './holdings.ts'

/** Records of one object. */
export interface Counted { object: string; count: number }
/** Whether a member's records of the team they leave stay with it or go along. */
export type Way = 'stay' | 'follow'
/** `id`: to take it back by. */
export interface Moved { id: number; moved: Counted[] }

const BATCH = 1000

/** The records a member holds that belong to their main team: what could go along. One statement. */
export async function teamRecordsOf(ctx: Context, member: number): Promise<Counted[]> {
  const row = (await memberRow(ctx.tx, member)) ?? refused('NOT_FOUND')
  const each = handedOver(ctx.metadata).map(({ key, table }) => `select '${key}' as object, count(*)::int as count from ${table} where ${THEIRS}`)
  const rows = await ctx.tx.query<Counted>(each.join(' union all '), [member, row.team])
  return rows.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
}

const THEIRS = 'owner = $1 and owner_team is not distinct from $2::int and gone_act is null'

/**
 * A member's main team changes, and their records of the old one stay with it or go along: in one act, a thousand at a time.
 * Refused NOT_FOUND, REQUEST_INVALID (the team they are in), as updateMember.
 */
export async function moveMember(ctx: Context, member: number, team: number | null, way: Way): Promise<Moved> {
  const before = (await memberRow(ctx.tx, member)) ?? refused('NOT_FOUND')
  if (before.team === team) refused('REQUEST_INVALID', 'team', { reason: '已在这个部门 · already in this team' })
  await updateMember(ctx, member, { team })
  const { moved, act } = way === 'follow' ? await takeAlong(ctx, member, before.team) : { moved: [], act: undefined }
  const [row] = await ctx.tx.query<{ id: number }>('insert into {t}.handover (member, by, at, acts, before) values ($1, $2, $3, $4, $5) returning id',
    [member, ctx.principal.kind === 'member' ? ctx.principal.member.id : 0, ctx.now, act === undefined ? [] : [act], JSON.stringify({ supervised: [], headed: [], successor: null, suspended: false, keys: 0, team: [before.team, team] })])
  return { id: row!.id, moved }
}

/** An owner named again brings the team they are in now. */
async function takeAlong(ctx: Context, member: number, from: number | null): Promise<{ moved: Counted[]; act: number | undefined }> {
  const acting: Context = { ...ctx, principal: KERNEL }
  const [moved, reason]: [Counted[], string] = [[], houseReason(['changed_team', (await memberRow(ctx.tx, member))!.name])]
  let act: number | undefined
  await lockCapacity(ctx, [member])
  for (const [object, ids] of await idsOf(ctx, member, from)) {
    let count = 0
    for (let at = 0; at < ids.length; at += BATCH) {
      const locked = await lockRecords(ctx, object, ids.slice(at, at + BATCH))
      const intents = [...locked.values()].filter((image) => isTheirs(image, member, from)).map(({ id }): Intent => ({ op: 'update', object, id, owner: member }))
      const written = intents.length === 0 ? [] : await writeOrRefuse(acting, intents, { acts: [{ ...actOf(acting), reason, joins: act }], locked })
      act ??= written.find((each) => each.act !== null)?.act ?? undefined
      count += written.length
    }
    if (count > 0) moved.push({ object, count })
  }
  return { moved: moved.sort((a, b) => b.count - a.count), act }
}

/** Until the lock was held, somebody may have been quicker. */
const isTheirs = ({ owner, ownerTeam, gone }: RecordImage, member: number, from: number | null): boolean => owner === member && ownerTeam === from && !gone

async function idsOf(ctx: Context, member: number, from: number | null): Promise<[object: string, ids: string[]][]> {
  const each = handedOver(ctx.metadata).map(({ key, table }) => `select '${key}' as object, id from ${table} where ${THEIRS}`)
  const rows = await ctx.tx.query<{ object: string; id: string }>(`${each.join(' union all ')} order by object, id`, [member, from])
  return [...Map.groupBy(rows, ({ object }) => object)].map(([object, some]) => [object, some.map(({ id }) => id)])
}
