import { useQuery } from '@tanstack/react-query'
import { addDays, daysFrom } from '#language/values'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { zone } from '../../api/clock.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button, IconButton } from '../../design/button.tsx'
import { dayInWords, timeOfDay, today } from '../../design/format.ts'
import { Avatar, Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { copyWeek } from './acts.ts'
import { rotasOf, stretchOf, useWeek, type Rota } from './query.ts'
import { ShiftDialog, type Draft } from './shift-dialog.tsx'
import css from './shifts.module.css'
import { gapsIn, instantOn, mondayOf, type Gap, type Stretch } from './week.ts'

/** Who is on duty when, a week at a time. */
export default function ShiftsPage() {
  const rotas = rotasOf(useCatalogue())
  const [chosen, setChosen] = useState(rotas[0]?.key)
  const rota = rotas.find(({ key }) => key === chosen)
  if (!rota) return <NoRight title={t('shifts.title')} right={t('shifts.title')} />
  return <Week key={rota.key} rota={rota} tabs={rotas.length > 1 ? <Tabs label={t('shifts.rota')} value={rota.key} onChoose={setChosen} tabs={rotas.map(({ key, label: name }) => ({ value: key, label: label(name) }))} /> : null} />
}

function Week({ rota, tabs }: { rota: Rota; tabs: React.ReactNode }) {
  const [monday, setMonday] = useState(mondayOf(today()))
  const [editing, setEditing] = useState<Draft | null>(null)
  const [busy, setBusy] = useState(false)
  const { data, error, refetch } = useWeek(rota, monday)
  const stretches = (data?.records ?? []).map((record) => stretchOf(rota, record))
  const days = daysFrom(monday, addDays(monday, 6))
  const copy = async () => { setBusy(true); if (await copyWeek(rota, monday, stretches)) setMonday(addDays(monday, 7)); setBusy(false) }
  return (
    <Page title={t('shifts.title')} hint={t('shifts.hint')} wide acts={rota.can.create && <Button look="primary" busy={busy} disabled={stretches.length === 0} onClick={() => void copy()}>{t('shifts.copy')}</Button>}>
      {tabs}
      <div className={css.bar}>
        <IconButton icon="left" label={t('shifts.earlier')} onClick={() => setMonday(addDays(monday, -7))} />
        <Button small onClick={() => setMonday(mondayOf(today()))}>{t('shifts.thisWeek')}</Button>
        <IconButton icon="right" label={t('shifts.later')} onClick={() => setMonday(addDays(monday, 7))} />
        <b>{t('shifts.week', { from: dayInWords(days[0]!), to: dayInWords(days[6]!) })}</b>
      </div>
      {error ? <Panel label={t('shifts.title')}><Failure error={error} onRetry={refetch} /></Panel> : !data ? <Panel label={t('shifts.title')}><Skeleton rows={6} /></Panel> : (
        <>
          {stretches.length === 0 && <Panel label={t('shifts.title')}><Empty icon="calendar" title={t('shifts.empty')}>{t('shifts.emptyHelp')}</Empty></Panel>}
          <Gaps rota={rota} days={days} stretches={stretches} />
          <Days rota={rota} days={days} stretches={stretches} onAdd={(day) => setEditing({ id: null, day, stretch: null })} onOpen={(stretch, day) => setEditing({ id: stretch.id, day, stretch })} />
        </>
      )}
      {editing && <ShiftDialog rota={rota} draft={editing} record={data?.records.find(({ id }) => id === editing.id) ?? null} onClose={() => setEditing(null)} />}
    </Page>
  )
}

/** The working hours of the week in which nobody is on a duty that the week knows. */
function Gaps({ rota, days, stretches }: { rota: Rota; days: readonly string[]; stretches: readonly Stretch[] }) {
  const catalogue = useCatalogue()
  const [all, setAll] = useState(false)
  const { data: calendar } = useQuery({ queryKey: ['working-calendar'], queryFn: () => call('workingCalendar', {}) })
  if (!calendar || stretches.length === 0) return null
  const off = (day: string) => { const year = calendar.years.find((each) => each.year === Number(day.slice(0, 4))); return year?.holidays.some(({ from, to }) => from <= day && day <= to) }
  const worked = (day: string) => { const year = calendar.years.find((each) => each.year === Number(day.slice(0, 4))); return Boolean(year?.workdays.includes(day)) || (!off(day) && calendar.weekdays.includes(((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1)) }
  const duties = [...new Set(stretches.map(({ duty }) => duty))]
  const gaps = gapsIn(stretches, { days: days.filter(worked), duties, hours: calendar, zone: zone() })
  const name = (duty: string | null) => label(catalogue.option(rota.shift.duty === undefined ? undefined : rota.field.get(rota.shift.duty)?.dictionary, duty ?? '')?.label)
  const said = ({ day, duty, from, to }: Gap) => t(duty === null ? 'shifts.gapAny' : 'shifts.gap', { day: dayInWords(day), from: clock(from), to: clock(to), duty: name(duty) })
  if (gaps.length === 0) return <p className={css.fine}>{t('shifts.full')}</p>
  return <div className={css.gaps} role="status"><b>{t('shifts.gaps')}</b><ul>{gaps.slice(0, all ? undefined : 4).map((gap) => <li key={`${gap.day}${gap.duty}${gap.from}`}>{said(gap)}</li>)}</ul>{!all && gaps.length > 4 && <Button small look="quiet" onClick={() => setAll(true)}>{t('shifts.more', { n: gaps.length - 4 })}</Button>}</div>
}

const clock = (ms: number): string => timeOfDay(new Date(ms).toISOString())

interface DaysProps { rota: Rota; days: readonly string[]; stretches: readonly Stretch[]; onAdd: (day: string) => void; onOpen: (stretch: Stretch, day: string) => void }
function Days({ rota, days, stretches, onAdd, onOpen }: DaysProps) {
  const catalogue = useCatalogue()
  const dictionary = rota.shift.duty === undefined ? undefined : rota.field.get(rota.shift.duty)?.dictionary
  const within = (day: string) => stretches.filter(({ from }) => from >= instantOn(day, '00:00', zone()) && from < instantOn(addDays(day, 1), '00:00', zone()))
  return (
    <ol className={css.days}>
      {days.map((day) => (
        <li key={day} className={css.day} data-today={day === today() || undefined}>
          <header><b>{dayInWords(day)}</b>{rota.can.create && <IconButton small icon="plus" label={t('shifts.addOn', { day: dayInWords(day) })} onClick={() => onAdd(day)} />}</header>
          <ul>{within(day).map((stretch) => {
            const member = catalogue.member(stretch.member)
            const name = member?.name ?? t('shifts.nobody')
            const duty = catalogue.option(dictionary, stretch.duty ?? '')
            return <li key={stretch.id}><button type="button" className={css.shift} data-colour={duty?.colour ?? 'grey'} aria-label={t('shifts.edit', { name, from: clock(stretch.from), to: clock(stretch.to) })} onClick={() => onOpen(stretch, day)}>
              <Avatar text={member?.avatar ?? '?'} size={26} away={Boolean(member?.away)} /><span><b>{name}</b><span className="num">{clock(stretch.from)}–{clock(stretch.to)}{stretch.to > instantOn(addDays(day, 1), '00:00', zone()) && <small> {t('shifts.nextDay')}</small>}</span>{duty && <span className="hint">{label(duty.label)}</span>}</span>
            </button></li>
          })}</ul>
        </li>
      ))}
    </ol>
  )
}
