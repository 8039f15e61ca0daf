import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react'
import { Button } from '../../design/button.tsx'
import { STOPS } from '../../design/kept-focus.ts'
import { Popover } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import css from './rules.module.css'

interface Opened { name: string; children: ReactNode; foot?: ((close: () => void) => ReactNode) | undefined; wide?: boolean }
interface Props extends Opened { text: ReactNode; /** The mark that follows it in the sentence. */ after?: string; className?: string | undefined }

/** Words that open their own editor. */
export function Part({ text, after, className = css.part, ...opened }: Props) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button ref={anchor} type="button" className={className} data-after={after} aria-haspopup="dialog" aria-expanded={open} title={opened.name} onClick={() => setOpen(!open)}>{text}</button>
      {open && <Editor anchor={anchor} onClose={() => setOpen(false)} {...opened} />}
    </>
  )
}

interface PartsProps extends Opened { texts: readonly string[]; between: string; after: string; quiet: boolean }

/** Words that open one editor together; it stays open while they come and go. */
export function Parts({ texts, between, after, quiet, ...opened }: PartsProps) {
  const [open, setOpen] = useState<number | null>(null)
  const list = useRef<HTMLSpanElement>(null)
  // The words that were pressed may be gone before their editor is closed.
  const anchor = useMemo(() => ({ get current() { const all = [...(list.current?.querySelectorAll('button') ?? [])]; return all[open ?? 0] ?? all.at(-1) ?? null } }), [open])
  return (
    <>
      <span ref={list}>{texts.map((text, at) => <span key={at}>{at > 0 && <span className={css.k}>{between}</span>}<button type="button" className={css.part} data-quiet={quiet} data-after={at === texts.length - 1 ? after : undefined} aria-haspopup="dialog" aria-expanded={open === at} title={opened.name} onClick={() => setOpen(open === at ? null : at)}>{text}</button></span>)}</span>
      {open !== null && <Editor anchor={anchor} onClose={() => setOpen(null)} {...opened} />}
    </>
  )
}

function Editor({ anchor, name, children, foot, wide, onClose }: Opened & { anchor: RefObject<HTMLElement | null>; onClose: () => void }) {
  return (
    <Popover anchor={anchor} label={name} className={wide ? css.wide : css.editor} onClose={onClose}>
      <div onKeyDown={goRound}>
        <div className={css.edit}>{children}</div>
        <footer className={css.foot}>{foot?.(onClose)}<span className="grow" /><Button small look="primary" onClick={onClose}>{t('common.done')}</Button></footer>
      </div>
    </Popover>
  )
}

/** It lies at the end of the page, so that Tab would lead from its last button out of the sentence. */
function goRound(event: KeyboardEvent<HTMLElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)]
  const [last, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]]
  if (event.key !== 'Tab' || !last || document.activeElement !== last) return
  event.preventDefault()
  other?.focus()
}
