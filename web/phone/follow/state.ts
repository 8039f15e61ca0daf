import { useSyncExternalStore } from 'react'
import type { Subject } from '../../features/followup/ask-subject.tsx'

/** What the follow-up sheet was opened for; null: it is closed. No subject: whom is asked first. */
export interface Start { subject: Subject | null; method?: 'phone'; called?: string; problem?: { message: string; remedy: string } }

let start: Start | null = null
const listeners = new Set<() => void>()
const put = (next: Start | null) => { start = next; for (const listener of listeners) listener() }

export const openFollowUp = (next: Start): void => put(next)
export const closeFollowUp = (): void => put(null)
const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }
export const useFollowUp = (): Start | null => useSyncExternalStore(subscribe, () => start)
