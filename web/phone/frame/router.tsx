import { useLayoutEffect, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react'
import { tenantPrefix } from '../../app/paths.ts'

/** Addresses are the desktop's own; only these many are drawn here. */
const BASE = tenantPrefix()
interface Mark { key: number; sheet?: string }

const listeners = new Set<() => void>()
const left = new Map<number, number>()
let marks = 1
let shown = 0
let href = read()

function read(): string { return (location.pathname.slice(BASE.length) || '/') + location.search }
function isMark(state: unknown): state is Mark { return typeof state === 'object' && state !== null && 'key' in state }
const mark = (): Mark => (isMark(history.state) ? history.state : { key: 0 })

function arrive(): void {
  const next = read()
  shown = mark().key
  if (next === href) return
  href = next
  for (const listener of listeners) listener()
}

export function startRouter(): void {
  history.scrollRestoration = 'manual'
  if (isMark(history.state)) { shown = history.state.key; marks = shown + 1 }
  history.replaceState({ key: shown } satisfies Mark, '')
  addEventListener('popstate', () => { left.set(shown, scrollY); arrive() })
}

/** Goes to `to`. An open sheet's own entry is used up by it, so that Back does not open an empty sheet. */
export function navigate(to: string, { replace = false } = {}): void {
  left.set(shown, scrollY)
  const state: Mark = { key: marks++ }
  if (replace || mark().sheet) history.replaceState(state, '', BASE + to)
  else history.pushState(state, '', BASE + to)
  arrive()
}

/** Back to where one came from, or to `fallback` when this page was the first. */
export const back = (fallback: string): void => { if (mark().key > 0 && history.length > 1) history.back(); else navigate(fallback, { replace: true }) }

const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }
export const useHref = (): string => useSyncExternalStore(subscribe, () => href)
export const pathOf = (address: string): string => address.split('?')[0]!
export const queryOf = (address: string): URLSearchParams => new URLSearchParams(address.split('?')[1] ?? '')

const FRAMES = 30
/** Back where one was on this page; content that is still coming is waited for, briefly. */
export function useScrollMemory(address: string): void {
  useLayoutEffect(() => {
    const wanted = left.get(shown) ?? 0
    let frames = wanted ? FRAMES : 0
    scrollTo(0, wanted)
    const again = () => { if (frames-- > 0 && Math.abs(scrollY - wanted) > 2) { scrollTo(0, wanted); requestAnimationFrame(again) } }
    if (frames) requestAnimationFrame(again)
    return () => { frames = 0 }
  }, [address])
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; replace?: boolean }
export function Link({ to, replace = false, onClick, ...rest }: LinkProps) {
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    navigate(to, { replace })
  }
  return <a {...rest} href={BASE + to} onClick={go} />
}

/** A sheet stands in the history, so that the phone's Back closes it. One that follows at once takes over the entry. */
let closing: ReturnType<typeof setTimeout> | undefined
export function holdEntry(id: string, onBack: () => void): () => void {
  clearTimeout(closing)
  const state: Mark = { key: mark().key, sheet: id }
  if (mark().sheet) history.replaceState(state, '')
  else history.pushState(state, '')
  const onPop = () => { if (mark().sheet !== id) onBack() }
  addEventListener('popstate', onPop)
  return () => {
    removeEventListener('popstate', onPop)
    closing = setTimeout(() => { if (mark().sheet === id) history.back() }, 0)
  }
}
