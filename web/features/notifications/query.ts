import type { NoticeKind } from '#language/values'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { placeFor } from '../../app/paths.ts'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'

const FIRST = 40
export const latestQuery = { queryKey: keys.notifications, queryFn: () => call('notifications', { query: { limit: FIRST } }), refetchInterval: 120_000 } as const
export type Latest = Awaited<ReturnType<typeof latestQuery.queryFn>>
export type Notice = Latest['items'][number]

/** Where it is to be looked at; null where there is nothing to see. */
export function placeOf({ object, record }: Pick<Notice, 'object' | 'record'>): string | null {
  if (object === 'system:trash' || object === 'system:backup') return placeFor(object, '')
  return object && record ? placeFor(object, record) : null
}

export interface NoticeGroup { key: string; latest: Notice; others: number; unread: number[]; items: Notice[] }
/** Notices about the same thing stand together under the newest; order stays newest first. */
export function grouped(items: readonly Notice[]): NoticeGroup[] {
  const groups = new Map<string, NoticeGroup>()
  for (const item of items) {
    const key = item.group ?? `one-${item.id}`
    const group = groups.get(key) ?? { key, latest: item, others: -1, unread: [], items: [] }
    group.others++
    group.items.push(item)
    if (!item.readAt) group.unread.push(item.id)
    groups.set(key, group)
  }
  return [...groups.values()]
}

export interface Wanted { which: 'all' | 'unread' | 'mention'; kind: NoticeKind | null; search: string }
/** What the centre asks for; 「@我的」 is a kind of its own. */
export function wanted({ which, kind, search }: Wanted): { unread?: true; kind?: NoticeKind; search?: string } {
  const of = which === 'mention' ? which : kind
  return { ...(which === 'unread' && { unread: true }), ...(of && { kind: of }), ...(search && { search }) }
}

/** The first page of one tab. */
export const tabQuery = (which: Wanted['which']) => ({
  ...latestQuery, queryKey: which === 'all' ? keys.notifications : ([...keys.notifications, which] as const),
  queryFn: () => call('notifications', { query: { limit: FIRST, ...wanted({ which, kind: null, search: '' }) } }),
})

type Marked = { ids: number[] } | { group: string } | { all: true }
/** `said`: tells that it was done, with a way back; opening a message needs no words. */
export async function markRead(body: Marked, said = false): Promise<void> {
  if ('ids' in body && body.ids.length === 0) return
  try {
    const { undo } = await ('ids' in body ? call('markRead', { body }) : 'group' in body ? call('markRead', { body }) : call('markRead', { body }))
    if (said && undo) say(t('notifications.marked'), () => void takeBack(undo))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
  await queries.invalidateQueries({ queryKey: keys.notifications })
}

async function takeBack(undo: string): Promise<void> {
  await call('markRead', { body: { undo } }).catch((error: unknown) => sayTrouble(sentenceOf(error)))
  await queries.invalidateQueries({ queryKey: keys.notifications })
}
