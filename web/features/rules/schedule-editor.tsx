import { useState } from 'react'
import { cronOf, formatSchedule, usualSchedule, type UsualSchedule } from '#language/values'
import { Field, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { lang, t, type WordKey } from '../../i18n/index.ts'
import css from './rules.module.css'

const EVERY = ['hour', 'day', 'week', 'month', 'other'] as const
type Every = (typeof EVERY)[number]
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
/** What every month has. */
const ALWAYS_THERE = 28
const DAYS = Array.from({ length: 31 }, (_, day) => day + 1)
const pick = (options: readonly number[], word: (n: number) => string) => options.map((n) => ({ value: String(n), label: word(n) }))

/** How often, and when: the usual schedules by choice, any other as it is written. */
export function ScheduleEditor({ value, onChange }: { value: string; onChange: (cron: string) => void }) {
  const usual = usualSchedule(value)
  const [written, setWritten] = useState(usual === null)
  const every: Every = written || usual === null ? 'other' : usual.every
  const time = usual && 'time' in usual ? usual.time : '09:00'
  const put = (next: UsualSchedule) => onChange(cronOf(next))
  const turn = (next: Every) => {
    setWritten(next === 'other')
    if (next === 'hour') put({ every: next, minute: 0 })
    if (next === 'day') put({ every: next, time })
    if (next === 'week') put({ every: next, weekday: 1, time })
    if (next === 'month') put({ every: next, day: 1, time })
  }
  return (
    <Field label={t('rules.cron')} {...(every === 'other' ? { help: `${formatSchedule(value, lang())} · ${t('rules.cronHelp')}` } : usual?.every === 'month' && usual.day > ALWAYS_THERE && { help: t('rules.shortMonths') })}>{() => (
      <div className={css.when}>
        <Picker label={t('rules.cron')} value={every} options={EVERY.map((each) => ({ value: each, label: t(`rules.every_${each}` as WordKey) }))} onPick={(next) => next && turn(next as Every)} />
        {every !== 'other' && usual?.every === 'week' && <Picker label={t('rules.whichDay')} value={String(usual.weekday)} options={pick(WEEKDAYS, (n) => t(`rules.weekday_${n}` as WordKey))} onPick={(day) => day && put({ ...usual, weekday: Number(day) })} />}
        {every !== 'other' && usual?.every === 'month' && <Picker label={t('rules.whichDay')} value={String(usual.day)} options={pick(DAYS, (n) => t('rules.dayOfMonth', { n }))} onPick={(day) => day && put({ ...usual, day: Number(day) })} />}
        {every !== 'other' && usual && usual.every !== 'hour' && <Input type="time" aria-label={t('rules.atTime')} value={usual.time} onText={(text) => { if (/^\d\d:\d\d/.test(text)) put({ ...usual, time: text.slice(0, 5) }) }} />}
        {every === 'other' && <Input aria-label={t('rules.every_other')} value={value} onText={onChange} />}
      </div>
    )}</Field>
  )
}
