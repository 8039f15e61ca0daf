import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { MissingYear } from '../calendar/missing-year.tsx'
import { NoticeRow } from './notice-row.tsx'
import { grouped, markRead } from './query.ts'

export default function NotificationsPage() {
  const [which, setWhich] = useState<'all' | 'unread'>('all')
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...keys.notifications, which],
    queryFn: ({ pageParam }) => call('notifications', { query: { limit: 50, ...(which === 'unread' ? { unread: true } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <Page title={t('notifications.title')} acts={<Button onClick={() => void markRead({ all: true })}>{t('notifications.readAll')}</Button>}>
      <MissingYear />
      <Tabs label={t('notifications.title')} value={which} onChoose={setWhich} tabs={[{ value: 'all', label: t('common.all') }, { value: 'unread', label: t('notifications.unread') }]} />
      <Panel label={t('notifications.title')}>
        {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={6} height={58} /> : items.length === 0 ? <Empty icon="bell" title={t('notifications.empty')}>{t('notifications.emptyHelp')}</Empty> : <ul>{grouped(items).map((group) => <NoticeRow key={group.key} group={group} />)}</ul>}
      </Panel>
      {hasNextPage && <div><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </Page>
  )
}
