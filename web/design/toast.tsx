import { useEffect, useSyncExternalStore } from 'react'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from './button.tsx'
import css from './toast.module.css'

interface Toast { id: number; text: string; undo?: (() => unknown) | undefined; trouble?: boolean }
/** Long enough to notice a slip and take it back. */
const UNDO_MS = 8000
const SHORT_MS = 4000

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()
const publish = (next: readonly Toast[]) => { toasts = next; for (const listener of listeners) listener() }
const drop = (id: number) => publish(toasts.filter((toast) => toast.id !== id))

/** The same words are said once. */
const others = (text: string): readonly Toast[] => toasts.filter((toast) => toast.text !== text).slice(-2)

/** Says that something was done; with `undo` it can be taken back for eight seconds. */
export const say = (text: string, undo?: () => unknown): void => publish([...others(text), { id: nextId++, text, undo }])
/** Says that something failed where no better place is left to say it. */
export const sayTrouble = (text: string): void => publish([...others(text), { id: nextId++, text, trouble: true }])

const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return <div className={css.stack} role="status" aria-live="polite">{shown.map((toast) => <One key={toast.id} toast={toast} />)}</div>
}

function One({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => drop(toast.id), toast.undo || toast.trouble ? UNDO_MS : SHORT_MS)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <div className={css.toast} data-trouble={toast.trouble}>
      <span className="grow">{toast.text}</span>
      {toast.undo && <Button small look="quiet" className={css.undo!} onClick={() => { drop(toast.id); void toast.undo?.() }}>{t('common.undo')}</Button>}
      <IconButton icon="close" label={t('common.close')} small className={css.close!} onClick={() => drop(toast.id)} />
    </div>
  )
}
