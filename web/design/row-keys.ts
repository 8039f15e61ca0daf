import { useEffect, useEffectEvent, useState } from 'react'

interface Options { count: number; onOpen: (index: number) => void; onMark?: (index: number) => void; enabled?: boolean }

/** Keys belong to a control while it is typed in, and to a dialog while it is open. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  return event.metaKey || event.ctrlKey || event.altKey || event.isComposing || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || document.querySelector('dialog[open]') !== null
}

/** j and k walk over rows, Enter opens, x marks. −1: none yet. */
export function useRowKeys({ count, onOpen, onMark, enabled = true }: Options) {
  const [at, setAt] = useState(-1)
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (count === 0 || isTyping(event) || event.shiftKey) return
    if (event.key === 'j') setAt(Math.min(at + 1, count - 1))
    else if (event.key === 'k') setAt(Math.max(at - 1, 0))
    else if (event.key === 'x' && at >= 0 && onMark) onMark(at)
    else if (event.key === 'Enter' && at >= 0 && !(event.target as HTMLElement).closest('button, a')) onOpen(at)
    else return
    event.preventDefault()
  })
  useEffect(() => {
    if (!enabled) return
    const listen = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [enabled])
  return { at, setAt }
}
