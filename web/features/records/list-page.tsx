import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Missing } from '../../app/states.tsx'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { call } from '../../api/client.ts'
import { label, t } from '../../i18n/index.ts'
import { isAlways } from '../conditions/sentence.ts'
import { BulkBar } from './bulk-bar.tsx'
import { BulkResult } from './bulk-result.tsx'
import { ExportButton } from './export-button.tsx'
import { FilterBar } from './filter-bar.tsx'
import type { Whole } from './in-chunks.ts'
import { useListData } from './list-data.ts'
import css from './list.module.css'
import { useListState, type ListState } from './list-state.ts'
import { ListTable } from './list-table.tsx'
import { countText } from './count.ts'
import { ViewTabs } from './view-tabs.tsx'

const CreateRecord = lazy(async () => ({ default: (await import('./create-record.tsx')).CreateRecord }))

/** Every object's list, made from its definition. */
export default function ListPage() {
  const state = useListState()
  return state ? <List key={state.object.key} state={state} /> : <Missing />
}

function List({ state }: { state: ListState }) {
  const { object } = state
  const data = useListData(state)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [whole, setWhole] = useState<Whole | null>(null)
  const [creating, setCreating] = useState(false)
  const navigate = useNavigate()
  const chosen = data.records.filter((record) => marked.has(record.id))
  const more = data.count && ('atLeast' in data.count || data.count.exact > data.records.length)
  const canTakeAll = Boolean(more) && marked.size >= data.records.length && chosen.length === marked.size
  const takeAll = async () => {
    try {
      const { ids, more: beyond } = await call('selectRecords', { params: { object: object.key }, query: { filter: state.filter, ...(state.search ? { search: state.search } : {}) } })
      setMarked(new Set(ids))
      if (beyond) say(t('records.onlyFirst', { n: ids.length }))
    } catch (error) { sayTrouble(sentenceOf(error)) }
  }
  const canCreate = (object.can.create || object.can.suggest === true) && !object.immutable
  return (
    <Page wide fill title={label(object.label)} hint={data.count && countText(data.count)} acts={<>{object.can.import && <Button onClick={() => void navigate({ to: at.imports(object.key) })}>{t('records.import')}</Button>}{object.can.export && <ExportButton state={state} count={data.count} />}{canCreate && <Button look="primary" onClick={() => setCreating(true)}>{t(object.can.create ? 'shell.createNamed' : 'suggestions.makeNamed', { name: label(object.label) })}</Button>}</>}>
      <div className={css.frame}>
        <ViewTabs state={state} />
        <FilterBar state={state} />
        {data.news && <div className={css.news}><Button small icon="refresh" onClick={() => void data.refresh()}>{t('records.news')}</Button></div>}
        {data.list.error && data.records.length === 0 ? <Failure error={data.list.error} onRetry={data.list.refetch} />
          : data.list.isPending ? <Skeleton rows={12} height={40} />
          : data.records.length === 0 ? <Nothing state={state} onCreate={canCreate ? () => setCreating(true) : null} />
          : <ListTable state={state} records={data.records} related={data.related} marked={marked} onMark={setMarked} more={data.list.hasNextPage && !data.list.isFetchingNextPage ? () => void data.list.fetchNextPage() : null} loadingMore={data.list.isFetchingNextPage} moreError={data.list.isFetchNextPageError ? data.list.error : null} stale={data.list.isPlaceholderData} />}
      </div>
      {marked.size > 0 && <BulkBar object={object} ids={[...marked]} records={chosen} onAll={canTakeAll ? takeAll : null} allText={t('records.markWhole', { count: data.count ? countText(data.count) : '' })} onDone={() => setMarked(new Set())} onWhole={setWhole} />}
      {whole && <BulkResult object={object.key} whole={whole} onClose={() => setWhole(null)} />}
      {creating && <Suspense><CreateRecord object={object.key} onClose={() => setCreating(false)} onCreated={(id) => void navigate({ to: at.record(object.key, id) })} /></Suspense>}
    </Page>
  )
}

/** Nothing because of the filter is another thing than nothing at all. */
function Nothing({ state, onCreate }: { state: ListState; onCreate: (() => void) | null }) {
  const name = label(state.object.label)
  if (state.changed || state.search) return <Empty icon="filter" title={t('records.nothingMatches', { name })} act={<Button onClick={() => state.set({ filter: undefined as never, sort: undefined as never, q: '' })}>{t('records.clearFilter')}</Button>}>{t('records.nothingMatchesHelp')}</Empty>
  const whole = state.views.find((view) => isAlways(view.filter))
  if (!isAlways(state.filter)) return <Empty title={t('records.nothingInView', { name })} act={whole && <Button onClick={() => state.choose(whole.key)}>{label(whole.label)}</Button>}>{t('records.nothingInViewHelp')}</Empty>
  return <Empty title={t('records.nothingYet', { name })} act={onCreate && <Button look="plain" onClick={onCreate}>{t('shell.createNamed', { name })}</Button>}>{onCreate ? t('records.nothingYetHelp', { name }) : t('records.nothingYetQuiet')}</Empty>
}
