import type { TrialAnswer } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { number } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './trial.module.css'
import { Difference } from './trial-totals.tsx'

const FIRST = 5
type Both = { now: number; asIf: number }
const Pair = ({ now, asIf }: Both) => <td>{number(asIf)}{asIf !== now && <> <Difference value={asIf - now} /></>}</td>

/** Whose work changes: what they get, what they are told, what they hold at the end. */
export function TrialMembers({ members }: Pick<TrialAnswer, 'members'>) {
  const catalogue = useCatalogue()
  const [all, setAll] = useState(false)
  return (
    <section aria-label={t('trial.members')}>
      <h3 className={css.caption}>{t('trial.members')}</h3>
      <table className={css.table}>
        <thead><tr><th scope="col">{t('trial.member')}</th><th scope="col">{t('trial.assigned')}</th><th scope="col">{t('trial.open')}</th><th scope="col">{t('trial.messages')}</th></tr></thead>
        <tbody>{members.slice(0, all ? undefined : FIRST).map(({ id, assigned, open, messages }) => <tr key={id}><th scope="row">{catalogue.member(id)?.name ?? t('common.unknownMember')}</th><Pair {...assigned} /><Pair {...open} /><Pair {...messages} /></tr>)}</tbody>
      </table>
      {!all && members.length > FIRST && <Button small look="quiet" className={css.more!} onClick={() => setAll(true)}>{t('trial.allMembers', { count: members.length })}</Button>}
    </section>
  )
}
