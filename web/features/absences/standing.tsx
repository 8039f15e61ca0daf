import type { WorkbenchShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { listWith, To } from '../../app/to.tsx'
import { onTheClock } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'
import css from './absences.module.css'

type Standing = NonNullable<WorkbenchShape['standing']>

/** 「你正在代理 李娜 的 12 条线索，至 11-25 18:00」 */
export function StandingIn({ standing }: { standing: Standing }) {
  const catalogue = useCatalogue()
  return standing.map(({ member, until, object, count }) => (
    <p key={member} className={css.banner} role="status">
      <i className={css.mark} aria-hidden="true" />
      <span>{t('absences.standing', { name: catalogue.member(member)?.name ?? '' })}{count > 0 && <>{t('absences.standingOf')}<To className="link" to={listWith(at.list(object), { field: 'owner', op: 'eq', value: member })}>{t('absences.standingCount', { n: count, object: label(catalogue.object(object)?.label) })}</To></>}{t('absences.standingUntil', { when: onTheClock(until) })}</span>
    </p>
  ))
}
