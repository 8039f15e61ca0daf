import { daysFrom } from '#language/values'
import { useCatalogue } from '../../api/catalogue.ts'
import { dayInWords, timeOfDay } from '../../design/format.ts'
import { Empty, Panel } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './calendar.module.css'
import { DayMark } from './day-head.tsx'
import { dayStart, gathered, type Slot } from './events.ts'

/** Day after day as a list: what a phone has room for. */
interface Props { from: string; to: string; slots: readonly Slot[]; onOpen: (slot: Slot) => void; /** What to do when there is nothing. */ help: string }
export function Agenda({ from, to, slots, onOpen, help }: Props) {
  const catalogue = useCatalogue()
  const events = gathered(slots)
  const days = daysFrom(from, to).map((day) => ({ day, here: events.filter((slot) => slot.from < dayStart(day) + 86_400_000 && slot.to > dayStart(day)) })).filter(({ here }) => here.length > 0)
  if (days.length === 0) return <Panel label={t('calendar.agenda')}><Empty icon="calendar" title={t('calendar.empty')}>{help}</Empty></Panel>
  return (
    <div className={css.agenda}>
      {days.map(({ day, here }) => (
        <Panel key={day} title={dayInWords(day)} hint={<DayMark day={day} />}>
          <ul>{here.map((slot) => (
            <li key={slot.key}><button type="button" className={css.entry} disabled={!slot.id} onClick={() => onOpen(slot)}>
              <span className="num">{timeOfDay(new Date(slot.from).toISOString())}<br /><span className="hint">{timeOfDay(new Date(slot.to).toISOString())}</span></span>
              <span className="grow"><b>{slot.title ?? t('calendar.busy')}</b><span className="hint">{slot.members.map((id) => catalogue.member(id)?.name ?? '').join(t('common.listGap'))}</span></span>
            </button></li>
          ))}</ul>
        </Panel>
      ))}
    </div>
  )
}
