import { createContext, use, useEffect, useEffectEvent, useLayoutEffect, type RefObject } from 'react'

/** Where floating things are put: the page, or the dialog that they belong to (a modal dialog lies above everything else). */
export const LayerRoot = createContext<HTMLElement | null>(null)
export const useLayerRoot = (): HTMLElement => use(LayerRoot) ?? document.querySelector('main') ?? document.body

/** Open layers, lowest first: Escape and a press outside concern only the top one. */
const open: HTMLElement[] = []

interface Dismissal { panel: RefObject<HTMLElement | null>; anchor: RefObject<HTMLElement | null>; onClose: () => void }

/** Closes on Escape and on a press outside; gives the focus back to where it came from. */
export function useDismissal({ panel, anchor, onClose }: Dismissal): void {
  const close = useEffectEvent(onClose)
  useEffect(() => {
    const own = panel.current
    if (!own) return
    const first = anchor.current
    const opener = () => anchor.current ?? first
    open.push(own)
    const isTop = () => open.at(-1) === own
    const isAbove = (target: Node) => open.slice(open.indexOf(own)).some((layer) => layer.contains(target))
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !isTop() || event.isComposing) return
      event.preventDefault()
      event.stopPropagation()
      close()
      opener()?.focus()
    }
    const onPress = (event: PointerEvent) => {
      const target = event.target as Node
      if (!isAbove(target) && !opener()?.contains(target)) close()
    }
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('pointerdown', onPress, true)
    return () => {
      const hadFocus = own.contains(document.activeElement) || document.activeElement === document.body
      open.splice(open.indexOf(own), 1)
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('pointerdown', onPress, true)
      if (hadFocus) opener()?.focus({ preventScroll: true })
    }
  }, [panel, anchor])
}

export type Side = 'below' | 'below-end' | 'above' | 'right'

/** Keeps the panel beside its anchor, inside the window; turned over where there is no room. */
export function usePlacement(panel: RefObject<HTMLElement | null>, anchor: RefObject<HTMLElement | null>, side: Side, matchWidth: boolean): void {
  useLayoutEffect(() => {
    const place = () => { if (panel.current && anchor.current) put(panel.current, anchor.current.getBoundingClientRect(), side, matchWidth) }
    place()
    const watch = new ResizeObserver(place)
    if (panel.current) watch.observe(panel.current)
    window.addEventListener('resize', place)
    window.addEventListener('scroll', place, true)
    return () => { watch.disconnect(); window.removeEventListener('resize', place); window.removeEventListener('scroll', place, true) }
  })
}

const GAP = 4
const EDGE = 8

function put(panel: HTMLElement, at: DOMRect, side: Side, matchWidth: boolean): void {
  if (matchWidth) panel.style.minWidth = `${at.width}px`
  const { offsetWidth: width, offsetHeight: height } = panel
  const roomBelow = window.innerHeight - at.bottom - GAP - EDGE
  const above = side === 'above' ? at.top > height + GAP + EDGE : roomBelow < height && at.top > roomBelow
  const left = side === 'below-end' ? at.right - width : side === 'right' ? at.right + GAP : at.left
  const top = side === 'right' ? at.top : above ? at.top - height - GAP : at.bottom + GAP
  panel.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`
  panel.style.top = `${Math.max(EDGE, Math.min(top, window.innerHeight - height - EDGE))}px`
}
