import { useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import css from './own-automation.module.css'
import { dayName, type Slot } from './query.ts'

const DAYS = [1, 2, 3, 4, 5, 6, 7]

/** Days and hours of the week; what is missing is said when it is to be saved. */
export function SlotForm({ onAdd, onClose }: { onAdd: (slot: Slot) => Promise<void>; onClose: () => void }) {
  const [days, setDays] = useState<number[]>([])
  const [from, setFrom] = useState('15:00')
  const [to, setTo] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const turn = (day: number, on: boolean) => { setProblem(null); setDays(on ? [...days, day].sort((a, b) => a - b) : days.filter((each) => each !== day)) }
  const save = () => {
    if (days.length === 0) return setProblem(t('ownAutomation.chooseDays'))
    if (to !== null && to <= from) return setProblem(t('ownAutomation.backwards'))
    void onAdd({ days, from, to })
  }
  return (
    <form className={css.form} aria-label={t('ownAutomation.addSlot')} onSubmit={(event) => { event.preventDefault(); save() }}>
      <div role="group" aria-label={t('ownAutomation.days')} className={css.days}>{DAYS.map((day) => <Check key={day} checked={days.includes(day)} onCheck={(on) => turn(day, on)}>{dayName(day)}</Check>)}</div>
      <div className={css.hours}>
        <Field label={t('ownAutomation.from')}>{(control) => <Input {...control} type="time" value={from} onText={setFrom} />}</Field>
        {to !== null && <Field label={t('ownAutomation.to')}>{(control) => <Input {...control} type="time" value={to} onText={setTo} />}</Field>}
        <Check checked={to === null} onCheck={(open) => setTo(open ? null : from < '18:00' ? '18:00' : '23:59')}>{t('ownAutomation.untilEnd')}</Check>
      </div>
      {problem && <p className="danger dense" role="alert">{problem}</p>}
      <div className={css.acts}><Button type="submit" look="primary">{t('ownAutomation.save')}</Button><Button onClick={onClose}>{t('common.cancel')}</Button></div>
    </form>
  )
}
