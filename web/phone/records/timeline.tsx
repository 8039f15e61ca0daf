import { useInfiniteQuery } from '@tanstack/react-query'
import type { RecordShape, RouteAnswer, Routes } from '#contract/api'
import { Suspense, useEffect, useState } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { clockTime, dayAtZone, dayInWords, timeOfDay } from '../../design/format.ts'
import { Icon, type IconName } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Sent } from '../../features/sending/sent.tsx'
import { toldOf, toldText } from '../../features/records/telling.ts'
import { label, lang, t } from '../../i18n/index.ts'
import { Link } from '../frame/router.tsx'
import css from './record.module.css'
import { isBlank, textOf, valueOf, type Related } from './text.ts'
import { later } from '../words/later.ts'

const Composer = later(() => import('../../features/comments/composer.tsx'))
const Unsent = later(() => import('../../features/drafts/unsent.tsx'))
const CommentItem = later(() => import('../../features/comments/comment-item.tsx'))
type Item = RouteAnswer<Routes['recordTimeline']>['items'][number]
/** So that what it is stays within two flicks. */
const FIRST_SHOWN = 8

/** What happened, newest first, by day; each with who, and because of what. */
export function TimelinePanel({ object, record, onWhy }: { object: ObjectFacts; record: RecordShape; onWhy: () => void }) {
  const [all, setAll] = useState(false)
  const audits = useCatalogue().can('audit')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...keys.timeline(object.key, record.id), 'phone'],
    queryFn: ({ pageParam, signal }) => call('recordTimeline', { params: { object: object.key, id: record.id }, query: { limit: 30, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = (data?.pages.flatMap((page) => page.items) ?? []).filter((item) => !isStamp(object, item))
  const related = Object.assign({}, ...(data?.pages ?? []).map((page) => page.related)) as Related
  const meant = new URLSearchParams(location.search).get('item')
  const place = items.findIndex(({ child }) => child?.id === meant)
  useEffect(() => {
    if (meant && place >= 0) document.querySelector(`[data-item="${CSS.escape(meant)}"]`)?.scrollIntoView({ block: 'center' })
  }, [meant, place])
  const shown = all || place >= FIRST_SHOWN ? items : items.slice(0, FIRST_SHOWN)
  const more = () => { if (!all) setAll(true); else void fetchNextPage() }
  return (
    <Panel title={t('records.timeline')} label={t('records.timeline')}>
      {!object.immutable && <Suspense><div className={css.compose}><Composer key={record.id} record={record} /></div></Suspense>}
      {!object.immutable && audits && <Suspense><Unsent record={record} /></Suspense>}
      {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={60} /> : items.length === 0 ? <Empty icon="history" title={t('records.timelineEmpty')}>{t('records.timelineEmptyHelp')}</Empty>
        : [...byDay(shown)].map(([day, group]) => (
          <section key={day}><h3 className={css.day}>{dayInWords(day)}</h3><ol>{group.map((item, index) => <Happening key={`${item.seq ?? item.child?.id ?? item.at}-${index}`} object={object} item={item} related={related} onWhy={onWhy} />)}</ol></section>
        ))}
      {(hasNextPage || (!all && items.length > FIRST_SHOWN)) && <div className={css.earlier}><Button busy={isFetchingNextPage} onClick={more}>{t('records.earlier')}</Button></div>}
    </Panel>
  )
}

function byDay(items: readonly Item[]): Map<string, Item[]> {
  const days = new Map<string, Item[]>()
  for (const item of items) { const day = dayAtZone(item.at); days.set(day, [...(days.get(day) ?? []), item]) }
  return days
}

/** Times that the system keeps beside a follow-up or a behaviour: told by that item already. */
function isStamp(object: ObjectFacts, item: Item): boolean {
  const changed = item.kind === 'changed' ? (item.fields ?? []) : []
  return changed.length > 0 && changed.every(({ field }) => { const facts = object.field.get(field); return facts?.kind === 'datetime' && (facts.base || Boolean(facts.readOnly)) })
}

const ICONS: Record<Item['kind'], IconName> = { created: 'plus', changed: 'edit', deleted: 'trash', restored: 'refresh', child: 'form', sent: 'external' }

function Happening({ object, item, related, onWhy }: { object: ObjectFacts; item: Item; related: Related; onWhy: () => void }) {
  const catalogue = useCatalogue()
  const reason = because(item)
  const decided = item.actor.kind === 'rule' || item.cause?.rule
  return (
    <li className={css.item} data-item={item.child?.id}>
      <span className={css.mark}><Icon name={item.actor.kind === 'rule' && !item.sent ? 'bolt' : ICONS[item.kind]} size={14} /></span>
      <div className="grow">
        {item.sent ? <Sent sent={item.sent} /> : item.child ? <Child item={item} related={related} /> : <Changes object={object} item={item} related={related} />}
        {item.reason && <p className={css.note}>{item.reason}</p>}
        <div className={css.provenance}><span>{[item.actor.kind === 'system' && item.child ? null : who(catalogue, item.actor), reason && t('records.because', { what: reason })].filter(Boolean).join(' · ')}</span>{decided && <button type="button" className={css.why} onClick={onWhy}>{t('records.why')}</button>}</div>
      </div>
      <time className="hint" dateTime={item.at} title={clockTime(item.at, true)}>{timeOfDay(item.at)}</time>
    </li>
  )
}

/** Who did it, in words; a grading acts under its key and is named as such. */
export function who(catalogue: Catalogue, actor: Item['actor']): string {
  if (actor.kind === 'member' || actor.visitor || actor.said) return actor.name
  if (actor.kind === 'system') return t('records.bySystem')
  if (actor.kind === 'source') return t('records.byForm', { name: label(catalogue.forms.find((form) => form.key === actor.name)?.label) || actor.name })
  return t('records.byRule', { name: label(catalogue.gradings.find((grading) => `grading:${grading.key}` === actor.name)?.label) || label(catalogue.tags.find((tag) => `segment:${tag.key}` === actor.name)?.label) || actor.name })
}

function because({ cause, actor }: Item): string | null {
  if (!cause) return null
  if (cause.woke) return cause.woke === 'begun' ? null : t(cause.told ? `records.told_${cause.told}` : `records.woke_${cause.woke}`, { name: cause.saidBy ?? t('records.somebody') })
  if (cause.pressedBy) return t('records.pressedBy', { name: cause.pressedBy })
  if (cause.ruleLabel && actor.kind !== 'rule') return t('records.byRule', { name: cause.ruleLabel })
  if (cause.form && actor.kind !== 'source') return t('records.byForm', { name: cause.form })
  const kind = (['undo', 'import', 'timer', 'backfill', 'definition', 'upgrade'] as const).find((each) => each === cause.kind)
  return kind ? t(`records.cause_${kind}`) : null
}

const ISO = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

function Changes({ object, item, related }: { object: ObjectFacts; item: Item; related: Related }) {
  const catalogue = useCatalogue()
  // Chinese runs on; what stands between it and Latin is the browser's.
  const gap = lang() === 'zh' ? '' : ' '
  if (item.kind !== 'changed') return <div>{t(item.kind === 'created' ? 'records.actCreated' : item.kind === 'deleted' ? 'records.actDeleted' : 'records.actRestored')}</div>
  return <>{(item.fields ?? []).map((change) => {
    const field = object.field.get(change.field) ?? { kind: ISO.test(String(change.after ?? change.before)) ? ('datetime' as const) : ('text' as const), dictionary: undefined, named: undefined }
    const text = (value: unknown) => textOf(catalogue, field, value, related)
    return <div key={change.field}>{isBlank(change.after) ? <>{t('records.cleared')}{gap}{change.label}</> : isBlank(change.before) ? <>{change.label}{gap}{t('records.setTo')}{gap}<b>{text(change.after)}</b></> : <>{change.label}{gap}{t('records.from')}{gap}{text(change.before)}{gap}{t('records.to')}{gap}<b>{text(change.after)}</b></>}</div>
  })}</>
}

/** A follow-up, a behaviour, a task: its name and its telling fields on one line, the long text below. */
function Child({ item, related }: { item: Item; related: Related }) {
  const catalogue = useCatalogue()
  const child = item.child!
  const object = catalogue.object(child.object)
  if (!object) return <b>{child.title}</b>
  if (object.comment) return <Suspense><CommentItem object={object} comment={child} /></Suspense>
  const told = toldOf(object, (key) => valueOf(child, key))
  const short = told.filter(({ field: { kind } }) => kind !== 'long' && kind !== 'file').slice(0, 3)
  const long = told.find(({ field: { kind } }) => kind === 'long')
  return (
    <>
      <div><span className={css.kind}>{label(object.label)}</span> <Link to={at.record(child.object, child.id)} className={css.childLink}><b>{child.title}</b></Link></div>
      {short.length > 0 && <div className="dense quiet">{short.map((each) => toldText(object, each, textOf(catalogue, each.field, each.value, related))).join(' · ')}</div>}
      {long && <div className={css.note}>{String(long.value)}</div>}
    </>
  )
}
