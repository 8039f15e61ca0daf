import { clockTime, remaining } from '../../design/format.ts'
import { Facts } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './approvals.module.css'
import type { Approval } from './query.ts'

/** What is asked, by which rule, of whom and until when; and how it ended. */
export function About({ approval }: { approval: Approval }) {
  const waits = approval.state === 'waiting'
  return (
    <div className={css.facts}>
      <Facts facts={[
        ...(approval.body ? [[t('approvals.body'), <span key="body" className={css.body}>{approval.body}</span>] as const] : []),
        [t('approvals.until'), <span key="until">{clockTime(approval.due)}{waits && <span className="hint"> {remaining(approval.due)}</span>}</span>],
        [t('approvals.asked'), approval.asked.join(t('common.listGap'))], [t('approvals.rule'), label(approval.rule.label)], [t('approvals.askedAt'), clockTime(approval.askedAt)],
        ...(approval.decidedBy ? [[t('approvals.decidedBy'), `${approval.decidedBy} · ${clockTime(approval.decidedAt!)}`] as const] : []),
        ...(approval.reason ? [[t('acts.reason'), approval.reason] as const] : []),
      ]} />
      {approval.instead && <p className={css.note}>{t('approvals.instead', { name: approval.instead })}</p>}
      {!approval.record && <p className={css.note}>{t(waits ? 'approvals.unseen' : 'approvals.unseenDone')}</p>}
    </div>
  )
}
