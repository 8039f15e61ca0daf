import type { ReweighAnswer } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { number } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import { Difference } from '../rules/trial-totals.tsx'
import css from './reweigh.module.css'
import { share } from './told.ts'

/** Who receives how much, as it went and as it would: two bars each; a press shows the records behind the difference. */
export function ReweighMembers({ members, of, onOf }: { members: ReweighAnswer['members']; of: number | null; onOf: (of: number | null) => void }) {
  const catalogue = useCatalogue()
  const most = Math.max(1, ...members.flatMap(({ received }) => [received.actual, received.asIf]))
  const width = (received: number) => ({ width: `${(received / most) * 100}%` })
  return (
    <div className={css.scroll}>
      <table className={css.members} aria-label={t('reweigh.members')}>
        <thead><tr><th scope="col">{t('assignment.member')}</th><th scope="col">{t('reweigh.received')}</th><th scope="col">{t('trial.difference')}</th><th scope="col">{t('reweigh.peak')}</th></tr></thead>
        <tbody>{members.map(({ member, received, gained, lost, peak }) => {
          const name = catalogue.member(member)?.name ?? t('common.unknownMember')
          return (
            <tr key={member} data-chosen={of === member || undefined}>
              <th scope="row">{gained + lost === 0 ? name : <button type="button" className={css.who} aria-pressed={of === member} onClick={() => onOf(of === member ? null : member)}>{name}</button>}</th>
              <td><span className={css.pair}><span className={css.bars} aria-hidden="true"><i data-course="actual" style={width(received.actual)} /><i style={width(received.asIf)} /></span><span className={css.counts}>{number(received.actual)} → <b>{number(received.asIf)}</b></span></span></td>
              <td><Difference value={received.asIf - received.actual} /></td>
              <td>{peak.actual === null ? '—' : peak.actual === peak.asIf ? share(peak.actual) : `${share(peak.actual)} → ${share(peak.asIf)}`}</td>
            </tr>
          )
        })}</tbody>
      </table>
    </div>
  )
}
