import type { ObjectDefinition } from '#language/definitions'
import type { OnShift, RecordImage } from '#kernel/records'

type Rota = NonNullable<ObjectDefinition['shift']>

/** The shifts of a rota that hold at an instant (ms), as `onShiftAt` would find them. */
export const standingIn = (rows: Iterable<RecordImage>, shift: Rota, at: number): RecordImage[] =>
  [...rows].filter(({ gone, values }) => !gone && values[shift.member] != null && Date.parse(String(values[shift.from])) <= at && Date.parse(String(values[shift.to])) > at)

/** Whom they name, whoever came on first first. */
export function onShiftOf(standing: readonly RecordImage[], { member, duty, from }: Rota): OnShift[] {
  const on = standing.map(({ id, values }) => ({ id, member: values[member] as number, duty: duty === undefined ? null : ((values[duty] as string | null | undefined) ?? null), from: new Date(String(values[from])) }))
  return on.sort((a, b) => a.from.getTime() - b.from.getTime() || (a.id < b.id ? -1 : 1)).map(({ id: _, ...each }) => each)
}
