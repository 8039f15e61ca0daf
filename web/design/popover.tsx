import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { createPortal } from 'react-dom'
import { Button } from './button.tsx'
import { cx } from './classes.ts'
import { Icon, type IconName } from './icons.tsx'
import { useDismissal, useLayerRoot, usePlacement, type Side } from './layer.tsx'
import css from './popover.module.css'

interface PopoverProps { anchor: RefObject<HTMLElement | null>; onClose: () => void; children: ReactNode; side?: Side; matchWidth?: boolean; className?: string | undefined; label: string; role?: 'dialog' | 'menu' | 'presentation' }

/** Something that floats beside what opened it. Focus moves in on opening and back on closing. */
export function Popover(props: PopoverProps) {
  return createPortal(<Floating {...props} />, useLayerRoot())
}

function Floating({ anchor, onClose, children, side = 'below', matchWidth = false, className, label, role = 'dialog' }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null)
  usePlacement(panel, anchor, side, matchWidth)
  useDismissal({ panel, anchor, onClose })
  useEffect(() => { focusFirst(panel.current) }, [])
  const named = role === 'presentation' ? {} : { 'aria-label': label }
  return <div ref={panel} role={role} {...named} tabIndex={-1} className={cx(css.panel, className)}>{children}</div>
}

const FOCUSABLE = '[data-autofocus], input:not([disabled]), textarea, select, button:not([disabled]), a[href], [tabindex="0"]'
export function focusFirst(within: HTMLElement | null): void {
  if (!within || within.contains(document.activeElement)) return
  const first = within.querySelector<HTMLElement>('[data-autofocus]') ?? within.querySelector<HTMLElement>(FOCUSABLE)
  ;(first ?? within).focus({ preventScroll: true })
}

export interface MenuItem { key: string; label: ReactNode; icon?: IconName; hint?: ReactNode; danger?: boolean; checked?: boolean; disabled?: boolean; onPick: () => void }
export type MenuEntry = MenuItem | 'line' | { heading: string } | { custom: ReactNode }

/** A short list of acts; arrows walk, Enter does, Escape leaves. */
export function Menu({ entries, onClose, ...rest }: Omit<PopoverProps, 'children' | 'role'> & { entries: readonly MenuEntry[] }) {
  return (
    <Popover {...rest} onClose={onClose} role="menu">
      <div className={css.menu} onKeyDown={walk}>{entries.map((entry, at) => <Entry key={keyOf(entry, at)} entry={entry} onDone={onClose} />)}</div>
    </Popover>
  )
}

const keyOf = (entry: MenuEntry, at: number) => (typeof entry === 'object' && 'key' in entry ? entry.key : `line-${at}`)

function Entry({ entry, onDone }: { entry: MenuEntry; onDone: () => void }) {
  if (entry === 'line') return <div className={css.line} role="separator" />
  if ('heading' in entry) return <div className={css.heading} role="presentation">{entry.heading}</div>
  if ('custom' in entry) return <div className={css.custom}>{entry.custom}</div>
  return (
    <button type="button" role={entry.checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={entry.checked} disabled={entry.disabled} className={cx(css.item, entry.danger && 'danger')} onClick={() => { onDone(); entry.onPick() }}>
      {entry.icon && <Icon name={entry.icon} />}
      <span className="grow">{entry.label}</span>
      {entry.hint && <span className="hint">{entry.hint}</span>}
      {entry.checked && <Icon name="check" />}
    </button>
  )
}

function walk(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Tab: 0 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not([disabled])')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  items[(at + step + items.length) % items.length]?.focus()
}

interface MenuButtonProps { entries: readonly MenuEntry[]; label: string; icon?: IconName; children?: ReactNode; side?: Side; small?: boolean; look?: 'plain' | 'quiet'; className?: string }
export function MenuButton({ entries, label, icon, children, side = 'below-end', small, look = 'quiet', className }: MenuButtonProps) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <Button ref={anchor} look={look} small={small ?? false} className={className} {...(icon ? { icon } : {})} aria-haspopup="menu" aria-expanded={open} {...(children ? {} : { 'aria-label': label, title: label })} onClick={() => setOpen(!open)}>{children}</Button>
      {open && <Menu anchor={anchor} entries={entries} label={label} side={side} onClose={() => setOpen(false)} />}
    </>
  )
}
