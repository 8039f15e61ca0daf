import { useQuery } from '@tanstack/react-query'
import type { RecordShape, RouteAnswer, Routes } from '#contract/api'
import { startOfDay, addDays } from '#language/values'
import type { Catalogue, ObjectFacts } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { zone } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'

/** The object whose records take up time; the first that this member may read. */
export type EventObject = ObjectFacts & { event: { starts: string; ends: string } }
export const eventObject = (catalogue: Catalogue): EventObject | undefined => catalogue.objects.find((object): object is EventObject => object.event !== undefined && object.can.read)

/** One stretch of somebody's time. `record` null: only that they are busy is known. */
export interface Slot { key: string; member: number; from: number; to: number; title: string | null; id: string | null; record: RecordShape | null }

const MOST = 200
export const dayStart = (day: string): number => startOfDay(day, zone())

/** What takes up the time of these members in the days from … to (both included). */
export function useSlots(object: EventObject, { from, to, members }: { from: string; to: string; members: readonly number[] }) {
  const [low, high] = [new Date(dayStart(from)).toISOString(), new Date(dayStart(addDays(to, 1))).toISOString()]
  const busy = useQuery({ queryKey: [...keys.object(object.key), 'busy', low, high, members], queryFn: () => call('busy', { query: { object: object.key, from: low, to: high, members: members.map(String) } }), placeholderData: keepPreviousData })
  const filter = { all: [{ field: object.event.starts, op: 'lt' as const, value: high }, { field: object.event.ends, op: 'gt' as const, value: low }] }
  const records = useQuery({ queryKey: keys.list(object.key, { filter, calendar: true }), queryFn: () => call('listRecords', { params: { object: object.key }, query: { filter, sort: object.event.starts, limit: MOST } }), placeholderData: keepPreviousData })
  useLive({ kind: 'list', object: object.key, filter, limit: MOST }, () => { void busy.refetch(); void records.refetch() })
  const known = new Map((records.data?.records ?? []).map((record) => [record.id, record]))
  // What was just made is shown once it can be carried: its record comes a moment after the time it takes up.
  const coming = (item: Item) => item.id !== null && !known.has(item.id) && records.isFetching
  const slots = (busy.data?.items ?? []).filter((item) => !coming(item)).map((item): Slot => slotOf(item, known, object.event))
  return { slots, related: records.data?.related ?? {}, error: busy.error ?? records.error, loading: busy.isPending, retry: () => { void busy.refetch(); void records.refetch() } }
}

type Item = RouteAnswer<Routes['busy']>['items'][number]
/** An event that is known stands where its record says: what is moved then is the version that is seen. */
function slotOf(item: Item, known: ReadonlyMap<string, RecordShape>, { starts, ends }: EventObject['event']): Slot {
  const record = item.id ? (known.get(item.id) ?? null) : null
  return { key: `${item.member} ${item.id ?? item.from}`, member: item.member, from: instant(record?.values[starts], item.from), to: instant(record?.values[ends], item.to), title: item.title, id: item.id, record }
}

/** The same event stands once, with everybody it is shown for. */
export function gathered(slots: readonly Slot[]): (Slot & { members: number[] })[] {
  const byEvent = Map.groupBy(slots, (slot) => slot.id ?? slot.key)
  return [...byEvent.values()].map((same) => ({ ...same[0]!, members: same.map(({ member }) => member) })).sort((a, b) => a.from - b.from || b.to - a.to)
}

/** Side by side where they overlap: each one's column, and how many there are. */
export function lanes<S extends { from: number; to: number }>(slots: readonly S[]): (S & { lane: number; of: number })[] {
  const placed: (S & { lane: number; of: number })[] = []
  let group: typeof placed = []
  let until = -Infinity
  for (const slot of [...slots].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (slot.from >= until) { group = []; until = -Infinity }
    const taken = new Set(group.filter(({ to }) => to > slot.from).map(({ lane }) => lane))
    const lane = group.findIndex((_, i) => !taken.has(i))
    const own = { ...slot, lane: lane === -1 || taken.has(lane) ? taken.size : lane, of: 1 }
    group.push(own)
    placed.push(own)
    until = Math.max(until, slot.to)
    const of = Math.max(...group.map((each) => each.lane)) + 1
    for (const each of group) each.of = of
  }
  return placed
}

const instant = (value: unknown, otherwise: string): number => Date.parse(typeof value === 'string' ? value : otherwise)
