import { useSyncExternalStore } from 'react'
import type { Subject } from '../../features/followup/ask-subject.tsx'
import { remember, remembered } from '../../design/theme.ts'
import type { Draft } from './drafts.ts'

/** Follow-ups on their way to the server. Kept on the phone until it has said yes; the same key is sent again, so that none arrives twice. */
export interface Letter { key: string; member: number; subject: Subject; draft: Draft & { result: string; nextAt: string; resource: string } }
const KEPT = 'nextmove.outbox'

let letters: readonly Letter[] = stored()
const listeners = new Set<() => void>()

function stored(): Letter[] {
  try { return JSON.parse(remembered(KEPT) || '[]') as Letter[] } catch { return [] }
}
export function keepLetters(next: readonly Letter[]): void {
  letters = next
  remember(KEPT, JSON.stringify(next))
  for (const listener of listeners) listener()
}
export const lettersNow = (): readonly Letter[] => letters
const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }
export const useLetters = (): readonly Letter[] => useSyncExternalStore(subscribe, () => letters)
