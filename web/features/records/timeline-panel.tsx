import { useInfiniteQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { dayAtZone, dayInWords } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './record.module.css'
import { TimelineItem, type Item } from './timeline-item.tsx'
import type { Related } from './value.tsx'

const Composer = lazy(() => import('../comments/composer.tsx'))
const Unsent = lazy(() => import('../drafts/unsent.tsx'))
type Which = 'all' | 'follow' | 'comment' | 'behaviour' | 'change'

/** What happened, newest first, by day; each with who, when and because of what. */
export function TimelinePanel({ object, record, onWhy }: { object: ObjectFacts; record: RecordShape; onWhy: (focus?: string) => void }) {
  const catalogue = useCatalogue()
  const [which, setWhich] = useState<Which>('all')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: keys.timeline(object.key, record.id),
    queryFn: ({ pageParam, signal }) => call('recordTimeline', { params: { object: object.key, id: record.id }, query: { limit: 40, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = (data?.pages.flatMap((page) => page.items) ?? []).filter((item) => (which === 'all' ? !isStamp(object, item) : which === sortOf(catalogue, item)))
  const related = Object.assign({}, ...(data?.pages ?? []).map((page) => page.related)) as Related
  const filters = [...(['all', 'follow', 'behaviour', 'change'] as const).map((value) => ({ value, label: t(`records.filter${value[0]!.toUpperCase()}${value.slice(1)}` as 'records.filterAll') })), ...(catalogue.objects.some(({ comment }) => comment) ? [{ value: 'comment' as const, label: t('comments.filter') }] : [])]
  const meant = new URLSearchParams(location.search).get('item')
  const there = items.some(({ child }) => child?.id === meant)
  useEffect(() => {
    if (meant && there) document.querySelector(`[data-item="${CSS.escape(meant)}"]`)?.scrollIntoView({ block: 'center' })
    else if (meant && hasNextPage && !isFetchingNextPage && (data?.pages.length ?? 0) < 10) void fetchNextPage()
  }, [meant, there, hasNextPage, isFetchingNextPage, data?.pages.length, fetchNextPage])
  return (
    <Panel title={t('records.timeline')} acts={<Choice label={t('records.timeline')} value={which} options={filters} onChoose={setWhich} />} className={css.timeline}>
      {!object.immutable && <Suspense><div className={css.compose}><Composer key={record.id} record={record} /></div></Suspense>}
      {!object.immutable && catalogue.can('audit') && <Suspense><Unsent record={record} /></Suspense>}
      {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={5} height={60} /> : items.length === 0 ? <Empty icon="history" title={t('records.timelineEmpty')}>{t('records.timelineEmptyHelp')}</Empty>
        : [...Map.groupBy(items, (item) => dayAtZone(item.at))].map(([day, group]) => (
          <section key={day}><h3 className={css.day}>{dayInWords(day)}</h3><ol>{group.map((item, at) => <TimelineItem key={`${item.seq ?? item.child?.id ?? item.at}-${at}`} object={object} item={item} related={related} onWhy={onWhy} />)}</ol></section>
        ))}
      {hasNextPage && <div className={css.earlier}><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('records.earlier')}</Button></div>}
    </Panel>
  )
}

/** Times that the system keeps beside a follow-up or a behaviour: told by that item already. */
function isStamp(object: ObjectFacts, item: Item): boolean {
  const changed = item.kind === 'changed' ? (item.fields ?? []) : []
  return changed.length > 0 && changed.every(({ field }) => { const facts = object.field.get(field); return facts?.kind === 'datetime' && (facts.base || Boolean(facts.readOnly)) })
}

function sortOf(catalogue: Catalogue, item: Item): Which {
  const child = item.child && catalogue.object(item.child.object)
  if (child?.comment) return 'comment'
  if (child?.activity) return 'follow'
  return child?.immutable ? 'behaviour' : 'change'
}
