import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { sayTrouble } from '../../design/toast.tsx'
import { sentenceOf } from '../../design/pieces.tsx'

const FIRST = 40
export const latestQuery = { queryKey: keys.notifications, queryFn: () => call('notifications', { query: { limit: FIRST } }), refetchInterval: 120_000 } as const
export type Latest = Awaited<ReturnType<typeof latestQuery.queryFn>>
export type Notice = Latest['items'][number]

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

export async function markRead(body: { ids: number[] } | { all: true }): Promise<void> {
  if ('ids' in body && body.ids.length === 0) return
  try {
    await ('ids' in body ? call('markRead', { body }) : call('markRead', { body }))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
  await queries.invalidateQueries({ queryKey: keys.notifications })
}
