import { useQuery } from '@tanstack/react-query'
import { WORKING_CALENDAR, type Calendar } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useSave } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { MissingYear } from './missing-year.tsx'
import { calendarQuery, forgetCalendar, type WorkingCalendarShape } from './query.ts'
import css from './working.module.css'
import { weekdayName } from './weekdays.ts'
import { Years } from './years.tsx'

/** When the company works: the week, and the days off and shifted workdays of each year. */
export default function WorkingCalendarPage() {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery(calendarQuery)
  if (!catalogue.can('settings')) return <NoRight title={t('calendar.working')} right={t('calendar.working')} />
  if (!data) return <Page title={t('calendar.working')}><Panel label={t('calendar.working')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={5} />}</Panel></Page>
  return <Editor key={data.version} stored={data} />
}

const LABEL = { zh: '工作日历', en: 'Working calendar' }
const bodyOf = ({ weekdays, opens, closes, years }: WorkingCalendarShape): Calendar =>
  ({ key: WORKING_CALENDAR, label: LABEL, weekdays, opens, closes, years: years.filter(({ own }) => own).map(({ own: _, ...year }) => year) })

function Editor({ stored }: { stored: WorkingCalendarShape }) {
  const [draft, setDraft] = useState(() => bodyOf(stored))
  const save = useSave('calendar', () => void forgetCalendar())
  const changed = JSON.stringify(draft) !== JSON.stringify(bodyOf(stored))
  const put = (change: Partial<Calendar>) => setDraft({ ...draft, ...change })
  const toggle = (day: number, on: boolean) => put({ weekdays: on ? [...draft.weekdays, day].sort((a, b) => a - b) : draft.weekdays.filter((each) => each !== day) })
  const acts = changed && <><Button onClick={() => setDraft(bodyOf(stored))}>{t('rules.giveUp')}</Button><Button look="primary" busy={save.isPending} disabled={draft.weekdays.length === 0} onClick={() => save.mutate({ key: WORKING_CALENDAR, body: draft, expectVersion: stored.version })}>{t('calendar.save')}</Button></>
  return (
    <Page title={t('calendar.working')} hint={t('calendar.workingHint')} acts={acts}>
      <Unsaved when={changed && !save.isPending} />
      <MissingYear here />
      {save.error && <Failure small error={save.error} />}
      <Panel title={t('calendar.week')} hint={t('calendar.weekHint')} flush={false}>
        <div className={css.week}>
          <fieldset className={css.days}><legend className="sr">{t('calendar.weekdays')}</legend>{[1, 2, 3, 4, 5, 6, 7].map((day) => <Check key={day} checked={draft.weekdays.includes(day)} onCheck={(on) => toggle(day, on)}>{weekdayName(day)}</Check>)}</fieldset>
          <div className={css.hours}>
            <Field label={t('calendar.opens')} beside>{(control) => <Input {...control} small maxLength={5} inputMode="numeric" placeholder="09:00" value={draft.opens} onText={(opens) => put({ opens })} />}</Field>
            <Field label={t('calendar.closes')} beside>{(control) => <Input {...control} small maxLength={5} inputMode="numeric" placeholder="18:00" value={draft.closes} onText={(closes) => put({ closes })} />}</Field>
          </div>
        </div>
      </Panel>
      <Years stored={stored} draft={draft} onYears={(years) => put({ years })} />
    </Page>
  )
}
