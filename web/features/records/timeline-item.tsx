import { Link } from '@tanstack/react-router'
import type { Routes } from '#contract/api'
import type { RouteAnswer } from '#contract/api'
import { lazy, Suspense } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { ago, clockTime, timeOfDay } from '../../design/format.ts'
import { Icon, type IconName } from '../../design/icons.tsx'
import { label, lang, t } from '../../i18n/index.ts'
import { Sent } from '../sending/sent.tsx'
import css from './record.module.css'
import { toldOf, toldText } from './telling.ts'
import { isBlank, textOf, valueOf, type Related } from './value.tsx'

const CommentItem = lazy(() => import('../comments/comment-item.tsx'))

export type Item = RouteAnswer<Routes['recordTimeline']>['items'][number]

export function TimelineItem({ object, item, related, onWhy }: { object: ObjectFacts; item: Item; related: Related; onWhy: (focus?: string) => void }) {
  const catalogue = useCatalogue()
  const decided = item.actor.kind === 'rule' || item.cause?.rule
  return (
    <li className={css.item} data-item={item.child?.id} data-meant={item.child && item.child.id === new URLSearchParams(location.search).get('item') ? true : undefined}>
      <span className={css.mark} data-kind={item.kind}><Icon name={iconOf(item)} size={14} /></span>
      <div className={css.happened}>
        <div>{item.sent ? <Sent sent={item.sent} /> : item.child ? <Child item={item} related={related} /> : <Sentence object={object} item={item} related={related} />}</div>
        {item.reason && <p className={css.reason}>{item.reason}</p>}
        <div className={css.provenance}>
          {!(item.actor.kind === 'system' && item.child) && <span>{who(catalogue, item.actor)}</span>}
          {because(item) && <span>{t('records.because', { what: because(item)! })}</span>}
          {decided && <button type="button" className="link" onClick={() => onWhy(item.cause?.rule)}>{t('records.why')}</button>}
        </div>
      </div>
      <time className="hint" dateTime={item.at} title={clockTime(item.at, true)}>{ago(item.at).includes('-') ? timeOfDay(item.at) : ago(item.at)}</time>
    </li>
  )
}

const ICONS: Record<Item['kind'], IconName> = { created: 'plus', changed: 'edit', deleted: 'trash', restored: 'refresh', child: 'form', sent: 'external' }
const iconOf = (item: Item): IconName => (item.actor.kind === 'rule' && item.kind !== 'sent' ? 'bolt' : ICONS[item.kind])
/** Who did it, in words; a grading scheme is named as such. */
export function who(catalogue: Catalogue, actor: Item['actor']): string {
  if (actor.kind === 'member' || actor.visitor || actor.said) return actor.name
  if (actor.kind === 'system') return t('records.bySystem')
  if (actor.kind === 'source') return t('records.byForm', { name: label(catalogue.forms.find((form) => form.key === actor.name)?.label) || actor.name })
  return t('records.byRule', { name: ruleName(catalogue, actor.name) })
}

/** A grading acts under its key. */
export const ruleName = (catalogue: Catalogue, name: string): string => label(catalogue.gradings.find((grading) => `grading:${grading.key}` === name)?.label) || label(catalogue.tags.find((tag) => `segment:${tag.key}` === name)?.label) || name

export function because({ cause, actor }: Pick<Item, 'cause' | 'actor'>): string | null {
  if (!cause) return null
  if (cause.woke) return wokenText(cause)
  if (cause.pressedBy) return t('records.pressedBy', { name: cause.pressedBy })
  if (cause.ruleLabel && actor.kind !== 'rule') return t('records.byRule', { name: cause.ruleLabel })
  if (cause.form && actor.kind !== 'source') return t('records.byForm', { name: cause.form })
  const known = ['undo', 'import', 'timer', 'backfill', 'definition', 'upgrade'] as const
  const kind = known.find((each) => each === cause.kind)
  return kind ? t(`records.cause_${kind}`) : null
}

/** What a rule went on by, where that was not its time. */
export const wokenText = ({ woke, told, saidBy }: NonNullable<Item['cause']>): string | null => (!woke || woke === 'begun' ? null : t(told ? `records.told_${told}` : `records.woke_${woke}`, { name: saidBy ?? t('records.somebody') }))

function Sentence({ object, item, related }: { object: ObjectFacts; item: Item; related: Related }) {
  if (item.kind !== 'changed') return <>{t(item.kind === 'created' ? 'records.actCreated' : item.kind === 'deleted' ? 'records.actDeleted' : 'records.actRestored')}</>
  return <ul className={css.changes}>{(item.fields ?? []).map((change) => <li key={change.field}><Change object={object} change={change} related={related} /></li>)}</ul>
}

export function Change({ object, change, related }: { object: ObjectFacts | undefined; change: { field: string; label: string; before: unknown; after: unknown }; related: Related }) {
  const catalogue = useCatalogue()
  const field = object?.field.get(change.field) ?? { kind: ISO.test(String(change.after ?? change.before)) ? ('datetime' as const) : ('text' as const), dictionary: undefined, named: undefined }
  if (change.field === '$gone') return <>{t(change.after === true ? 'records.actDeleted' : 'records.actRestored')}</>
  const text = (value: unknown) => <b>{textOf(catalogue, field, value, related)}</b>
  const was = textOf(catalogue, field, change.before, related)
  if (isBlank(change.after)) return <>{t('records.cleared')}{gap()}{change.label}{gap()}<s className="hint">{was}</s></>
  // What is configured, and who came in, has no field that somebody fills in.
  if (isBlank(change.before) && !object) return <>{change.label}{t('common.colon')}{text(change.after)}</>
  if (isBlank(change.before)) return <>{change.label}{gap()}{t('records.setTo')}{gap()}{text(change.after)}</>
  return <>{change.label}{gap()}{t('records.from')}{gap()}{was}{gap()}{t('records.to')}{gap()}{text(change.after)}</>
}

/** Chinese runs on; what stands between it and Latin is the browser's. */
export const gap = (): string => (lang() === 'zh' ? '' : ' ')

const ISO = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

/** A follow-up, a behaviour, a task: its name and its telling fields on one line, the long text below. */
function Child({ item, related }: { item: Item; related: Related }) {
  const catalogue = useCatalogue()
  const child = item.child!
  const object = catalogue.object(child.object)
  if (!object) return <b>{child.title}</b>
  if (object.comment) return <Suspense><CommentItem object={object} comment={child} /></Suspense>
  const told = toldOf(object, (key) => valueOf(child, key))
  const short = told.filter(({ field: { kind } }) => kind !== 'long' && kind !== 'file').slice(0, 4)
  const long = told.find(({ field: { kind } }) => kind === 'long')
  return (
    <>
      <span className={css.childKind}>{label(object.label)}</span> <Link to={at.record(child.object, child.id)} className={css.childTitle}><b>{titleOf(object, child.title, (value) => textOf(catalogue, object.field.get(object.title)!, value, related), valueOf(child, object.title))}</b></Link>
      {short.length > 0 && <div className="dense quiet">{short.map((each) => toldText(object, each, textOf(catalogue, each.field, each.value, related))).join(' · ')}</div>}
      {long && <div className={css.note}>{String(long.value)}</div>}
    </>
  )
}

const titleOf = (object: ObjectFacts, title: string, text: (value: unknown) => string, value: unknown): string => (object.field.get(object.title)?.kind === 'select' && !isBlank(value) ? text(value) : title)
