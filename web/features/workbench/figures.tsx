import type { WorkbenchShape } from '#contract/api'
import { at } from '../../app/paths.ts'
import { listWith, To } from '../../app/to.tsx'
import { money } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'
import css from './figures.module.css'

type Figure = NonNullable<WorkbenchShape['figures']>[number]

/** The month in one line; each figure opens the list that it was made of. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  const of = (key: Figure['key']) => Number(figures.find((each) => each.key === key)?.value ?? 0)
  const percent = of('target') > 0 ? Math.round((of('won') / of('target')) * 100) : null
  if (figures.length === 0) return null
  return (
    <section className={css.figures} aria-label={t('workbench.month')}>
      {figures.map((figure) => (
        <To key={figure.key} to={listWith(at.list(figure.object), figure.filter)} className={css.figure!}>
          <span className="hint">{label(figure.title)}</span>
          <b className="num">{figure.value === null ? t(figure.key === 'target' ? 'workbench.noTarget' : 'common.none') : money(figure.value)}</b>
          {figure.key === 'won' && percent !== null && <span className="hint">{t('workbench.done', { percent })}</span>}
        </To>
      ))}
    </section>
  )
}
