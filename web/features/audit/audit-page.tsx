import { useInfiniteQuery } from '@tanstack/react-query'
import { addDays } from '#language/values'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { DayField } from '../../design/date-field.tsx'
import { instantAt } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { fieldOptions } from '../conditions/names.ts'
import { memberOptions } from '../records/choices.tsx'
import { RecordPicker } from '../records/record-picker.tsx'
import { AuditTable } from './audit-table.tsx'
import css from './audit.module.css'
import { MostChanged } from './most-changed.tsx'

interface Filter { member?: number; object?: string; record?: string; field?: string; from?: string; to?: string }

/** Who changed what, when, from where, because of what; before and after. */
export default function AuditPage() {
  const catalogue = useCatalogue()
  const given = useSearch({ strict: false }) as { object?: string; record?: string; field?: string }
  const [filter, setFilter] = useState<Filter>({ ...(given.object ? { object: given.object } : {}), ...(given.record ? { record: given.record } : {}), ...(given.object && given.field ? { field: given.field } : {}) })
  const { from, to, ...rest } = filter
  const query = { ...rest, ...(from ? { from: instantAt(from, '00:00') } : {}), ...(to ? { to: instantAt(addDays(to, 1), '00:00') } : {}) }
  const may = catalogue.can('audit')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: keys.audit(query), enabled: may, placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => call('audit', { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  })
  if (!may) return <NoRight title={t('audit.title')} right={t('audit.title')} />
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <Page wide title={t('audit.title')} hint={t('audit.hint')}>
      <Filters value={filter} onChange={setFilter} />
      {filter.object && filter.field && !filter.record && !filter.member && <MostChanged object={filter.object} field={filter.field} onPick={(member, record) => setFilter({ ...filter, member, record })} />}
      <Panel label={t('audit.title')}>
        {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={10} height={48} /> : items.length === 0 ? <Empty icon="history" title={t('audit.empty')} act={<Button onClick={() => setFilter({})}>{t('records.clearFilter')}</Button>}>{t('audit.emptyHelp')}</Empty> : <AuditTable items={items} stale={isPlaceholderData} onRecord={(object, record) => setFilter({ object, record })} />}
      </Panel>
      {hasNextPage && <div><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </Page>
  )
}

function Filters({ value, onChange }: { value: Filter; onChange: (filter: Filter) => void }) {
  const catalogue = useCatalogue()
  const put = (next: { [K in keyof Filter]?: Filter[K] | undefined }) => onChange(Object.fromEntries(Object.entries({ ...value, ...next }).filter(([, each]) => each !== undefined)) as Filter)
  const configured = ['rule', 'object', 'dictionary', 'tag', 'form', 'assignmentPolicy', 'grading', 'role', 'view', 'calendar', 'print', 'dashboard'].map((kind) => ({ value: `definition:${kind}`, label: t(`audit.kind_${kind}` as 'audit.kind_rule'), group: t('audit.configuration') }))
  const people = ['member', 'session', 'team', 'api_key', 'print', 'export', 'deletion', 'unlock', 'import'].map((kind) => ({ value: `system:${kind}`, label: t(`audit.kind_${kind}` as 'audit.kind_rule'), group: t('audit.people') }))
  return (
    <div className={css.filters} role="search" aria-label={t('audit.filters')}>
      <Picker clearable label={t('audit.member')} placeholder={t('audit.anyMember')} value={value.member ? String(value.member) : null} options={memberOptions(catalogue)} onPick={(id) => put({ member: id ? Number(id) : undefined })} />
      <Picker clearable label={t('audit.object')} placeholder={t('audit.anyObject')} value={value.object ?? null} options={[...catalogue.objects.map((object) => ({ value: object.key, label: label(object.label), group: t('definitions.objects') })), ...configured, ...people]} onPick={(object) => put({ object: object ?? undefined, record: undefined, field: undefined })} />
      {value.object && catalogue.object(value.object) && <>
        <RecordPicker clearable label={t('audit.record')} object={value.object} value={value.record ?? null} onPick={(record) => put({ record: record?.id })} />
        <Picker clearable label={t('audit.field')} placeholder={t('audit.anyField')} value={value.field ?? null} options={fieldOptions(catalogue, value.object, { withParents: false })} onPick={(field) => put({ field: field ?? undefined })} />
      </>}
      <DayField clearable label={t('audit.from')} placeholder={t('audit.from')} value={value.from ?? null} onPick={(day) => put({ from: day ?? undefined })} />
      <span className="hint">{t('conditions.to')}</span>
      <DayField clearable label={t('audit.to')} placeholder={t('audit.to')} value={value.to ?? null} onPick={(day) => put({ to: day ?? undefined })} />
      {Object.keys(value).length > 0 && <Button small look="quiet" onClick={() => onChange({})}>{t('records.clearFilter')}</Button>}
    </div>
  )
}
