import { useEffect, useSyncExternalStore } from 'react'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from './button.tsx'
import css from './toast.module.css'

interface Toast { id: number; text: string; act?: ToastAct | undefined; trouble?: boolean }
interface ToastAct { label: string; run: () => unknown }
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
export const say = (text: string, undo?: () => unknown): void => publish([...others(text), { id: nextId++, text, act: undo && { label: t('common.undo'), run: undo } }])
/** Says that something was done, and offers where to go on. */
export const sayWith = (text: string, act: ToastAct): void => publish([...others(text), { id: nextId++, text, act }])
/** Says that something failed where no better place is left to say it. */
export const sayTrouble = (text: string): void => publish([...others(text), { id: nextId++, text, trouble: true }])

const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return <div className={css.stack} role="status" aria-live="polite">{shown.map((toast) => <One key={toast.id} toast={toast} />)}</div>
}

function One({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => drop(toast.id), toast.act || toast.trouble ? UNDO_MS : SHORT_MS)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <div className={css.toast} data-trouble={toast.trouble}>
      <span className="grow">{toast.text}</span>
      {toast.act && <Button small look="quiet" className={css.undo!} onClick={() => { drop(toast.id); void toast.act?.run() }}>{toast.act.label}</Button>}
      <IconButton icon="close" label={t('common.close')} small className={css.close!} onClick={() => drop(toast.id)} />
    </div>
  )
}
