import { useEffect, useState, type ComponentType, type ReactNode, type RefObject } from 'react'

/** A link to an address, as the shell around it knows how to make one. */
export type ChartLink = ComponentType<{ to: string; className?: string | undefined; children?: ReactNode; tabIndex?: number; title?: string; style?: React.CSSProperties; 'aria-label'?: string; onFocus?: () => void; onClick?: (event: React.MouseEvent) => void }>

/** One amount: how large it is drawn, how it is said, and the list behind it (null: there is none). */
export interface Mark { key: string; name: string; value: number; text: string; to: string | null; colour: string }

const SERIES = 6
/** Colours that say nothing by themselves; the seventh and what follows are the rest. */
export const colourOf = (at: number): string => (at < SERIES ? `var(--chart-${at + 1})` : 'var(--chart-rest)')
export const REST = 'var(--chart-rest)'
/** An option that has a colour of its own keeps it. */
export const COLOURS: Readonly<Record<string, string>> = { red: 'var(--red-bar)', amber: 'var(--amber-bar)', green: 'var(--green-bar)', blue: 'var(--chart-2)', grey: 'var(--chart-rest)' }

const MOST_STEPS = 4
/** `whole`: of what comes in whole numbers only. Round steps from nought (or from below it) to the largest value: 0, 50, 100, 150. */
export function ticksOf(low: number, top: number, whole = false): number[] {
  const high = low >= 0 && top <= 0 ? 1 : top
  const span = Math.max(high, 0) - Math.min(low, 0)
  const rough = span / MOST_STEPS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(whole ? 1 : 0, [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999 && (!whole || Number.isInteger(each)))!)
  const from = Math.floor(Math.min(low, 0) / step)
  const until = Math.ceil(Math.max(high, 0) / step)
  return Array.from({ length: Math.max(2, until - from + 1) }, (_, i) => Number(((from + i) * step).toPrecision(12)))
}

/** Of the box as it stands on the page; nothing before it does. */
export function useSize(ref: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!ref.current) return
    const watch = new ResizeObserver(([entry]) => setSize({ width: Math.round(entry!.contentRect.width), height: Math.round(entry!.contentRect.height) }))
    watch.observe(ref.current)
    return () => watch.disconnect()
  }, [ref])
  return size
}
