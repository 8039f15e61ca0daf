import { useState } from 'react'

/** A value with its past: each step can be taken back. */
export function useSteps<T>(first: T): { value: T; put: (next: T) => void; undo: () => void; steps: number } {
  const [{ value, past }, set] = useState<{ value: T; past: readonly T[] }>({ value: first, past: [] })
  return {
    value, steps: past.length,
    put: (next) => set((now) => ({ value: next, past: [...now.past, now.value] })),
    undo: () => set((now) => (now.past.length === 0 ? now : { value: now.past.at(-1)!, past: now.past.slice(0, -1) })),
  }
}
