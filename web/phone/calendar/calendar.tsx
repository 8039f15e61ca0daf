import { addDays, daysFrom } from '#language/values'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { now } from '../../api/clock.ts'
import { useMe } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { dayInWords, today } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Agenda } from '../../features/calendar/agenda.tsx'
import { dayStart, eventObject, useSlots, type EventObject } from '../../features/calendar/events.ts'
import { FeedDialog } from '../../features/calendar/feed.tsx'
import { label, t } from '../../i18n/index.ts'
import { Chips } from '../frame/chips.tsx'
import { usePull } from '../frame/pull.tsx'
import { navigate } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import screen from '../frame/screen.module.css'
import { CreateSheet } from '../records/create.tsx'
import { Missing } from '../records/missing.tsx'
import { p } from '../words/index.ts'
import css from './calendar.module.css'

const AGENDA_DAYS = 14
const STRIP_DAYS = 7
const FIRST_HOUR_MS = 9 * 3_600_000
const HOUR_MS = 3_600_000

/** One's own events: the fortnight as a list, or one day. */
export default function CalendarScreen() {
  const object = eventObject(useCatalogue())
  return object ? <Own object={object} /> : <Missing />
}

function Own({ object }: { object: EventObject }) {
  const me = useMe()
  const [view, setView] = useState<'day' | 'agenda'>('agenda')
  const [day, setDay] = useState(today())
  const [sheet, setSheet] = useState<'feed' | Record<string, unknown> | null>(null)
  const to = addDays(day, view === 'agenda' ? AGENDA_DAYS - 1 : 0)
  const { slots, error, loading, retry } = useSlots(object, { from: day, to, members: [me.id] })
  const pull = usePull(async () => retry())
  // The next full hour today, nine o'clock on any other day.
  const anew = () => {
    const begins = Math.max(dayStart(day) + FIRST_HOUR_MS, Math.ceil(now().getTime() / HOUR_MS) * HOUR_MS)
    setSheet({ [object.event.starts]: new Date(begins).toISOString(), [object.event.ends]: new Date(begins + HOUR_MS).toISOString() })
  }
  return (
    <Screen title={t('calendar.title')} backTo={at.account} hint={view === 'day' ? dayInWords(day) : `${dayInWords(day)} – ${dayInWords(to)}`}
      acts={<Button small onClick={() => setSheet('feed')}>{t('calendar.subscribe')}</Button>}
      below={<div className={css.bar}>
        <Chips label={t('calendar.view')} value={view} onPick={setView} options={(['agenda', 'day'] as const).map((each) => ({ value: each, label: t(`calendar.view_${each}`) }))} />
        <span className="grow" />
        <IconButton icon="left" label={t('calendar.earlier')} onClick={() => setDay(addDays(day, view === 'day' ? -1 : -AGENDA_DAYS))} />
        <Button small onClick={() => setDay(today())}>{t('common.today')}</Button>
        <IconButton icon="right" label={t('calendar.later')} onClick={() => setDay(addDays(day, view === 'day' ? 1 : AGENDA_DAYS))} />
      </div>}
      act={object.can.create && <button type="button" className={screen.fab} onClick={anew}><Icon name="plus" size={18} />{p('newNamed', { name: label(object.label) })}</button>}
    >
      {pull}
      {view === 'day' && <Strip day={day} onPick={setDay} />}
      {error ? <Panel label={t('calendar.title')}><Failure error={error} onRetry={retry} /></Panel> : loading ? <Panel label={t('common.loading')}><Skeleton rows={6} height={60} /></Panel>
        : <Agenda help={p('calendarEmpty')} from={day} to={to} slots={slots} onOpen={({ id }) => { if (id) navigate(at.record(object.key, id)) }} />}
      {sheet === 'feed' && <FeedDialog onClose={() => setSheet(null)} />}
      {sheet !== null && sheet !== 'feed' && <CreateSheet object={object} preset={sheet} onClose={() => setSheet(null)} onCreated={() => { setSheet(null); retry() }} />}
    </Screen>
  )
}

/** A week around the day, one press each. */
const Strip = ({ day, onPick }: { day: string; onPick: (day: string) => void }) => (
  <div className={css.strip}><Chips scroll label={t('calendar.view_day')} value={day} onPick={onPick} options={daysFrom(addDays(day, -3), addDays(day, STRIP_DAYS - 4)).map((each) => ({ value: each, label: String(Number(each.slice(8))), hint: dayInWords(each).split(' ').at(-1) }))} /></div>
)
