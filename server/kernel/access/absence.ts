/** A time that a member is away, in milliseconds; `to` is the first moment that they are back. Without stand-ins whoever is above stands in. */
export interface Away { from: number; to: number; standIns: readonly number[] }
/** What is needed of a member to know who stands in for them. */
export interface Attendance { id: number; active: boolean; supervisor: number | null; away: readonly Away[] }
export type Attendances = ReadonlyMap<number, Attendance>

/** The absence that covers this instant. */
export const awayAt = ({ away }: Pick<Attendance, 'away'>, at: number): Away | undefined => away.find(({ from, to }) => from <= at && at < to)

const isThere = (member: Attendance | undefined, at: number): member is Attendance => member?.active === true && awayAt(member, at) === undefined

/**
 * Who stands in for a member at an instant: those they named who are there themselves; is nobody, the first one above who is. Nobody for whoever
 * is there. It is worked out and never written into records, so it begins and ends at its instant with nothing left open.
 */
export function standInsOf(members: Attendances, id: number, at: number): number[] {
  const member = members.get(id)
  const away = member?.active ? awayAt(member, at) : undefined
  if (!away) return []
  const named = away.standIns.filter((each) => each !== id && isThere(members.get(each), at))
  return named.length > 0 ? named : firstAbove(members, member!, at)
}

function firstAbove(members: Attendances, { id, supervisor }: Attendance, at: number): number[] {
  const passed = new Set([id])
  for (let above = supervisor; above !== null && !passed.has(above); above = members.get(above)?.supervisor ?? null) {
    if (isThere(members.get(above), at)) return [above]
    passed.add(above)
  }
  return []
}

/** For whom a member stands in at an instant. */
export const standsForAt = (members: Attendances, id: number, at: number): number[] =>
  [...members.values()].filter(({ away }) => away.length > 0).flatMap((each) => (standInsOf(members, each.id, at).includes(id) ? [each.id] : [])).sort((a, b) => a - b)

/** Rises whenever an absence begins or ends: what was worked out in one phase holds in it. */
export const phaseAt = (members: Attendances, at: number): number => [...members.values()].reduce((sum, { away }) => sum + away.reduce((n, { from, to }) => n + Number(from <= at) + Number(to <= at), 0), 0)

/** Whom a message to these members reaches: each of them, and whoever stands in for them (`instead`: for whom), unless it is theirs anyway. */
export function reachedBy(members: Attendances, told: readonly number[], at: number): { member: number; instead: number | null }[] {
  const own = new Set(told)
  const standing = new Map(told.flatMap((id) => standInsOf(members, id, at).filter((each) => !own.has(each)).map((each) => [each, id] as const)))
  return [...[...own].map((member) => ({ member, instead: null })), ...[...standing].map(([member, instead]) => ({ member, instead }))]
}
