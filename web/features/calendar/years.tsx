import type { Calendar } from '#language/definitions'
import { readNotice } from '#language/values'
import { useState } from 'react'
import { Button, IconButton } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Panel, Tag } from '../../design/pieces.tsx'
import { weekday } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'
import type { WorkingCalendarShape } from './query.ts'
import css from './working.module.css'

type Year = Calendar['years'][number]
interface Props { stored: WorkingCalendarShape; draft: Calendar; onYears: (years: Year[]) => void }

/** What is announced for each year; a company's own year stands before the published one. */
export function Years({ stored, draft, onYears }: Props) {
  const [adding, setAdding] = useState(false)
  const own = new Set(draft.years.map(({ year }) => year))
  const published = stored.years.filter((year) => !year.own && !own.has(year.year))
  const all = [...draft.years, ...published].sort((a, b) => b.year - a.year)
  return (
    <Panel title={t('calendar.years')} hint={t('calendar.yearsHint')} acts={<Button small icon="plus" onClick={() => setAdding(true)}>{t('calendar.addYear')}</Button>}>
      <ul>{all.map((year) => <Row key={year.year} year={year} own={own.has(year.year)} onRemove={() => onYears(draft.years.filter((each) => each.year !== year.year))} />)}</ul>
      {adding && <AddYear onClose={() => setAdding(false)} onAdd={(year) => { onYears([...draft.years.filter((each) => each.year !== year.year), year]); setAdding(false) }} />}
    </Panel>
  )
}

const short = (day: string): string => `${Number(day.slice(5, 7))}-${Number(day.slice(8))}`
const span = (from: string, to: string): string => (from === to ? short(from) : `${short(from)} – ${short(to)}`)

function Row({ year, own, onRemove }: { year: Year; own: boolean; onRemove: () => void }) {
  return (
    <li className={css.year}>
      <h3 className="num">{year.year}{own && <Tag>{t('calendar.ownYear')}</Tag>}</h3>
      <div className="grow">
        <p className={css.spans}>{year.holidays.map((each) => <span key={each.from}><b>{label(each.label)}</b> <span className="num">{span(each.from, each.to)}</span></span>)}</p>
        {year.workdays.length > 0 && <p className="dense quiet">{t('calendar.shifted')} <span className="num">{year.workdays.map((day) => `${short(day)} ${weekday(day)}`).join(t('common.listGap'))}</span></p>}
        <p className="hint">{year.source}</p>
      </div>
      {own && <IconButton icon="trash" label={t('calendar.removeYear', { year: year.year })} onClick={onRemove} />}
    </li>
  )
}

/** The notice is pasted as it was published; what was understood is shown before it counts. */
function AddYear({ onAdd, onClose }: { onAdd: (year: Year) => void; onClose: () => void }) {
  const [text, setText] = useState('')
  const read = readNotice(text)
  const year: Year | null = read && { ...read, holidays: [...read.holidays], workdays: [...read.workdays] }
  return (
    <Dialog title={t('calendar.addYear')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" disabled={!year} onClick={() => year && onAdd(year)}>{t('calendar.takeYear')}</Button></>}>
      <Field label={t('calendar.notice')} help={t('calendar.noticeHelp')} error={text.trim() !== '' && !year ? t('calendar.noticeUnread') : null}>{(control) => <TextArea {...control} rows={8} value={text} onText={setText} />}</Field>
      {year && <ul><Row year={year} own={false} onRemove={onClose} /></ul>}
    </Dialog>
  )
}
