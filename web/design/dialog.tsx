import { useEffect, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from './button.tsx'
import { cx } from './classes.ts'
import css from './dialog.module.css'
import { LayerRoot } from './layer.tsx'

interface Props { title: ReactNode; hint?: ReactNode; onClose: () => void; children: ReactNode; foot?: ReactNode; look?: 'centre' | 'sheet' | 'left'; width?: number; bare?: boolean; label?: string }

/** A modal: centred for a short question, a sheet from the right for a form or a story. The rest of the page is inert while it is open. */
export function Dialog({ title, hint, onClose, children, foot, look = 'centre', width, bare, label }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [root, setRoot] = useState<HTMLElement | null>(null)
  useEffect(() => {
    const own = dialog.current
    const before = document.activeElement as HTMLElement | null
    own?.showModal()
    focusBody(own)
    setRoot(own)
    return () => { own?.close(); before?.focus?.({ preventScroll: true }) }
  }, [])
  const outside = (event: React.PointerEvent) => { if (event.target === dialog.current) onClose() }
  return createPortal(
    <dialog ref={dialog} aria-label={label ?? (typeof title === 'string' ? title : undefined)} className={cx(css.dialog, css[look])} style={width ? { width } : undefined} onPointerDown={outside} onCancel={(event) => { if (event.target === dialog.current) { event.preventDefault(); onClose() } }}>
      <LayerRoot value={root}>
        <div className={css.frame}>
          {!bare && <header className={css.head}><div className="grow"><h2>{title}</h2>{hint && <p className="hint">{hint}</p>}</div><IconButton icon="close" label={t('common.close')} small onClick={onClose} /></header>}
          <div data-body className={bare ? css.bare : css.body}>{children}</div>
          {foot && <footer className={css.foot}>{foot}</footer>}
        </div>
      </LayerRoot>
    </dialog>,
    document.body,
  )
}

/** The first thing to fill in; closing is the browser's own choice otherwise. */
function focusBody(dialog: HTMLDialogElement | null): void {
  const body = dialog?.querySelector('[data-body]')
  const first = body?.querySelector<HTMLElement>('[data-autofocus]') ?? body?.querySelector<HTMLElement>('input:not([type="hidden"]):not([disabled]), textarea, button[aria-haspopup]')
  first?.focus({ preventScroll: true })
}

interface ConfirmProps { title: string; children: ReactNode; act: string; onAct: () => void | Promise<unknown>; onClose: () => void }
/** Asked only before what cannot be taken back. */
export function Confirm({ title, children, act, onAct, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false)
  const go = async () => { setBusy(true); try { await onAct(); onClose() } finally { setBusy(false) } }
  return (
    <Dialog title={title} onClose={onClose} width={420} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="danger" busy={busy} onClick={() => void go()}>{act}</Button></>}>
      <div className="quiet">{children}</div>
    </Dialog>
  )
}
