import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { RouteInput, Routes } from '#contract/api'
import { addressFor } from '#contract/client'
import { addDays } from '#language/values'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { DayField } from '../../design/date-field.tsx'
import { Input } from '../../design/field.tsx'
import { clockTime, instantAt } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { fieldOptions } from '../conditions/names.ts'
import { memberOptions } from '../records/choices.tsx'
import { RecordPicker } from '../records/record-picker.tsx'
import { AuditTable } from './audit-table.tsx'
import css from './audit.module.css'
import { UndoSpan } from './undo-span.tsx'
import { MadeTwice } from './made-twice.tsx'
import { MostChanged } from './most-changed.tsx'
import { UnsavedForms } from './unsaved-forms.tsx'

type About = NonNullable<RouteInput<Routes['audit']>['query']>['about']
type Cause = NonNullable<RouteInput<Routes['audit']>['query']>['cause']
interface Filter { member?: number; object?: string; record?: string; field?: string; from?: string; to?: string; cause?: NonNullable<Cause>; ip?: string; rule?: string; about?: NonNullable<About> }

/** Who changed what, when, from where, because of what; before and after. */
export default function AuditPage() {
  const catalogue = useCatalogue()
  const given = useSearch({ strict: false }) as { object?: string; record?: string; field?: string; member?: number; about?: string; from?: string; to?: string }
  const [filter, setFilter] = useState<Filter>(() => filterIn(given))
  const { from, to, ...rest } = filter
  const query = { ...rest, ...(from ? { from: instantAt(from, '00:00') } : {}), ...(to ? { to: instantAt(addDays(to, 1), '00:00') } : {}) }
  const may = catalogue.can('audit')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: keys.audit(query), enabled: may, placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => call('audit', { query: { ...query, byAct: true, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  })
  if (!may) return <NoRight title={t('audit.title')} right={t('audit.title')} />
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <Page wide title={t('audit.title')} hint={<SealState />} acts={<><UnsavedForms /><Link to={at.exports} search={{ show: 'all' } as never} className="link">{t('audit.exports')}</Link><a className="link" download="" href={addressFor('auditFile', { query })} onClick={() => say(t('records.exporting'))}>{t('audit.export')}</a></>}>
      <Filters value={filter} onChange={setFilter} />
      {filter.object && filter.field && !filter.record && !filter.member && <MostChanged object={filter.object} field={filter.field} onPick={(member, record) => setFilter({ ...filter, member, record })} />}
      {filter.object && filter.field && !filter.record && !filter.member && <MadeTwice object={filter.object} field={filter.field} />}
      <Panel label={t('audit.title')}>
        {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={10} height={48} /> : items.length === 0 ? <Empty icon="history" title={t('audit.empty')} act={<Button onClick={() => setFilter({})}>{t('records.clearFilter')}</Button>}>{t('audit.emptyHelp')}</Empty> : <AuditTable items={items} query={query} stale={isPlaceholderData} onRecord={(object, record) => setFilter({ object, record })} />}
      </Panel>
      {hasNextPage && <div><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </Page>
  )
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
/** As a link asks for it. */
function filterIn({ object, record, field, member, about, from, to }: { object?: string; record?: string; field?: string; member?: number; about?: string; from?: string; to?: string }): Filter {
  const known = ABOUT.find((each) => each === about)
  return { ...(Number(member) > 0 && { member: Number(member) }), ...(object && { object }), ...(record && { record }), ...(object && field && { field }), ...(known && { about: known }), ...(from && DAY.test(from) && { from }), ...(to && DAY.test(to) && { to }) }
}

/** How far the log is sealed. */
function SealState() {
  const { data } = useQuery({ queryKey: ['seal'], queryFn: () => call('seal', {}), refetchInterval: 30_000 })
  if (!data) return <>{t('audit.hint')}</>
  const sealed = data.block ? t('audit.sealedTo', { n: data.block.number, when: clockTime(data.block.at, true) }) : t('audit.notSealed')
  return <>{t('audit.hint')} · <span title={t('audit.sealHelp')}>{data.waiting > 0 ? `${sealed} · ${t('audit.waiting', { n: data.waiting })}` : sealed}</span></>
}

const ABOUT = ['rights', 'configuration', 'taken', 'looked', 'refused', 'deletions', 'signIns'] as const
const CAUSES = ['member', 'source', 'rule', 'timer', 'import', 'undo', 'erasure', 'definition'] as const

function Filters({ value, onChange }: { value: Filter; onChange: (filter: Filter) => void }) {
  const catalogue = useCatalogue()
  const put = (next: { [K in keyof Filter]?: Filter[K] | undefined }) => onChange(Object.fromEntries(Object.entries({ ...value, ...next }).filter(([, each]) => each !== undefined)) as Filter)
  const configured = ['rule', 'object', 'dictionary', 'tag', 'form', 'assignmentPolicy', 'grading', 'pooling', 'role', 'policy', 'accessMode', 'view', 'layout', 'recordAct', 'conversion', 'calendar', 'print', 'letterhead', 'dashboard'].map((kind) => ({ value: `definition:${kind}`, label: t(`audit.kind_${kind}` as 'audit.kind_rule'), group: t('audit.configuration') }))
  const people = ['member', 'absence', 'own_automation', 'session', 'sign_in_provider', 'team', 'api_key', 'print', 'export', 'tracing', 'reading', 'copy', 'deletion', 'erasure', 'purge', 'unlock', 'run', 'import'].map((kind) => ({ value: `system:${kind}`, label: t(`audit.kind_${kind}` as 'audit.kind_rule'), group: t('audit.people') }))
  return (
    <div className={css.filters} role="search" aria-label={t('audit.filters')}>
      <Picker clearable label={t('audit.member')} placeholder={t('audit.anyMember')} value={value.member ? String(value.member) : null} options={memberOptions(catalogue)} onPick={(id) => put({ member: id ? Number(id) : undefined })} />
      <Picker clearable label={t('audit.object')} placeholder={t('audit.anyObject')} value={value.object ?? null} options={[...catalogue.objects.map((object) => ({ value: object.key, label: label(object.label), group: t('definitions.objects') })), ...configured, ...people]} onPick={(object) => put({ object: object ?? undefined, record: undefined, field: undefined })} />
      {value.object && catalogue.object(value.object) && <>
        <RecordPicker clearable label={t('audit.record')} object={value.object} value={value.record ?? null} onPick={(record) => put({ record: record?.id })} />
        <Picker clearable label={t('audit.field')} placeholder={t('audit.anyField')} value={value.field ?? null} options={fieldOptions(catalogue, value.object, { withParents: false })} onPick={(field) => put({ field: field ?? undefined })} />
      </>}
      <Picker clearable label={t('audit.about')} placeholder={t('audit.about')} value={value.about ?? null} options={ABOUT.map((about) => ({ value: about, label: t(`audit.about_${about}`) }))} onPick={(about) => put({ about: (about ?? undefined) as About })} />
      <Picker clearable label={t('audit.cause')} placeholder={t('audit.cause')} value={value.cause ?? null} options={CAUSES.map((cause) => ({ value: cause, label: t(`audit.cause_${cause}`) }))} onPick={(cause) => put({ cause: (cause ?? undefined) as Cause })} />
      {catalogue.can('rules') && <RulePicker value={value.rule ?? null} onPick={(rule) => put({ rule: rule ?? undefined })} />}
      <Input small aria-label="IP" placeholder="IP" value={value.ip ?? ''} onText={(ip) => put({ ip: ip.trim() || undefined })} />
      <div className={css.days}>
        <DayField clearable label={t('audit.from')} placeholder={t('audit.from')} value={value.from ?? null} onPick={(day) => put({ from: day ?? undefined })} />
        <span className="hint">{t('conditions.to')}</span>
        <DayField clearable label={t('audit.to')} placeholder={t('audit.to')} value={value.to ?? null} onPick={(day) => put({ to: day ?? undefined })} />
      </div>
      <UndoButton value={value} />
      {Object.keys(value).length > 0 && <Button small look="quiet" onClick={() => onChange({})}>{t('records.clearFilter')}</Button>}
    </div>
  )
}

function RulePicker({ value, onPick }: { value: string | null; onPick: (rule: string | null) => void }) {
  const { data } = useDefinitions('rule')
  return <Picker clearable label={t('audit.kind_rule')} placeholder={t('audit.kind_rule')} value={value} options={(data ?? []).map(({ key, body }) => ({ value: key, label: label(body.label) }))} onPick={onPick} />
}

/** Offered once it is clear whose work of which days is meant. */
function UndoButton({ value: { member, rule, from, to } }: { value: Filter }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  if (!from || (member === undefined) === (rule === undefined)) return null
  const who = member !== undefined ? (catalogue.member(member)?.name ?? '') : `${t('audit.kind_rule')} ${rule ?? ''}`
  const wish = { ...(member !== undefined ? { member } : { rule: rule! }), from: instantAt(from, '00:00'), to: instantAt(addDays(to ?? from, 1), '00:00') }
  return <><Button small icon="history" onClick={() => setOpen(true)}>{t('audit.undoSpan')}</Button>{open && <UndoSpan wish={wish} who={`${who} · ${to && to !== from ? `${from} – ${to}` : from}`} onClose={() => setOpen(false)} />}</>
}
