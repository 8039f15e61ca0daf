import { addDays, daysFrom, weekdayOf } from '#language/values'
import { useEffect, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useMe } from '../../api/session.ts'
import { now } from '../../api/clock.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button, IconButton } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { dayInWords, today } from '../../design/format.ts'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { memberOptions } from '../records/choices.tsx'
import { Agenda } from './agenda.tsx'
import css from './calendar.module.css'
import { Due } from './due.tsx'
import { EventForm, editingOf, type Editing } from './event-form.tsx'
import { eventObject, useSlots, type EventObject, type Slot } from './events.ts'
import { FeedDialog } from './feed.tsx'
import { MonthGrid } from './month-grid.tsx'
import { moveEvent } from './move.ts'
import { TimeGrid, type Span } from './time-grid.tsx'

const VIEWS = ['day', 'week', 'month', 'agenda'] as const
type View = (typeof VIEWS)[number]
const HALF_HOUR = 30 * 60_000

/** Own events and those of colleagues, by day, week and month. */
export default function CalendarPage() {
  const object = eventObject(useCatalogue())
  return object ? <Calendar object={object} /> : <NoRight title={t('calendar.title')} right={t('calendar.title')} />
}

function Calendar({ object }: { object: EventObject }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const narrow = useNarrow()
  const [view, setView] = useState<View>(narrow ? 'agenda' : 'week')
  const [day, setDay] = useState(today())
  const [members, setMembers] = useState<number[]>([me.id])
  const [editing, setEditing] = useState<Editing | null>(null)
  const [subscribing, setSubscribing] = useState(false)
  const [from, to] = rangeOf(view, day)
  const { slots, related, error, loading, retry } = useSlots(object, { from, to, members })
  const { starts, ends } = object.event
  const create = ({ from: begins, to: until }: Span) => setEditing({ record: null, values: { ...defaultsOf(object), [starts]: new Date(begins).toISOString(), [ends]: new Date(until).toISOString(), ...(object.participants ? { [object.participants]: members.filter((id) => id !== me.id) } : {}) } })
  const open = (slot: Slot) => { const existing = editingOf(object, slot); if (existing) setEditing(existing) }
  const move = (slot: Slot, span: Span) => { if (slot.record) void moveEvent(object, slot.record, span) }
  const soon = () => { const at = Math.ceil(now().getTime() / HALF_HOUR) * HALF_HOUR; create({ from: at, to: at + 2 * HALF_HOUR }) }
  const shown = view === 'month' ? <MonthGrid from={from} to={to} month={day.slice(0, 7)} slots={slots} onOpen={open} onDay={(next) => { setDay(next); setView(narrow ? 'agenda' : 'day') }} />
    : view === 'agenda' ? <Agenda help={t('calendar.emptyHelp')} from={from} to={to} slots={slots} onOpen={open} />
      : <TimeGrid days={daysFrom(from, to)} slots={slots} onCreate={create} onOpen={open} onMove={move} />
  return (
    <Page title={label(object.label)} hint={titleOf(view, from, to)} wide acts={object.can.create && <Button look="primary" icon="plus" onClick={soon}>{t('calendar.create')}</Button>}>
      <div className={css.bar}>
        <IconButton icon="left" label={t('calendar.earlier')} onClick={() => setDay(shifted(view, day, -1))} />
        <Button small onClick={() => setDay(today())}>{t('common.today')}</Button>
        <IconButton icon="right" label={t('calendar.later')} onClick={() => setDay(shifted(view, day, 1))} />
        <Choice label={t('calendar.view')} value={view} onChoose={setView} options={VIEWS.map((each) => ({ value: each, label: t(`calendar.view_${each}`) }))} />
        <span className="grow" />
        <span className={css.whose}><MultiPicker small label={t('calendar.whose')} options={memberOptions(catalogue)} value={members.map(String)} onPick={(ids) => setMembers(ids.length ? ids.map(Number) : [me.id])} /></span>
        <Button small onClick={() => setSubscribing(true)}>{t('calendar.subscribe')}</Button>
      </div>
      <Due from={from} to={to} />
      {error ? <Panel label={t('calendar.title')}><Failure error={error} onRetry={retry} /></Panel> : loading ? <Panel label={t('calendar.title')}><Skeleton rows={8} /></Panel> : shown}
      {subscribing && <FeedDialog onClose={() => setSubscribing(false)} />}
      {editing && <EventForm object={object} editing={editing} me={me.id} related={related} onClose={() => setEditing(null)} />}
    </Page>
  )
}

const defaultsOf = (object: EventObject) => Object.fromEntries(object.fields.flatMap((field) => (!field.base && field.default !== undefined && typeof field.default !== 'object' ? [[field.key, field.default]] : [])))

function rangeOf(view: View, day: string): [from: string, to: string] {
  if (view === 'day') return [day, day]
  const monday = (each: string) => addDays(each, 1 - weekdayOf(each))
  if (view === 'month') { const first = monday(`${day.slice(0, 7)}-01`); return [first, addDays(first, 41)] }
  return view === 'week' ? [monday(day), addDays(monday(day), 6)] : [day, addDays(day, 13)]
}
function shifted(view: View, day: string, by: number): string {
  if (view !== 'month') return addDays(day, by * { day: 1, week: 7, agenda: 14 }[view])
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + by, 1)).toISOString().slice(0, 10)
}
const titleOf = (view: View, from: string, to: string): string => (view === 'month' ? t('calendar.monthOf', { year: addDays(from, 15).slice(0, 4), month: Number(addDays(from, 15).slice(5, 7)) }) : from === to ? dayInWords(from) : `${dayInWords(from)} – ${dayInWords(to)}`)

const NARROW = matchMedia('(max-width: 720px)')
function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(NARROW.matches)
  useEffect(() => { const on = () => setNarrow(NARROW.matches); NARROW.addEventListener('change', on); return () => NARROW.removeEventListener('change', on) }, [])
  return narrow
}
