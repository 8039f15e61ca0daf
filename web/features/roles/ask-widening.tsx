import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './roles.module.css'
import type { Widening } from './use-role-change.ts'

/** Before somebody gets more: how many people, and how much. */
export function AskWidening({ effect, busy, onAnswer }: { effect: Widening; busy: boolean; onAnswer: (yes: boolean) => void }) {
  return (
    <Dialog title={t('roles.widens', { name: label(effect.role.label) })} onClose={() => onAnswer(false)} foot={<><Button onClick={() => onAnswer(false)}>{t('common.cancel')}</Button><Button look="primary" busy={busy} onClick={() => onAnswer(true)}>{t('roles.putInForce')}</Button></>}>
      <ul className={css.effects}>{[...effect.widens, ...effect.narrows].map((line) => <li key={line.zh}>{label(line)}</li>)}</ul>
      <p className="hint">{t('roles.revertible')}</p>
    </Dialog>
  )
}
