import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Routes } from '#contract/api'
import type { RouteAnswer, RouteInput } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Icon } from '../../design/icons.tsx'
import { clockTime, plain } from '../../design/format.ts'
import { Facts, Failure, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { agentName } from '../auth/agent.ts'
import { AsOf } from '../records/as-of.tsx'
import { undoOf } from '../records/undo.ts'
import { because, Change, ruleName, who } from '../records/timeline-item.tsx'
import css from './audit.module.css'

type Item = RouteAnswer<Routes['audit']>['items'][number]
type Query = NonNullable<RouteInput<Routes['audit']>['query']>
const FEW = 3

export function AuditTable({ items, query, stale, onRecord }: { items: readonly Item[]; /** What was asked for. */ query: Query; stale: boolean; onRecord: (object: string, record: string) => void }) {
  return (
    <div className={css.scroll}>
      <table className={css.table} data-stale={stale}>
        <thead><tr><th scope="col">{t('audit.when')}</th><th scope="col">{t('audit.who')}</th><th scope="col">{t('audit.what')}</th><th scope="col">{t('audit.changes')}</th><th scope="col">{t('audit.cause')}</th><th scope="col">{t('audit.ip')}</th><th scope="col"><span className="sr">{t('audit.details')}</span></th></tr></thead>
        <tbody>{items.map((item) => (item.whole ? <Whole key={`${item.seq}`} item={item} whole={item.whole} query={query} onRecord={onRecord} /> : <Row key={`${item.seq}`} item={item} onRecord={onRecord} />))}</tbody>
      </table>
    </div>
  )
}

/** What one act changed much, in one line; its lines are asked for when it is opened. */
function Whole({ item, whole, query, onRecord }: { item: Item; whole: NonNullable<Item['whole']>; query: Query; onRecord: (object: string, record: string) => void }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: keys.audit({ ...query, act: item.act }), enabled: open,
    queryFn: ({ pageParam, signal }) => call('audit', { query: { ...query, act: item.act, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  })
  const lines = data?.pages.flatMap((page) => page.items) ?? []
  const nameOfObject = (key: string) => { const object = catalogue.object(key); return object ? label(object.label) : kindName(key) }
  return (
    <>
      <tr data-open={open}>
        <td className="num"><time dateTime={item.at}>{clockTime(item.at, true)}</time></td>
        <td>{item.actor.kind === 'rule' ? ruleName(catalogue, item.actor.name) : who(catalogue, item.actor)}</td>
        <td>{whole.of.slice(0, FEW).map(({ object, n }) => <span key={object} className={css.kind}><span className="hint">{nameOfObject(object)}</span> <span className="num">{n}</span></span>)}{whole.of.length > FEW && <span className="hint">{t('audit.otherKinds', { n: whole.of.length - FEW })}</span>}</td>
        <td>{item.reason ?? t('audit.oneAct')} <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'audit.fold' : 'audit.unfold', { n: whole.n })}</button></td>
        <td className={css.cause}>{because(item) ?? t(`audit.by_${item.actor.kind}`)}</td>
        <td className={css.ip}>{item.ip ?? <span className="hint">—</span>}</td>
        <td><button type="button" className={css.expand} aria-expanded={open} aria-label={t(open ? 'audit.fold' : 'audit.unfold', { n: whole.n })} onClick={() => setOpen(!open)}><Icon name={open ? 'up' : 'down'} size={14} /></button></td>
      </tr>
      {open && lines.map((line) => <Row key={line.seq} item={line} inside onRecord={onRecord} />)}
      {open && (error || !data || hasNextPage) && <tr className={css.detail}><td /><td colSpan={6}>{error ? <Failure small error={error} onRetry={refetch} /> : !data ? <Skeleton rows={3} height={32} /> : <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button>}</td></tr>}
    </>
  )
}

function Row({ item, inside, onRecord }: { item: Item; inside?: boolean; onRecord: (object: string, record: string) => void }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const object = catalogue.object(item.object)
  const shown = open ? item.fields : item.fields.slice(0, FEW)
  const [asOf, setAsOf] = useState(false)
  return (
    <>
      <tr data-open={open} data-inside={inside}>
        <td className="num"><time dateTime={item.at}>{clockTime(item.at, true)}</time></td>
        <td>{item.actor.kind === 'rule' ? ruleName(catalogue, item.actor.name) : who(catalogue, item.actor)}</td>
        <td><span className="hint">{object ? label(object.label) : kindName(item.object)}</span> {item.record && object ? <Link to={at.record(item.object, item.record)} className="link">{item.title ?? t('records.hiddenRecord')}</Link> : (nameOf(item) || nameIn(item))}</td>
        <td><ul>{shown.map((change) => <li key={change.field}><Change object={object} change={object ? change : configured(change)} related={{}} /></li>)}{item.fields.length === 0 && <li className="quiet">{t('records.actCreated')}</li>}</ul>{!open && item.fields.length > FEW && <button type="button" className="link" onClick={() => setOpen(true)}>{t('audit.moreChanges', { n: item.fields.length - FEW })}</button>}</td>
        <td className={css.cause}>{because(item) ?? t(`audit.by_${item.actor.kind}`)}</td>
        <td className={css.ip}>{item.ip ?? <span className="hint">—</span>}</td>
        <td><button type="button" className={css.expand} aria-expanded={open} aria-label={t('audit.details')} onClick={() => setOpen(!open)}><Icon name={open ? 'up' : 'down'} size={14} /></button></td>
      </tr>
      {open && (
        <tr className={css.detail}><td /><td colSpan={6}>
          <Facts facts={[...(item.undo ? [[t('records.undoThis'), <button key="u" type="button" className="link" onClick={() => void undoOf(item.undo)!()}>{t('audit.undoAct')}</button>] as const] : []), [t('audit.seal'), item.block === null ? t('audit.sealWaits') : t('audit.sealed', { n: item.block })], [t('audit.ip'), item.ip ?? '—'], [t('audit.device'), agentName(item.agent)], [t('audit.request'), <code key="r">{item.request ?? '—'}</code>], [t('audit.act'), <code key="a">{item.act} / {item.seq}</code>], ...(item.reason ? [[t('audit.reason'), item.reason] as const] : []), ...(item.record && object ? [[t('audit.record'), <button key="b" type="button" className="link" onClick={() => onRecord(item.object, item.record!)}>{t('audit.wholeHistory')}</button>] as const] : []), ...(item.record && object && !object.immutable ? [[t('records.asOf'), <button key="s" type="button" className="link" onClick={() => setAsOf(true)}>{t('records.asOfThen')}</button>] as const] : [])]} />
          {asOf && object && item.record && <Dialog look="sheet" width={560} title={t('records.asOf')} hint={item.title ?? undefined} onClose={() => setAsOf(false)}><AsOf object={object} id={item.record} at={item.at} /></Dialog>}
        </td></tr>
      )}
    </>
  )
}

/** A refused sign-in of an account that nobody has stands for itself. */
const nameOf = ({ title, object }: Item): string => title ?? (object === 'system:session' ? t('audit.noMember') : '')

type Told = Item['fields'][number]
/** What was configured, as far as the change itself tells its name. */
function nameIn({ fields }: Item): string {
  const of = (key: string) => { const change = fields.find(({ field }) => field === key); return configuredText(change?.after ?? change?.before) }
  return of('label') || of('name') || of('key')
}

const configured = (change: Told): Told => ({ ...change, label: systemField(change.label), before: configuredText(change.before), after: configuredText(change.after) })

const SHORT = 120
/** Parts of definitions are told by name, number or, where that is all there is, as they are written. */
function configuredText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value in STATES ? t(STATES[value as keyof typeof STATES]) : value
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  if (typeof value !== 'object') return plain(value)
  if ('zh' in value && 'en' in value) return label(value as { zh: string; en: string })
  if (Array.isArray(value)) return value.every((each) => typeof each !== 'object') ? value.join(t('common.listGap')) : t('audit.items', { n: value.length })
  const text = JSON.stringify(value)
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text
}
const STATES = { active: 'rules.state_active', paused: 'rules.state_paused', template: 'rules.state_template', suspended: 'members.suspended', done: 'audit.signedIn', refused: 'audit.signInRefused', waiting: 'deletions.state_waiting', agreed: 'deletions.state_agreed', declined: 'deletions.state_refused', withdrawn: 'deletions.state_withdrawn' } as const

/** Fields of members, teams and definitions have no definition of their own. */
function systemField(name: string): string {
  const word = t(`audit.sys_${name}` as 'audit.sys_name')
  return word.startsWith('audit.') ? name : word
}

function kindName(object: string): string {
  const kind = object.replace(/^(definition|system):/, '')
  const word = t(`audit.kind_${kind}` as 'audit.kind_rule')
  return word.startsWith('audit.') ? object : word
}
