import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { differences, lockConfiguration, logEdit } from './log.ts'
import type { Team } from './types.ts'

export interface TeamDraft { name?: string | undefined; parent?: number | null | undefined; head?: number | null | undefined }

export const listTeams = ({ tx }: Context): Promise<Team[]> => tx.query<Team>(`select id, name, parent, head from {t}.team order by id`)

/** Refused VALUE_INVALID (no such parent or head). */
export async function createTeam(ctx: Context, draft: TeamDraft & { name: string }): Promise<Team> {
  await lockConfiguration(ctx.tx)
  await checkTeam(ctx, draft, null)
  const [team] = await ctx.tx.query<Team>(`insert into {t}.team (name, parent, head) values ($1, $2, $3) returning id, name, parent, head`, [draft.name.trim(), draft.parent ?? null, draft.head ?? null])
  await logEdit(ctx, 'team', team!.id, 'created', differences({}, { name: team!.name, parent: team!.parent, head: team!.head }))
  await bumpEpoch(ctx.tx)
  return team!
}

/** Refused NOT_FOUND, VALUE_INVALID (a team below itself). */
export async function updateTeam(ctx: Context, id: number, draft: TeamDraft): Promise<Team> {
  const before = await lockedTeam(ctx, id)
  await checkTeam(ctx, draft, id)
  const changed = differences({ ...before }, { ...draft })
  if (Object.keys(changed).length === 0) return before
  const after = { ...before, ...Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) } as Team
  await ctx.tx.query(`update {t}.team set name = $2, parent = $3, head = $4 where id = $1`, [id, after.name, after.parent, after.head])
  await logEdit(ctx, 'team', id, 'changed', changed)
  await bumpEpoch(ctx.tx)
  return after
}

/** Refused TEAM_IN_USE while it has members, teams below it or living records. */
export async function deleteTeam(ctx: Context, id: number): Promise<void> {
  const before = await lockedTeam(ctx, id)
  const used = await ctx.tx.query(`select from {t}.member where team = $1 or $1 = any(teams) union all select from {t}.team where parent = $1 limit 1`, [id])
  if (used.length > 0 || (await hasRecords(ctx, id))) refused('TEAM_IN_USE', 'id')
  await ctx.tx.query(`delete from {t}.team where id = $1`, [id])
  await logEdit(ctx, 'team', id, 'deleted', { ...differences({ ...before }, { name: null, parent: null, head: null }), $gone: [null, true] })
  await bumpEpoch(ctx.tx)
}

async function hasRecords({ tx, metadata }: Context, team: number): Promise<boolean> {
  const each = [...metadata.objects.values()].map(({ table }) => `exists (select from ${table} where owner_team = $1 and gone_act is null)`)
  const [row] = await tx.query<{ any: boolean }>(`select ${['false', ...each].join(' or ')} as any`, [team])
  return row!.any
}

async function lockedTeam({ tx }: Context, id: number): Promise<Team> {
  await lockConfiguration(tx)
  const [team] = await tx.query<Team>(`select id, name, parent, head from {t}.team where id = $1 for update`, [id])
  return team ?? refused('NOT_FOUND')
}

async function checkTeam({ tx }: Context, { parent, head }: TeamDraft, id: number | null): Promise<void> {
  if (typeof head === 'number' && (await tx.query(`select from {t}.member where id = $1`, [head])).length === 0) refused('VALUE_INVALID', 'head', { field: '负责人', reason: String(head) })
  if (typeof parent !== 'number') return
  const chain = await tx.query<{ id: number }>(
    `with recursive up as (select id, parent, 1 as depth from {t}.team where id = $1 union all
       select t.id, t.parent, depth + 1 from {t}.team t join up on t.id = up.parent where depth < 100) select id from up`, [parent])
  if (chain.length === 0 || chain.some((each) => each.id === id)) refused('VALUE_INVALID', 'parent', { field: '上级部门', reason: '不能是自己或自己的下级 · not itself or one below' })
}
