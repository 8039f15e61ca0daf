import type { UnassignedAnswer } from '#contract/api'
import { Panel } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { share } from '../assignment/told.ts'
import css from './unassigned.module.css'

type Week = UnassignedAnswer['weeks'][number]
/** Those whose time is not over yet are neither in time nor late. */
const rateOf = ({ came, inTime, open }: Week): number | null => (came - open > 0 ? inTime / (came - open) : null)

/** The share that had an owner in time, week by week: a column each, and the same as a table for those who do not see it. */
export function Rate({ answer: { weeks, alertHours } }: { answer: UnassignedAnswer }) {
  const last = weeks.at(-1)
  const told = (week: Week) => (week.came === 0 ? t('unassigned.weekNone') : t('unassigned.weekText', { came: week.came, share: share(rateOf(week)) }) + (week.open > 0 ? t('unassigned.weekOpen', { n: week.open }) : ''))
  return (
    <Panel title={t('unassigned.rate', { hours: alertHours })} hint={t('unassigned.rateHelp')} flush={false}>
      <div className={css.weeks} aria-hidden="true">
        {weeks.map((week) => <span key={week.from} className={css.week} title={`${t('unassigned.week', { day: week.from.slice(5) })}：${told(week)}`}><i className={css.track}><i data-low={(rateOf(week) ?? 1) < 0.9 || undefined} style={{ height: `${(rateOf(week) ?? 0) * 100}%` }} /></i><span className={css.figure}>{share(rateOf(week))}</span><span className={css.day}>{week.from.slice(5)}</span></span>)}
      </div>
      {last && <p className="hint">{t('unassigned.week', { day: last.from.slice(5) })}：{told(last)}</p>}
      <table className="sr"><caption>{t('unassigned.rate', { hours: alertHours })}</caption><thead><tr><th scope="col">{t('unassigned.columnWeek')}</th><th scope="col">{t('unassigned.columnCame')}</th><th scope="col">{t('unassigned.columnInTime')}</th></tr></thead>
        <tbody>{weeks.map((week) => <tr key={week.from}><th scope="row">{week.from}</th><td>{week.came}</td><td>{share(rateOf(week))}</td></tr>)}</tbody></table>
    </Panel>
  )
}
