import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { NOTICE_KINDS, type NoticeKind } from '#language/values'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Picker } from '../../design/picker.tsx'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { MissingYear } from '../calendar/missing-year.tsx'
import { NoticeRow } from './notice-row.tsx'
import css from './notices.module.css'
import { grouped, markRead, wanted, type Wanted } from './query.ts'

export default function NotificationsPage() {
  const [which, setWhich] = useState<Wanted['which']>('all')
  const [kind, setKind] = useState<NoticeKind | null>(null)
  const [text, setText] = useState('')
  const query = wanted({ which, kind, search: useDeferredValue(text.trim()) })
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...keys.notifications, query],
    queryFn: ({ pageParam, signal }) => call('notifications', { query: { limit: 50, ...query, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', placeholderData: keepPreviousData,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = data?.pages.flatMap((page) => page.items)
  const narrowed = kind !== null || text.trim() !== ''
  return (
    <Page title={t('notifications.title')} acts={<><Link to={at.noticeSettings} className="link">{t('notifications.settings')}</Link><Button disabled={data?.pages[0]?.unread === 0} onClick={() => void markRead({ all: true }, true)}>{t('notifications.readAll')}</Button></>}>
      <MissingYear />
      <Tabs label={t('notifications.title')} value={which} onChoose={setWhich} tabs={[{ value: 'all', label: t('common.all') }, { value: 'unread', label: t('notifications.unread'), hint: data?.pages[0]?.unread || undefined }, { value: 'mention', label: t('notifications.mine') }]} />
      <div className={css.filters} role="search" aria-label={t('notifications.search')}>
        <Input type="search" aria-label={t('notifications.search')} placeholder={t('notifications.search')} value={text} maxLength={100} onText={setText} before={<Icon name="search" />} />
        {which !== 'mention' && <Picker clearable label={t('notifications.kind')} placeholder={t('notifications.anyKind')} value={kind} options={NOTICE_KINDS.map((each) => ({ value: each.key, label: label(each.label) }))} onPick={(picked) => setKind(picked as NoticeKind | null)} />}
      </div>
      <Panel label={t('notifications.title')}>
        {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={6} height={58} /> : items.length === 0
          ? <Empty icon="bell" title={t(narrowed ? 'notifications.noneFound' : 'notifications.empty')}>{t(narrowed ? 'notifications.noneFoundHelp' : 'notifications.emptyHelp')}</Empty>
          : <ul>{grouped(items).map((group) => <NoticeRow key={group.key} group={group} acts />)}</ul>}
      </Panel>
      {hasNextPage && <div><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </Page>
  )
}
