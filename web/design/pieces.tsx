import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from './button.tsx'
import { cx } from './classes.ts'
import { plain } from './format.ts'
import { Icon, type IconName } from './icons.tsx'
import css from './pieces.module.css'

export function Panel({ title, hint, acts, children, className, label, flush }: { title?: ReactNode; hint?: ReactNode; acts?: ReactNode; children: ReactNode; className?: string | undefined; label?: string; flush?: boolean }) {
  return (
    <section className={cx(css.panel, className)} aria-label={label ?? (typeof title === 'string' ? title : undefined)}>
      {title && <header className={css.panelHead}><h2>{title}</h2>{hint && <span className="hint">{hint}</span>}{acts && <div className={css.panelActs}>{acts}</div>}</header>}
      <div className={flush === false ? css.padded : undefined}>{children}</div>
    </section>
  )
}

export type Colour = 'red' | 'amber' | 'green' | 'blue' | 'grey'
/** Tags are quiet outlines; policy tags, which change what people may see, are filled and carry a lock. */
export const Tag = ({ children, policy, colour, onRemove }: { children: ReactNode; policy?: boolean | undefined; colour?: Colour | undefined; onRemove?: (() => void) | undefined }) => (
  <span className={cx(css.tag, policy && css.policy, colour && colour !== 'grey' && css[colour])}>
    {policy && <Icon name="lock" size={12} />}
    {children}
    {onRemove && <button type="button" className={css.tagRemove} aria-label={t('common.removeNamed', { name: plain(children) })} onClick={onRemove}><Icon name="close" size={12} /></button>}
  </span>
)

const SHAPES: Record<string, string> = { red: 'M6 1 11 6 6 11 1 6Z', amber: 'M6 1.5 11 10.5H1Z', green: 'M6 10.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z' }
/** Red, amber, green: never by colour alone, so a shape and a word go with it. */
export const Grade = ({ colour, children }: { colour: Colour | undefined; children: ReactNode }) => (
  <span className={cx(css.grade, colour && css[`grade_${colour}`])}>
    {colour && SHAPES[colour] && <svg width="10" height="10" viewBox="0 0 12 12" aria-hidden="true"><path d={SHAPES[colour]} fill="currentColor" /></svg>}
    <span>{children}</span>
  </span>
)

/** `away`: a small dot, with the words beside it. */
export const Avatar = ({ text, size = 24, title, away }: { text: string; size?: number; title?: string; away?: boolean | undefined }) => (
  <span className={css.avatar} data-away={away || undefined} style={{ width: size, height: size, fontSize: size >= 32 ? 13 : size >= 24 ? 11 : 10 }} aria-hidden="true" title={title}>{text}</span>
)

/** Nothing here: says why, and what to do about it. */
export const Empty = ({ icon = 'list', title, children, act }: { icon?: IconName; title: ReactNode; children?: ReactNode; act?: ReactNode }) => (
  <div className={css.empty}><Icon name={icon} size={22} /><p><b>{title}</b></p>{children && <p className="quiet dense">{children}</p>}{act && <div className={css.emptyAct}>{act}</div>}</div>
)

/** An error stands where its cause stands: what happened, what to do, and a way to try again. */
export function Failure({ error, onRetry, small }: { error: unknown; onRetry?: () => unknown; small?: boolean }) {
  const { message, remedy, requestId } = described(error)
  return (
    <div className={cx(css.failure, small && css.failureSmall)} role="alert">
      <Icon name="alert" size={small ? 16 : 20} />
      <div className="grow"><p><b>{message}</b></p><p className="dense quiet">{remedy}{requestId && <span className="hint"> · {t('common.requestId')} <code>{requestId}</code></span>}</p></div>
      {onRetry && <Button small icon="refresh" onClick={() => void onRetry()}>{t('common.retry')}</Button>}
    </div>
  )
}

interface Described { message: string; remedy: string; requestId: string | null }
export function described(error: unknown): Described {
  if (error && typeof error === 'object' && 'remedy' in error) {
    const told = error as Described & { status?: number }
    // A number helps an administrator to find what broke; a refusal is not broken.
    return { message: told.message, remedy: told.remedy, requestId: (told.status ?? 500) >= 500 ? told.requestId : null }
  }
  return { message: t('common.failed'), remedy: error instanceof Error ? error.message : t('common.tryAgain'), requestId: null }
}
/** One line for the place beside a control. */
export const sentenceOf = (error: unknown): string => { const { message, remedy } = described(error); return remedy ? `${message}${t('common.sentenceGap')}${remedy}` : message }

export const Skeleton = ({ rows = 3, height = 40 }: { rows?: number; height?: number }) => (
  <div className={css.skeleton} aria-busy="true" aria-label={t('common.loading')} role="status">
    {Array.from({ length: rows }, (_, row) => <div key={row} style={{ height }}><i style={{ width: `${[38, 62, 50, 70, 44][row % 5]}%` }} /></div>)}
  </div>
)

interface TabsProps<V extends string> { value: V; tabs: readonly { value: V; label: ReactNode; hint?: ReactNode }[]; onChoose: (value: V) => void; label: string; after?: ReactNode }
export function Tabs<V extends string>({ value, tabs, onChoose, label, after }: TabsProps<V>) {
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const at = tabs.findIndex((tab) => tab.value === value)
    const next = tabs[(at + step + tabs.length) % tabs.length]!
    onChoose(next.value)
    ;(event.currentTarget.querySelector(`[data-tab="${CSS.escape(next.value)}"]`) as HTMLElement | null)?.focus()
  }
  // The chosen one is in sight, where there are more tabs than room.
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const [box, tab] = [list.current, list.current?.querySelector<HTMLElement>('[aria-selected="true"]')]
    if (box && tab && (tab.offsetLeft < box.scrollLeft || tab.offsetLeft + tab.offsetWidth > box.scrollLeft + box.clientWidth)) box.scrollLeft = tab.offsetLeft - (box.clientWidth - tab.offsetWidth) / 2
  }, [value])
  return (
    <div className={css.tabs}>
      <div ref={list} role="tablist" aria-label={label} className={css.tabList} onKeyDown={move}>
        {tabs.map((tab) => (
          <button key={tab.value} type="button" role="tab" data-tab={tab.value} aria-selected={tab.value === value} tabIndex={tab.value === value ? 0 : -1} className={css.tab} onClick={() => onChoose(tab.value)}>
            {tab.label}{tab.hint !== undefined && <span className="hint num">{tab.hint}</span>}
          </button>
        ))}
      </div>
      {after}
    </div>
  )
}

export const Kbd = ({ children }: { children: ReactNode }) => <kbd className={css.kbd}>{children}</kbd>
/** Label and value, one line each. */
export const Facts = ({ facts }: { facts: readonly (readonly [ReactNode, ReactNode])[] }) => (
  <dl className={css.facts}>{facts.map(([name, value], at) => <div key={at}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
)
