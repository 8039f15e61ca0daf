import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useMemo, useState } from 'react'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { isOwnEcho } from './acts.ts'
import { sameRows } from './same-rows.ts'
import type { ListState } from './list-state.ts'
import type { Related } from './value.tsx'

const PAGE = 50
/** Nobody has begun to read yet: what is new simply stands there. */
const UNREAD_MS = 4_000

/** The rows as they are scrolled to, what they refer to, how many there are, and whether something has changed since. */
export function useListData({ object, filter, sort, search, columns }: ListState) {
  const [newsAt, setNewsAt] = useState(0)
  const [openedAt] = useState(Date.now)
  const query = { filter, sort, ...(search ? { search } : {}) }
  const fields = [...new Set([...columns, ...(object.subtitle ?? []), 'owner'])].filter((key) => key !== 'tags')
  const list = useInfiniteQuery({
    queryKey: keys.list(object.key, { ...query, fields }),
    queryFn: ({ pageParam, signal }) => call('listRecords', { params: { object: object.key }, query: { ...query, fields, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  })
  const { filter: _, sort: __, ...rest } = query
  const count = useQuery({ queryKey: keys.count(object.key, { filter, search }), queryFn: ({ signal }) => call('countRecords', { params: { object: object.key }, query: { filter, ...rest } }, { signal }), placeholderData: keepPreviousData, refetchOnWindowFocus: false })
  const news = newsAt > list.dataUpdatedAt
  // What changed may not show here; nothing is announced that would look the same.
  const look = async () => {
    if (isOwnEcho()) return
    const first = list.data?.pages[0]
    if (!first || Date.now() - openedAt < UNREAD_MS) return void list.refetch()
    const { records: fresh } = await call('listRecords', { params: { object: object.key }, query: { ...query, fields, limit: PAGE } })
    if (!sameRows(first.records, fresh)) setNewsAt(Date.now())
  }
  useLive({ kind: 'list', object: object.key, filter, sort: sortsOf(sort), limit: PAGE, ...(search ? { search } : {}) }, () => void look().catch(() => undefined))

  const { records, related } = useMemo(() => {
    const pages = list.data?.pages ?? []
    return { records: pages.flatMap((page) => page.records) as RecordShape[], related: Object.assign({}, ...pages.map((page) => page.related)) as Related }
  }, [list.data])
  const refresh = async () => { await Promise.all([list.refetch(), count.refetch()]) }
  return { list, records, related, count: count.data, news, refresh }
}

export const sortsOf = (text: string) => text.split(',').filter(Boolean).map((part) => (part.startsWith('-') ? { field: part.slice(1), direction: 'desc' as const } : { field: part, direction: 'asc' as const }))
