import type { Context } from '#kernel/access'
import type { OnDuty } from '#language/definitions'
import type { Values } from './types.ts'

/** Who is on duty, for what, since when. */
export interface OnShift { member: number; duty: string | null; from: Date }

/**
 * By instant (ms), whom the shifts of `object` name then, whoever came on first first; nobody where the object is no rota.
 * A shift holds from its beginning up to, but not at, its end. Kernel use: no lens. One statement.
 */
export async function onShiftAt({ tx, metadata }: Pick<Context, 'tx' | 'metadata'>, object: string, instants: readonly number[]): Promise<Map<number, OnShift[]>> {
  const { table, shift } = metadata.objects.get(object) ?? {}
  if (!table || !shift || instants.length === 0) return new Map(instants.map((at) => [at, []]))
  const column = (key: string) => `s."f_${key}"`
  const rows = await tx.query<OnShift & { at: Date }>(`select w.at, ${column(shift.member)} as member, ${shift.duty === undefined ? 'null::text' : column(shift.duty)} as duty, ${column(shift.from)} as "from"
    from unnest($1::timestamptz[]) w(at) join ${table} s on s.gone_act is null and ${column(shift.member)} is not null and ${column(shift.from)} <= w.at and ${column(shift.to)} > w.at
    order by w.at, 4, s.id`, [instants.map((at) => new Date(at))], { name: 'on shift' })
  const found = Map.groupBy(rows, ({ at }) => at.getTime())
  return new Map(instants.map((at) => [at, (found.get(at) ?? []).map(({ at: _, ...each }) => each)]))
}

/** The members among them, each once, for a duty or for any. */
export const onDutyOf = (shifts: readonly OnShift[], duty: string | undefined): number[] => [...new Set(shifts.filter((each) => duty === undefined || each.duty === duty).map(({ member }) => member))]

/** The instant (ms) that is meant: the record's own, or now; null: the record has none. */
export function instantOf({ at }: OnDuty, values: Values, now: Date): number | null {
  if (at === undefined) return now.getTime()
  const value = values[at]
  return typeof value === 'string' ? Date.parse(value) : null
}
