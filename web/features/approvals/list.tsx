import { at } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { ago, clockTime, remaining } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'
import css from './approvals.module.css'
import type { Approval } from './query.ts'
import { State } from './state.tsx'

export const List = ({ items }: { items: readonly Approval[] }) => (
  <ul>{items.map((each) => (
    <li key={each.id}><To to={at.approval(each.id)} className={css.row}>
      <span className={css.names}><b>{each.title}</b><span className="hint" title={clockTime(each.due, true)}>{particulars(each).filter(Boolean).join(' · ')}</span></span>
      <State approval={each} />
    </To></li>
  ))}</ul>
)

/** What the title does not say already. */
function particulars({ title, rule, record, instead, state, due, decidedAt }: Approval): (string | null)[] {
  const name = label(rule.label)
  return [title === name ? null : name, record && !title.includes(record.title) ? record.title : null, instead && t('approvals.forWhom', { name: instead }), state === 'waiting' ? remaining(due) : ago(decidedAt ?? due)]
}
