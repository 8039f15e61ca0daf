import { addDays } from '#language/values'
import { Choice } from '../../design/field.tsx'
import { InstantField } from '../../design/date-field.tsx'
import { dayInWords, instantAt, today } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './follow-up.module.css'

const MORNING = '10:00'

/** Monday of next week. */
function nextMonday(from: string): string {
  const weekday = new Date(`${from}T00:00:00Z`).getUTCDay()
  return addDays(from, ((8 - weekday) % 7) || 7)
}

/** The common answers, one press each; any other moment beside them. */
export function NextContact({ value, onPick }: { value: string | null; onPick: (at: string) => void }) {
  const day = today()
  const quick = [[t('followup.tomorrow'), addDays(day, 1)], [t('followup.afterTomorrow'), addDays(day, 2)], [t('followup.nextMonday'), nextMonday(day)]] as const
  const options = quick.filter(([, on], index) => quick.findIndex(([, other]) => other === on) === index).map(([name, on]) => ({ value: instantAt(on, MORNING), label: name, hint: dayInWords(on).split(' ').slice(0, -1).join(' ') }))
  return (
    <div className={css.next}>
      <Choice look="chips" label={t('followup.nextAt')} value={value} options={options} onChoose={onPick} />
      <InstantField label={t('followup.nextAt')} placeholder={t('followup.otherTime')} value={value} onPick={(at) => { if (at) onPick(at) }} />
    </div>
  )
}
