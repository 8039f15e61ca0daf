import { useEffect } from 'react'
import type { Subject } from '../../features/followup/ask-subject.tsx'
import { remember, remembered } from '../../design/theme.ts'
import { openFollowUp } from './state.ts'

/** Who is on the line: kept on the phone, for the dialler may push the browser out of memory. */
const KEPT = 'nextmove.calling'
const STILL_ON_MS = 3 * 3_600_000
const NOT_LEFT_MS = 1500
interface Call { subject: Subject; phone: string; at: number }

export function dialled(subject: Subject, phone: string): void {
  remember(KEPT, JSON.stringify({ subject, phone, at: Date.now() } satisfies Call))
  // A dialler that only lays itself over the page, or none at all: the sheet waits behind it.
  setTimeout(() => { if (document.visibilityState === 'visible') comeBack() }, NOT_LEFT_MS)
}

function comeBack(): void {
  const call = read()
  if (!call) return
  remember(KEPT, '')
  if (Date.now() - call.at < STILL_ON_MS) openFollowUp({ subject: call.subject, method: 'phone', called: call.phone })
}

function read(): Call | null {
  try { return JSON.parse(remembered(KEPT) || 'null') as Call | null } catch { return null }
}

/** Back from the dialler: the sheet is already open. */
export function useCallReturn(): void {
  useEffect(() => {
    const look = () => { if (document.visibilityState === 'visible') comeBack() }
    look()
    document.addEventListener('visibilitychange', look)
    addEventListener('pageshow', look)
    return () => { document.removeEventListener('visibilitychange', look); removeEventListener('pageshow', look) }
  }, [])
}
