import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { useCatalogue, type Catalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { now } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { cx } from '../../design/classes.ts'
import { ago, clockTime, remaining } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Panel, sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { activityOf, takesFollowUps } from '../../features/followup/activity.ts'
import { refreshRecords } from '../../features/records/acts.ts'
import { inheritedFrom, isConverted } from '../../features/records/inherited.ts'
import { countText } from '../../features/records/count.ts'
import { usualSort } from '../../features/records/first-view.ts'
import { referTo } from '../../features/records/references.ts'
import { label, t } from '../../i18n/index.ts'
import { Link, navigate } from '../frame/router.tsx'
import { Rows, Sheet } from '../frame/sheet.tsx'
import { p } from '../words/index.ts'
import { CreateSheet } from './create.tsx'
import css from './record.module.css'
import { subtitleOf, type Related } from './text.ts'

/** When to speak again, what is open, and what belongs to it. */
export function NextPanel({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const catalogue = useCatalogue()
  const relations = childrenOf(catalogue, object)
  const task = relations.find(({ child }) => child.key === 'task')
  return (
    <Panel title={p('next')} label={p('next')}>
      {takesFollowUps(activityOf(catalogue), object.key) && <Contact record={record} />}
      {task && <Tasks object={object} record={record} task={task.child} via={task.via} />}
      {relations.filter((each) => each !== task).map(({ child, via }) => <Children key={`${child.key}.${via}`} object={object} record={record} child={child} via={via} />)}
      <NewChild object={object} record={record} related={related} kinds={relations.filter((each) => each !== task && each.child.can.create && each.child.field.get(each.via)?.write === true && !isConverted(catalogue, object.key, each.child.key))} />
    </Panel>
  )
}

interface Child { child: ObjectFacts; via: string }

/** One button for whatever may hang on this record: a quote, a contact, an instalment. */
function NewChild({ object, record, related, kinds }: { object: ObjectFacts; record: RecordShape; related: Related; kinds: readonly Child[] }) {
  const [open, setOpen] = useState<'which' | Child | null>(null)
  const close = () => setOpen(null)
  const first = kinds[0]
  if (!first) return null
  const only = kinds.length === 1 ? first : undefined
  return (
    <>
      <button type="button" className={css.add} onClick={() => setOpen(only ?? 'which')}><Icon name="plus" />{only ? p('newNamed', { name: label(only.child.label) }) : p('newRelated')}</button>
      {open === 'which' && <Sheet label={p('newRelated')} title={p('newRelated')} hint={record.title} onClose={close}><Rows label={p('newRelated')} rows={kinds.map((each) => ({ key: each.child.key, label: label(each.child.label), onPick: () => setOpen(each) }))} /></Sheet>}
      {open !== null && open !== 'which' && <CreateSheet object={open.child} {...inheritedFrom(object, record, { ...open, related })} onClose={close} onCreated={(id) => navigate(at.record(open.child.key, id))} />}
    </>
  )
}

/** Records people work with; follow-ups and behaviours stand in the timeline. */
function childrenOf(catalogue: Catalogue, object: ObjectFacts): Child[] {
  const points = ({ kind, to }: FieldShape, child: ObjectFacts) => (kind === 'reference' && to === object.key) || ((child.key === 'task' || child.track) && kind === 'anyReference' && (to === '*' || to === object.key || (Array.isArray(to) && to.includes(object.key))))
  return catalogue.objects.filter((child) => !child.activity && !child.immutable && !child.part && child.can.read && child.key !== object.key).flatMap((child) => child.fields.filter((field) => points(field, child)).slice(0, 1).map((field) => ({ child, via: field.key })))
}

function Contact({ record }: { record: RecordShape }) {
  const next = record.values['next_contact_at'] as string | null | undefined
  const last = record.values['last_activity_at'] as string | null | undefined
  const late = next ? Date.parse(next) < now().getTime() : false
  return (
    <dl className={css.contact}>
      <div><dt>{t('records.nextContact')}</dt><dd className={cx(late && 'danger')}>{next ? <><b>{remaining(next)}</b><span className="hint num">{clockTime(next).slice(5)}</span></> : <b>{t('records.notSet')}</b>}</dd></div>
      <div><dt>{t('records.lastContact')}</dt><dd><b>{last ? ago(last) : t('common.none')}</b></dd></div>
    </dl>
  )
}

function Tasks({ object, record, task, via }: { object: ObjectFacts; record: RecordShape; task: ObjectFacts; via: string }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const [adding, setAdding] = useState(false)
  const status = task.field.get('status')
  const due = task.fields.find((field) => field.kind === 'datetime' && !field.base && !field.readOnly)
  const states = catalogue.options(status?.dictionary)
  const open = states.find(({ key }) => key === 'open')?.key ?? states[0]?.key
  const done = states.find(({ key }) => key === 'done')?.key ?? states.at(-1)?.key
  const filter = { all: [{ field: via, op: 'eq' as const, value: referTo(task, via, object.key, record.id) }, ...(status && open ? [{ field: 'status', op: 'eq' as const, value: open }] : [])] }
  const { data } = useQuery({ queryKey: keys.list(task.key, { filter, open: true }), queryFn: ({ signal }) => call('listRecords', { params: { object: task.key }, query: { filter, limit: 10 } }, { signal }) })
  return (
    <>
      <ul>{(data?.records ?? []).map((row) => <TaskRow key={row.id} task={row} due={due} done={status && row.can.edit ? done : undefined} />)}</ul>
      {data?.records.length === 0 && <p className={css.quietRow}>{t('records.noTasks')}</p>}
      {task.can.create && <button type="button" className={css.add} onClick={() => setAdding(true)}><Icon name="plus" />{t('records.addTask')}</button>}
      {adding && <CreateSheet object={task} preset={{ [via]: { object: object.key, id: record.id } , owner: me.id }} known={{ [record.id]: { object: object.key, title: record.title } }} onClose={() => setAdding(false)} onCreated={() => undefined} />}
    </>
  )
}

function TaskRow({ task, due, done }: { task: RecordShape; due: FieldShape | undefined; done: string | undefined }) {
  const at = due ? (task.values[due.key] as string | null) : null
  const late = at ? Date.parse(at) < now().getTime() : false
  return (
    <li className={css.task}>
      <label className={css.check}><input type="checkbox" checked={false} disabled={!done} onChange={() => void close(task, done!)} aria-label={`${t('records.taskDone')} ${task.title}`} /></label>
      <span className="grow">{task.title}</span>
      {at && <time dateTime={at} className={cx('hint', late && 'danger')}>{remaining(at)}</time>}
    </li>
  )
}

/** Ticked off at once; taken back for eight seconds. */
async function close(task: RecordShape, done: string): Promise<void> {
  const put = async (version: string, status: unknown) => {
    const { record } = await call('updateRecord', { params: { object: task.object, id: task.id }, body: { version, values: { status } } })
    await refreshRecords(task.object)
    void queries.invalidateQueries({ queryKey: ['record'] })
    return record
  }
  try {
    const closed = await put(task.version, done)
    say(t('records.taskDoneSaid', { name: task.title }), () => put(closed.version, task.values['status']).catch((error: unknown) => sayTrouble(sentenceOf(error))))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}

const MOST = 3
function Children({ object, record, child, via }: { object: ObjectFacts; record: RecordShape; child: ObjectFacts; via: string }) {
  const catalogue = useCatalogue()
  const filter = { field: via, op: 'eq' as const, value: referTo(child, via, object.key, record.id) }
  const asked = { filter, ...usualSort(catalogue.views, child.key, child.field), limit: MOST + 1 }
  const { data } = useQuery({ queryKey: keys.list(child.key, { ...asked, related: true }), queryFn: ({ signal }) => call('listRecords', { params: { object: child.key }, query: asked }, { signal }) })
  const rows = data?.records ?? []
  const counted = useQuery({ enabled: rows.length > MOST, queryKey: keys.list(child.key, { filter, count: true }), queryFn: ({ signal }) => call('countRecords', { params: { object: child.key }, query: { filter } }, { signal }) })
  if (rows.length === 0) return null
  const many = rows.length > MOST
  return (
    <section className={css.children}>
      <h3><span>{label(child.label)} <span className="num">{many ? counted.data ? countText(counted.data) : `${MOST}+` : countText({ exact: rows.length })}</span></span>{many && <Link to={`${at.list(child.key)}?filter=${encodeURIComponent(JSON.stringify(filter))}`} className={css.all}>{t('records.seeAllRelated')}</Link>}</h3>
      <ul>{rows.slice(0, MOST).map((row) => <li key={row.id}><Link to={at.record(child.key, row.id)} className={css.childRow}><span>{row.title}</span><span className="hint clip">{subtitleOf(catalogue, child, row, { ...data!.related, [record.id]: { object: object.key, title: record.title } })}</span></Link></li>)}</ul>
    </section>
  )
}
