import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './intake.module.css'
import { intakeKey, type Submission } from './query.ts'
import { SubmissionSheet } from './submission-sheet.tsx'

const STATES = ['quarantined', 'corrected', 'dismissed'] as const

/** What came in and became no record: why, and what to do about it. */
export default function IntakePage() {
  const may = useCatalogue().can('intake')
  const [status, setStatus] = useState<(typeof STATES)[number]>('quarantined')
  const [open, setOpen] = useState<Submission | null>(null)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...intakeKey, status], enabled: may,
    queryFn: ({ pageParam, signal }) => call('submissions', { query: { status, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  })
  if (!may) return <NoRight title={t('intake.title')} right={t('intake.title')} />
  const items = data?.pages.flatMap((page) => page.items)
  const waiting = data?.pages[0]?.waiting ?? 0
  return (
    <Page title={t('intake.title')} hint={t('intake.hint')}>
      <Tabs label={t('intake.title')} value={status} onChoose={setStatus} tabs={STATES.map((value) => ({ value, label: value === 'quarantined' && waiting > 0 ? t('intake.waitingCount', { n: waiting }) : t(`intake.state_${value}`) }))} />
      <Panel label={t(`intake.state_${status}`)}>
        {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={6} height={64} /> : items.length === 0
          ? <Empty icon="check" title={t(`intake.empty_${status}`)}>{t(`intake.emptyHelp_${status}`)}</Empty>
          : <ul>{items.map((item) => <Row key={item.id} item={item} onOpen={() => setOpen(item)} />)}</ul>}
      </Panel>
      {hasNextPage && <div><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
      {open && <SubmissionSheet submission={open} onClose={() => setOpen(null)} />}
    </Page>
  )
}

/** Who it seems to be, why it waits, by which form, when. */
function Row({ item, onOpen }: { item: Submission; onOpen: () => void }) {
  const told = item.answers.filter(({ value }) => value !== '').slice(0, 3).map(({ value }) => value).join(' · ')
  return (
    <li>
      <button type="button" className={css.row} onClick={onOpen}>
        <span className={css.what}><b className="clip">{told || t('intake.nothingSaid')}</b><span className={css.why}>{item.settled?.reason ?? (item.reason ? label(item.reason) : '')}</span></span>
        <span className={css.form}>{label(item.form.label ?? undefined) || item.form.key}</span>
        <time className="hint" dateTime={item.at} title={clockTime(item.at, true)}>{ago(item.at)}</time>
      </button>
    </li>
  )
}
