import { useSyncExternalStore } from 'react'
import { remember, remembered } from '../../design/theme.ts'

/** A chair that the visitor may take. */
export interface Card { member: number; name: string; role: string }
export const STEPS = ['submit', 'owner', 'why', 'pass', 'told', 'restless', 'replay', 'own'] as const
export type StepKey = (typeof STEPS)[number]

/** How far the visitor is: it survives changing chairs and coming back another day. */
export interface Tour { at: number; open: boolean; /** Leads before this instant are not the visitor's. */ since: string | null; lead: string | null; /** Where the clock stood when the step began. */ offset: number | null }

const KEPT = 'nextmove.tour'
const FRESH: Tour = { at: 0, open: false, since: null, lead: null, offset: null }
const listeners = new Set<() => void>()
let tour = read()

function read(): Tour {
  try { return { ...FRESH, ...(JSON.parse(remembered(KEPT) ?? '{}') as Partial<Tour>) } } catch { return FRESH }
}

export function putTour(next: Partial<Tour>): void {
  tour = { ...tour, ...next }
  remember(KEPT, JSON.stringify(tour))
  for (const listener of listeners) listener()
}

export const startTour = (): void => putTour({ ...FRESH, open: true })
/** On to the step after `from`; told twice, it goes once. */
export const stepDone = (from: StepKey, also: Partial<Tour> = {}): void => { if (STEPS[tour.at] === from) putTour({ ...also, at: tour.at + 1, offset: null }) }

const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }
export const useTour = (): Tour => useSyncExternalStore(subscribe, () => tour)
