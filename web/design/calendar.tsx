import { addDays, dayAt, dayNumber } from '#language/values'
import { useEffect, useRef, useState } from 'react'
import { lang, t } from '../i18n/index.ts'
import { IconButton } from './button.tsx'
import css from './calendar.module.css'
import { cx } from './classes.ts'
import { dayInWords, today } from './format.ts'

/** Monday of the week that the first of the month falls in. */
function firstShown(month: string): string {
  const first = `${month}-01`
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(first, -weekday)
}
const monthAway = (month: string, away: number): string => {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number - 1 + away, 1)).toISOString().slice(0, 7)
}
const titleOf = (month: string): string => (lang() === 'zh' ? `${month.slice(0, 4)} 年 ${Number(month.slice(5))} 月` : month)
const HEADS = { zh: ['一', '二', '三', '四', '五', '六', '日'], en: ['M', 'T', 'W', 'T', 'F', 'S', 'S'] }
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** One month. Arrows walk over days and into the neighbouring months, Page keys turn months, Enter takes. */
export function Calendar({ value, onPick }: { value: string | null; onPick: (day: string) => void }) {
  const [at, setAt] = useState(value ?? today())
  const month = at.slice(0, 7)
  const grid = useRef<HTMLTableElement>(null)
  const moved = useRef(false)
  useEffect(() => { if (moved.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus() }, [at])
  const turn = (away: number) => setAt(`${monthAway(month, away)}-01`)
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined && event.key !== 'PageUp' && event.key !== 'PageDown') return
    event.preventDefault()
    moved.current = true
    if (step !== undefined) setAt(addDays(at, step))
    else turn(event.key === 'PageUp' ? -1 : 1)
  }
  const start = dayNumber(firstShown(month))
  return (
    <div className={css.calendar}>
      <header className={css.head}>
        <IconButton icon="left" label={t('common.previousMonth')} small onClick={() => turn(-1)} />
        <b aria-live="polite">{titleOf(month)}</b>
        <IconButton icon="right" label={t('common.nextMonth')} small onClick={() => turn(1)} />
      </header>
      <table ref={grid} role="grid" className={css.grid} onKeyDown={onKeyDown} aria-label={titleOf(month)}>
        <thead><tr>{HEADS[lang()].map((head, column) => <th key={column} scope="col">{head}</th>)}</tr></thead>
        <tbody>
          {[0, 1, 2, 3, 4, 5].map((week) => (
            <tr key={week}>
              {[0, 1, 2, 3, 4, 5, 6].map((weekday) => {
                const day = dayAt(start + week * 7 + weekday)
                return <td key={day}><button type="button" tabIndex={day === at ? 0 : -1} aria-label={dayInWords(day)} aria-pressed={day === value} aria-current={day === today() ? 'date' : undefined} className={cx(css.day, day.slice(0, 7) !== month && css.other)} onClick={() => onPick(day)}>{Number(day.slice(8))}</button></td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
