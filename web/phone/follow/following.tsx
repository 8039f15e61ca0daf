import { lazy, Suspense, useEffect } from 'react'
import { useFollowUp } from './state.ts'
import { withWords } from '../words/later.ts'

const load = () => withWords(() => import('./sheet.tsx'))
/** Once the first page has had the line to itself. */
const SOON_MS = 3000
const FollowUpSheet = lazy(load)

/** The follow-up sheet over any page; fetched as soon as the page stands, so that it also opens without network. */
export function Following() {
  const start = useFollowUp()
  useEffect(() => { const timer = setTimeout(() => void load(), SOON_MS); return () => clearTimeout(timer) }, [])
  return start && <Suspense><FollowUpSheet key={start.subject?.id ?? 'ask'} start={start} /></Suspense>
}
