import type { ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Icon, type IconName } from '../../design/icons.tsx'
import css from '../../design/pieces.module.css'
import { t } from '../../i18n/index.ts'

/** The pieces of the first screen, in the looks of design/pieces: without its formats of numbers and regions, and with a retry that a thumb can hit. */
export const Panel = ({ title, hint, label, className, children }: { title?: string; hint?: ReactNode; label: string; className?: string | undefined; children: ReactNode }) => (
  <section className={cx(css.panel, className)} aria-label={label}>
    {title && <header className={css.panelHead}><h2>{title}</h2>{hint && <span className="hint">{hint}</span>}</header>}
    {children}
  </section>
)

export type Colour = 'red' | 'amber' | 'green' | 'blue' | 'grey'
const SHAPES: Partial<Record<Colour, string>> = { red: 'M6 1 11 6 6 11 1 6Z', amber: 'M6 1.5 11 10.5H1Z', green: 'M6 10.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z' }
/** Never by colour alone: a shape and a word go with it. */
export const Grade = ({ colour, children }: { colour: Colour | undefined; children: ReactNode }) => (
  <span className={cx(css.grade, colour && css[`grade_${colour}`])}>
    {colour && SHAPES[colour] && <svg width="10" height="10" viewBox="0 0 12 12" aria-hidden="true"><path d={SHAPES[colour]} fill="currentColor" /></svg>}<span>{children}</span>
  </span>
)

export const Tag = ({ children, policy }: { children: ReactNode; policy?: boolean | undefined }) => <span className={cx(css.tag, policy && css.policy)}>{policy && <Icon name="lock" size={12} />}{children}</span>

export const Empty = ({ icon, title, children }: { icon: IconName; title: ReactNode; children?: ReactNode }) => (
  <div className={css.empty}><Icon name={icon} size={22} /><p><b>{title}</b></p>{children && <p className="quiet dense">{children}</p>}</div>
)

export function Failure({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const { message = t('common.failed'), remedy = t('common.tryAgain') } = (error ?? {}) as { message?: string; remedy?: string }
  return <div className={css.failure} role="alert"><Icon name="alert" size={20} /><div className="grow"><p><b>{message}</b></p><p className="dense quiet">{remedy}</p></div><Button icon="refresh" onClick={() => void onRetry()}>{t('common.retry')}</Button></div>
}

export const Skeleton = ({ rows, height }: { rows: number; height: number }) => (
  <div className={css.skeleton} aria-busy="true" aria-label={t('common.loading')} role="status">
    {Array.from({ length: rows }, (_, row) => <div key={row} style={{ height }}><i style={{ width: `${[38, 62, 50, 70, 44][row % 5]}%` }} /></div>)}
  </div>
)
