import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouteAnswer, Routes } from '#contract/api'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { now } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { bringBack } from './acts.ts'
import { because, who } from './timeline-item.tsx'
import { undoOf } from './undo.ts'
import css from './trash.module.css'

type Item = RouteAnswer<Routes['deletedRecords']>['items'][number]

/** Objects of which this member may bring something back. */
export const deletable = (catalogue: Catalogue): ObjectFacts[] => catalogue.objects.filter((object) => object.can.read && object.can.delete && !object.immutable)

/** What was deleted, by whom, when and why; back with one press, together with what went by the same act. */
export default function TrashPage() {
  const catalogue = useCatalogue()
  const objects = deletable(catalogue)
  const given = useSearch({ strict: false }) as { object?: string }
  const navigate = useNavigate()
  const object = objects.find(({ key }) => key === given.object) ?? objects.find(({ load }) => load) ?? objects[0]
  if (!object) return <NoRight title={t('trash.title')} right={t('trash.right')} />
  return (
    <Page title={t('trash.title')} hint={t('trash.hint')} acts={<Link to={at.deletions} className="link">{t('deletions.title')}</Link>}>
      <div className={css.which}><Picker label={t('audit.object')} value={object.key} options={objects.map((each) => ({ value: each.key, label: label(each.label) }))} onPick={(key) => key && void navigate({ to: at.trash, search: { object: key } as never })} /></div>
      <Deleted key={object.key} object={object} />
    </Page>
  )
}

function Deleted({ object }: { object: ObjectFacts }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...keys.object(object.key), 'deleted'],
    queryFn: ({ pageParam, signal }) => call('deletedRecords', { params: { object: object.key }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = data?.pages.flatMap((page) => page.items)
  const wholes = new Map(data?.pages.flatMap((page) => page.acts).map((each) => [each.act, each]))
  const name = label(object.label)
  if (error && !items) return <Panel label={name}><Failure error={error} onRetry={refetch} /></Panel>
  if (!items) return <Panel label={name}><Skeleton rows={6} height={52} /></Panel>
  if (items.length === 0) return <Panel label={name}><Empty icon="trash" title={t('trash.empty', { name })}>{t('trash.emptyHelp')}</Empty></Panel>
  return (
    <>
      {[...Map.groupBy(items, ({ act }) => act)].map(([act, together]) => <Act key={act} object={object} items={together} whole={wholes.get(act)} />)}
      {hasNextPage && <div><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </>
  )
}

const daysLeft = ({ purgeAt }: Item): number => Math.max(0, Math.ceil((Date.parse(purgeAt) - now().getTime()) / 86_400_000))

/** What went by one act, and the way back for all of it. */
function Act({ object, items, whole }: { object: ObjectFacts; items: readonly Item[]; whole: { n: number; undo: string | null } | undefined }) {
  const catalogue = useCatalogue()
  const [busy, setBusy] = useState<string | null>(null)
  const [{ actor, at: when, reason }] = items as [Item]
  const why = [reason, because(items[0]!)].filter(Boolean).join(' · ')
  const back = async (some: readonly Item[], which: string) => { setBusy(which); await bringBack(object.key, some); setBusy(null) }
  const n = Math.max(items.length, whole?.n ?? 0)
  const all = async () => { setBusy('all'); await undoOf(whole?.undo)?.(); setBusy(null) }
  return (
    <Panel title={<span className={css.who}>{t('trash.by', { who: who(catalogue, actor), n })}<time className="hint" dateTime={when} title={clockTime(when, true)}>{ago(when)}</time></span>} hint={why || undefined} acts={n > 1 && <Button small busy={busy === 'all'} onClick={() => void (whole?.undo ? all() : back(items, 'all'))}>{t('trash.restoreAll', { n })}</Button>}>
      <ul>{items.map((item) => (
        <li key={item.id} className={css.row}>
          <span className={css.names}><b className="clip">{item.title || t('records.untitled')}</b>{item.subtitle && <span className="hint clip">{item.subtitle}</span>}</span>
          <span className={css.left} data-soon={daysLeft(item) <= 7}>{t('trash.left', { n: daysLeft(item) })}</span>
          <Button small look="quiet" icon="refresh" busy={busy === item.id} aria-label={t('trash.restoreNamed', { name: item.title })} onClick={() => void back([item], item.id)}>{t('trash.restore')}</Button>
        </li>
      ))}</ul>
    </Panel>
  )
}
