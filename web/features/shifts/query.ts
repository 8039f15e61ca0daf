import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { addDays } from '#language/values'
import type { Catalogue, ObjectFacts } from '../../api/catalogue.ts'
import { call, keepPreviousData, queries } from '../../api/client.ts'
import { zone } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { instantOn, type Stretch } from './week.ts'

export type Rota = ObjectFacts & { shift: NonNullable<ObjectFacts['shift']> }
export const rotasOf = (catalogue: Catalogue): Rota[] => catalogue.objects.filter((object): object is Rota => object.shift !== undefined && object.can.read)

const MOST = 200
const filterOf = ({ shift }: Rota, monday: string) => ({ all: [{ field: shift.from, op: 'lt' as const, value: new Date(instantOn(addDays(monday, 7), '00:00', zone())).toISOString() }, { field: shift.to, op: 'gt' as const, value: new Date(instantOn(monday, '00:00', zone())).toISOString() }] })
const ask = (rota: Rota, monday: string) => call('listRecords', { params: { object: rota.key }, query: { filter: filterOf(rota, monday), sort: rota.shift.from, limit: MOST } })

export function stretchOf({ shift }: Rota, { id, values }: RecordShape): Stretch {
  return { id, member: (values[shift.member] as number | null | undefined) ?? null, duty: shift.duty === undefined ? null : ((values[shift.duty] as string | null | undefined) ?? null), from: Date.parse(String(values[shift.from])), to: Date.parse(String(values[shift.to])) }
}

/** The shifts that touch a week, as they stand now. */
export function useWeek(rota: Rota, monday: string) {
  const key = keys.list(rota.key, { rota: monday })
  useLive({ kind: 'list', object: rota.key, filter: filterOf(rota, monday), limit: MOST }, () => void queries.invalidateQueries({ queryKey: key }))
  return useQuery({ queryKey: key, queryFn: () => ask(rota, monday), placeholderData: keepPreviousData })
}
export const weekOnce = async (rota: Rota, monday: string): Promise<Stretch[]> => (await ask(rota, monday)).records.map((record) => stretchOf(rota, record))

/** A stretch as the values of a record. */
export const valuesOf = ({ shift }: Rota, { member, duty, from, to }: Omit<Stretch, 'id'>) => ({ [shift.member]: member, ...(shift.duty !== undefined && { [shift.duty]: duty }), [shift.from]: new Date(from).toISOString(), [shift.to]: new Date(to).toISOString() })
