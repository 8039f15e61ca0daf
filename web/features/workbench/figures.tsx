import type { ComponentType, ReactNode } from 'react'
import type { WorkbenchShape } from '#contract/api'
import { at } from '../../app/paths.ts'
import { money } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'
import css from './figures.module.css'

type Figure = NonNullable<WorkbenchShape['figures']>[number]
/** A link to an address, as the shell around it knows how to make one. */
export type ToList = ComponentType<{ to: string; className: string; children: ReactNode }>

/** The month in one line; each figure opens the list that it was made of. */
export function Figures({ figures, Link }: { figures: readonly Figure[]; Link: ToList }) {
  const of = (key: Figure['key']) => Number(figures.find((each) => each.key === key)?.value ?? 0)
  const percent = of('target') > 0 ? Math.round((of('won') / of('target')) * 100) : null
  if (figures.length === 0) return null
  return (
    <section className={css.figures} aria-label={t('workbench.month')}>
      {figures.map((figure) => (
        <Link key={figure.key} to={`${at.list(figure.object)}?filter=${encodeURIComponent(JSON.stringify(figure.filter))}`} className={css.figure!}>
          <span className="hint">{label(figure.title)}</span>
          <b className="num">{figure.value === null ? t(figure.key === 'target' ? 'workbench.noTarget' : 'common.none') : money(figure.value)}</b>
          {figure.key === 'won' && percent !== null && <span className="hint">{t('workbench.done', { percent })}</span>}
        </Link>
      ))}
    </section>
  )
}
