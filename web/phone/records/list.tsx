import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Condition } from '#language/conditions'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { at } from '../../app/paths.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { number } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { firstView } from '../../features/records/first-view.ts'
import { isOwnEcho } from '../../features/records/acts.ts'
import { sameRows } from '../../features/records/same-rows.ts'
import { label, lang, t } from '../../i18n/index.ts'
import { openFollowUp } from '../follow/state.ts'
import { usePull } from '../frame/pull.tsx'
import { navigate, queryOf, useHref } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import screen from '../frame/screen.module.css'
import { p } from '../words/index.ts'
import { CreateSheet } from './create.tsx'
import { ListRow } from './list-row.tsx'
import css from './list.module.css'
import { Missing } from './missing.tsx'
import { pluralOf } from './objects.ts'
import { ObjectsSheet } from './objects-sheet.tsx'
import type { Related } from './text.ts'

const PAGE = 40
/** Nobody has begun to read yet: what is new simply stands there. */
const UNREAD_MS = 4_000
const EVERYTHING: Condition = { all: [] }

/** Every object's list: saved views as tabs, search, rows for a thumb. */
export default function List({ object: key }: { object: string }) {
  const object = useCatalogue().object(key)
  return object ? <Rows object={object} /> : <Missing />
}

function useListState(object: ObjectFacts) {
  const catalogue = useCatalogue()
  const given = queryOf(useHref())
  const views = catalogue.views.filter((view) => view.object === object.key).sort((a, b) => a.order - b.order)
  const view = views.find((each) => each.key === given.get('view')) ?? firstView(views, catalogue.me)
  const search = given.get('q') ?? ''
  // A filter that a colleague sent along stands in the address as the desktop writes it.
  const filter = conditionIn(given.get('filter')) ?? view?.filter ?? EVERYTHING
  const sort = view?.sort.length ? view.sort : [{ field: 'created_at', direction: 'desc' as const }]
  const go = (next: { view?: string | undefined; q?: string }) => {
    const search = new URLSearchParams(Object.entries({ view: view?.key ?? '', ...next }).filter(([, value]) => value) as [string, string][])
    navigate(at.list(object.key) + (search.size ? `?${search}` : ''), { replace: true })
  }
  return { views, view, filter, sort, search, go }
}

function conditionIn(text: string | null): Condition | undefined {
  try { return text ? (JSON.parse(text) as Condition) : undefined } catch { return undefined }
}

function Rows({ object }: { object: ObjectFacts }) {
  const catalogue = useCatalogue()
  const { views, view, filter, sort, search, go } = useListState(object)
  const [newsAt, setNewsAt] = useState(0)
  const [openedAt] = useState(Date.now)
  const [sheet, setSheet] = useState<'objects' | 'create' | null>(null)
  const grading = catalogue.gradings.find((each) => each.object === object.key)
  const edge = object.field.get(sort[0]?.field ?? 'created_at')
  const fields = [...new Set([...(object.subtitle ?? []), ...(grading ? [grading.field] : []), ...(object.activity ? [object.activity.subject, object.activity.result, object.activity.nextAt, 'note'] : []), ...(edge ? [edge.key] : []), 'created_at'])].filter((field): field is string => Boolean(field && object.field.has(field)))
  const asked = { filter, sort: sort.map(({ field, direction }) => (direction === 'desc' ? `-${field}` : field)).join(','), ...(search ? { search } : {}) }
  const list = useInfiniteQuery({
    queryKey: keys.list(object.key, { ...asked, fields, phone: true }),
    queryFn: ({ pageParam, signal }) => call('listRecords', { params: { object: object.key }, query: { ...asked, fields, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined, placeholderData: keepPreviousData, refetchOnWindowFocus: false,
  })
  const count = useQuery({ queryKey: keys.count(object.key, { filter, search }), queryFn: ({ signal }) => call('countRecords', { params: { object: object.key }, query: { filter, ...(search ? { search } : {}) } }, { signal }), placeholderData: keepPreviousData, refetchOnWindowFocus: false })
  const refresh = () => Promise.all([list.refetch(), count.refetch()])
  const pull = usePull(refresh)
  // What changed may not show here; nothing is announced that would look the same.
  const look = async () => {
    if (isOwnEcho()) return
    const first = list.data?.pages[0]
    if (!first || Date.now() - openedAt < UNREAD_MS) return void list.refetch()
    const { records: fresh } = await call('listRecords', { params: { object: object.key }, query: { ...asked, fields, limit: PAGE } })
    if (!sameRows(first.records, fresh)) setNewsAt(Date.now())
  }
  useLive({ kind: 'list', object: object.key, filter, sort, limit: PAGE, ...(search ? { search } : {}) }, () => void look().catch(() => undefined))
  const records = list.data?.pages.flatMap((page) => page.records) ?? []
  const related = Object.assign({}, ...(list.data?.pages ?? []).map((page) => page.related)) as Related
  const whole = views.find((each) => 'all' in each.filter && each.filter.all.length === 0)
  const canCreate = (object.can.create || object.can.suggest === true) && !object.immutable
  const create = object.activity ? () => openFollowUp({ subject: null }) : () => setSheet('create')
  const createName = object.activity ? t('followup.add') : p('newNamed', { name: label(object.label) })
  return (
    <Screen
      title={pluralOf(object)}
      head={<div className={css.headline}><h1><button type="button" className={css.which} aria-haspopup="dialog" onClick={() => setSheet('objects')}>{pluralOf(object)}<Icon name="down" /><span className="sr">{p('objects')}</span></button></h1>{count.data && <span className="hint num">{countText(count.data)}</span>}</div>}
      below={<><Search key={object.key} value={search} name={pluralOf(object)} onSearch={(q) => go({ q })} />{views.length > 1 && <div className={css.tabs}><Tabs label={t('records.views')} value={view?.key ?? ''} tabs={views.map((each) => ({ value: each.key, label: label(each.label) }))} onChoose={(chosen) => { go({ view: chosen, q: search }); scrollTo(0, 0) }} /></div>}</>}
      act={canCreate && <button type="button" className={screen.fab} onClick={create}><Icon name="plus" size={18} />{createName}</button>}
    >
      {pull}
      {newsAt > list.dataUpdatedAt && <Button icon="refresh" className={css.news!} onClick={() => void refresh()}>{t('records.news')}</Button>}
      {list.error && records.length === 0 ? <Panel><Failure error={list.error} onRetry={list.refetch} /></Panel>
        : list.isPending ? <Panel label={t('common.loading')}><Skeleton rows={10} height={60} /></Panel>
        : records.length === 0 ? <Panel><Empty icon={search ? 'search' : 'list'} act={whole && whole !== view && <Button onClick={() => go({ view: whole.key, q: search })}>{label(whole.label)}</Button>} title={t(search ? 'records.nothingMatches' : 'records.nothingInView', { name: label(object.label) })}>{t(search ? 'records.nothingMatchesHelp' : 'records.nothingInViewHelp')}</Empty></Panel>
        : <Panel label={label(object.label)} className={list.isPlaceholderData ? css.stale : undefined}><ul>{records.map((record) => <ListRow key={record.id} object={object} record={record} related={related} edge={edge} grade={grading ? (record.values[grading.field] as string | null) : null} />)}</ul></Panel>}
      {records.length > 0 && <More has={list.hasNextPage} busy={list.isFetchingNextPage} error={list.isFetchNextPageError ? list.error : null} onMore={() => void list.fetchNextPage()} />}
      {sheet === 'objects' && <ObjectsSheet here={object.key} onClose={() => setSheet(null)} />}
      {sheet === 'create' && <CreateSheet object={object} onClose={() => setSheet(null)} onCreated={(id) => navigate(at.record(object.key, id))} />}
    </Screen>
  )
}

function countText(count: { exact: number } | { atLeast: number }): string {
  if ('exact' in count) return t('common.rows', { n: number(count.exact) })
  return t('common.rowsMany', { n: lang() === 'zh' && count.atLeast >= 10_000 ? `${Math.floor(count.atLeast / 10_000)} 万` : number(count.atLeast) })
}

const SETTLED_MS = 250
function Search({ value, name, onSearch }: { value: string; name: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value)
  const search = useEffectEvent(onSearch)
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => search(text.trim()), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  const clear = text ? <IconButton icon="close" label={t('common.clear')} onClick={() => { setText(''); onSearch('') }} /> : undefined
  return <Input className={css.search!} type="search" enterKeyHint="search" aria-label={p('searchHere', { name })} placeholder={p('searchHere', { name })} value={text} onText={setText} before={<Icon name="search" />} after={clear} />
}

/** The next page is fetched before the thumb reaches the end. */
function More({ has, busy, error, onMore }: { has: boolean; busy: boolean; error: unknown; onMore: () => void }) {
  const end = useRef<HTMLDivElement>(null)
  const more = useEffectEvent(onMore)
  useEffect(() => {
    if (!has || busy || error || !end.current) return
    const watch = new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) more() }, { rootMargin: '600px' })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [has, busy, error])
  return <div ref={end} className={css.end}>{error ? <Failure small error={error} onRetry={onMore} /> : <span className="hint">{has ? t('common.loading') : p('end')}</span>}</div>
}
