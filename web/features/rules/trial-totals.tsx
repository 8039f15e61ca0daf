import type { TrialAnswer } from '#contract/api'
import { number } from '../../design/format.ts'
import { t, type WordKey } from '../../i18n/index.ts'
import css from './trial.module.css'

/** How often each kind of thing comes about: really, by what is in force, with the draft. */
export function TrialTotals({ kinds }: Pick<TrialAnswer, 'kinds'>) {
  return (
    <table className={css.table} aria-label={t('trial.totals')}>
      <thead><tr><th scope="col">{t('trial.what')}</th><th scope="col">{t('trial.actual')}</th><th scope="col">{t('trial.now')}</th><th scope="col">{t('trial.asIf')}</th><th scope="col">{t('trial.difference')}</th></tr></thead>
      <tbody>{kinds.map(({ what, now, asIf, actual }) => <tr key={what}><th scope="row">{t(`trial.what_${what}` as WordKey)}</th><td className="quiet">{actual === null ? '–' : number(actual)}</td><td>{number(now)}</td><td>{number(asIf)}</td><td><Difference value={asIf - now} /></td></tr>)}</tbody>
    </table>
  )
}

export const Difference = ({ value }: { value: number }) => (value === 0 ? <span className="quiet">{t('trial.none')}</span> : <b className={css.difference} data-more={value > 0}>{value > 0 ? '+' : '−'}{number(Math.abs(value))}</b>)
