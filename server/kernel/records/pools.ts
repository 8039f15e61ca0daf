import type { Context, MemberRow } from '#kernel/access'
import { checkCondition, NOTHING_SEEN, toPredicate, type BindContext } from '#language/conditions'
import type { Pooling } from '#language/definitions'
import type { Values } from './types.ts'

/** A pool as its record says; `team` and `members` empty: everybody's. */
export interface Pool { id: string; name: string; team: number | null; members: number[]; daily: number; holding: number; protectHours: number }
type World = Pick<Context, 'tx' | 'metadata' | 'tenant' | 'now'>

/** Every pool of a pooling, by name. One statement. */
export async function poolsOf({ tx, metadata }: Pick<Context, 'tx' | 'metadata'>, { pools }: Pooling): Promise<Pool[]> {
  const object = metadata.objects.get(pools.object)
  if (!object) return []
  const column = (key: string) => `r."f_${key}"`
  return tx.query<Pool>(`select r.id, coalesce(${column(object.title)}, '') as name, ${column(pools.team)} as team, coalesce(${column(pools.members)}, '{}') as members,
    coalesce(${column(pools.daily)}, 0)::int as daily, coalesce(${column(pools.holding)}, 0)::int as holding, coalesce(${column(pools.protectHours)}, 0)::int as "protectHours"
    from ${object.table} r where r.gone_act is null order by 2, r.id`, [], { name: 'pools' })
}

/** Where a record goes that has lost its owner: by condition, by team, to everybody's; null: there is no pool for it. Pure. */
export function placeOf({ metadata, tenant, now }: Omit<World, 'tx'>, pooling: Pooling, pools: readonly Pool[], values: Values): string | null {
  const at: BindContext = { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar }
  const meets = ({ when }: Pooling['places'][number]) => {
    const checked = checkCondition(when, metadata.conditionSchema(pooling.object), 'field-check')
    return checked.ok && toPredicate(checked.checked)(values, NOTHING_SEEN, at)
  }
  const named = pooling.places.filter(({ pool }) => pools.some(({ name }) => name === pool)).find(meets)
  if (named) return pools.find(({ name }) => name === named.pool)!.id
  for (let team = (values['owner_team'] as number | null | undefined) ?? null; team !== null; team = metadata.teams.get(team)?.parent ?? null) {
    const theirs = pools.find((pool) => pool.team === team)
    if (theirs) return theirs.id
  }
  return pools.find(isOpen)?.id ?? null
}

const isOpen = ({ team, members }: Pool): boolean => team === null && members.length === 0

/** Whose pool it is: its team's and that of the teams below, the members' it names, or everybody's. */
export function belongsTo(pool: Pool, { id, teams }: Pick<MemberRow, 'id' | 'teams'>, { teams: all }: Context['metadata']): boolean {
  if (isOpen(pool) || pool.members.includes(id)) return true
  const within = (team: number | null): boolean => team !== null && (team === pool.team || within(all.get(team)?.parent ?? null))
  return pool.team !== null && teams.some(within)
}
