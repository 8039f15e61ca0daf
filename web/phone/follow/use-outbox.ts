import { useEffect } from 'react'
import { lettersNow } from './letters.ts'

const AGAIN_MS = 15_000
export const flushLetters = (): void => { if (lettersNow().length > 0) void import('./outbox.ts').then(({ flush }) => flush()) }

/** Tries again when the network is back, when the phone is taken up, and now and then. */
export function useOutbox(): void {
  useEffect(() => {
    flushLetters()
    const timer = setInterval(flushLetters, AGAIN_MS)
    addEventListener('online', flushLetters)
    document.addEventListener('visibilitychange', flushLetters)
    return () => { clearInterval(timer); removeEventListener('online', flushLetters); document.removeEventListener('visibilitychange', flushLetters) }
  }, [])
}
