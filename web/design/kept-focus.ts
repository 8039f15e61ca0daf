import { useEffect } from 'react'

/** Where Tab comes to. */
export const STOPS = 'a[href], button:not([disabled]), input:not([disabled]):not([type="hidden"]), textarea, select, [tabindex="0"]'
const HOMES = 'dialog, [role="dialog"], main'
interface Kept { stop: HTMLElement; /** What stood before it, nearest first. */ before: HTMLElement[]; page: string }

/** Where the button that was pressed goes away by what it did (「启用」 becomes 「暂停」, a row is removed), what stands in its place takes the focus. Nobody is moved who has gone elsewhere meanwhile. */
export function useKeptFocus(): void {
  useEffect(() => {
    const kept = new Map<Element, Kept>()
    const onIn = ({ target }: FocusEvent) => {
      const stop = target as HTMLElement
      const home = stop.closest(HOMES)
      if (!home) return kept.clear()
      kept.delete(home)
      kept.set(home, { stop, before: before(home, stop), page: location.pathname })
    }
    // A press beside everything takes the focus off on purpose. What is removed is no longer there a moment later, what is busy only for a while.
    const onOut = ({ target }: FocusEvent) => setTimeout(() => {
      const stop = target as HTMLElement
      if (stop.isConnected && !stop.matches(':disabled') && document.activeElement === document.body && document.hasFocus() && !document.querySelector('dialog[open]')) kept.clear()
    })
    const watch = new MutationObserver(() => {
      if (document.activeElement !== document.body || kept.size === 0) return
      for (const home of [...kept.keys()]) if (!home.isConnected) kept.delete(home)
      const [home, last] = [...kept].at(-1) ?? []
      if (home && last && last.page === location.pathname) (last.stop.isConnected ? last.stop : after(home, last.before))?.focus({ preventScroll: true })
    })
    document.addEventListener('focusin', onIn)
    document.addEventListener('focusout', onOut)
    watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
    return () => { watch.disconnect(); document.removeEventListener('focusin', onIn); document.removeEventListener('focusout', onOut) }
  }, [])
}

/** A layer inside the page is a home of its own. */
const stopsOf = (home: Element, which = STOPS): HTMLElement[] => [...home.querySelectorAll<HTMLElement>(which)].filter((stop) => stop.closest(HOMES) === home)
const before = (home: Element, stop: HTMLElement): HTMLElement[] => { const stops = stopsOf(home); return stops.slice(0, Math.max(stops.indexOf(stop), 0)).reverse() }

/** What is still busy cannot take it yet, and is waited for. */
function after(home: Element, earlier: readonly HTMLElement[]): HTMLElement | undefined {
  const stops = stopsOf(home, `${STOPS}, [aria-busy="true"]`)
  const at = stops.findIndex((stop) => stop === earlier.find(({ isConnected }) => isConnected))
  return stops[at + 1] ?? stops[at]
}
