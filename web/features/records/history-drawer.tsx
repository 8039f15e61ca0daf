import { useInfiniteQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { AsOf } from './as-of.tsx'
import css from './record.module.css'
import { because, Change, who } from './timeline-item.tsx'
import { undoOf } from './undo.ts'
import type { Related } from './value.tsx'

/** For whoever must know exactly: who, when to the second, from which address, because of what, before and after. */
export default function HistoryDrawer({ object, record, onClose }: { object: ObjectFacts; record: RecordShape; onClose: () => void }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: keys.changes(object.key, record.id),
    queryFn: ({ pageParam, signal }) => call('recordChanges', { params: { object: object.key, id: record.id }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const [asOf, setAsOf] = useState<string | null>(null)
  const catalogue = useCatalogue()
  const items = data?.pages.flatMap((page) => page.items)
  const related = Object.assign({}, ...(data?.pages ?? []).map((page) => page.related)) as Related
  return (
    <Dialog look="sheet" width={640} title={t('records.historyTitle')} hint={record.title} onClose={onClose}>
      {asOf !== null ? <><Button small icon="left" onClick={() => setAsOf(null)}>{t('records.historyTitle')}</Button><AsOf object={object} id={record.id} at={asOf} /></> : error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={5} height={56} /> : items.length === 0 ? <Empty icon="history" title={t('records.historyEmpty')} />
        : <ol className={css.whys}>{items.map((item, index) => (
          <li key={item.seq ?? index} className={css.whyItem}>
            <div className={css.whyHead}><b className="grow">{who(catalogue, item.actor)}</b><time className="hint num" dateTime={item.at}>{clockTime(item.at, true)}</time></div>
            <ul className={css.changes}>{(item.fields ?? []).length === 0 ? <li>{t(item.kind === 'deleted' ? 'records.actDeleted' : item.kind === 'restored' ? 'records.actRestored' : 'records.actCreated')}</li> : item.fields!.map((change) => <li key={change.field}><Change object={object} change={change} related={related} /></li>)}</ul>
            <div className={css.provenance}>{because(item) && <span>{t('records.because', { what: because(item)! })}</span>}{item.ip && <span>{t('records.ip')} <span className="num">{item.ip}</span></span>}{!object.immutable && <button type="button" className="link" aria-label={t('records.asOfAt', { when: clockTime(item.at, true) })} onClick={() => setAsOf(item.at)}>{t('records.asOfThen')}</button>}{item.undo && (record.can.edit || record.can.delete) && <button type="button" className="link" aria-label={t('records.undoAt', { when: clockTime(item.at, true) })} onClick={() => void undoOf(item.undo)!()}>{t('records.undoThis')}</button>}</div>
          </li>
        ))}</ol>}
      {asOf === null && hasNextPage && <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button>}
    </Dialog>
  )
}
