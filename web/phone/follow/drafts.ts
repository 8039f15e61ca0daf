import type { Subject } from '../../features/followup/ask-subject.tsx'
import { remember, remembered } from '../../design/theme.ts'

export interface Draft { result: string | null; nextAt: string | null; resource: string | null; note: string; method?: string }
const keyOf = ({ object, id }: Subject): string => `nextmove.draft.${object}.${id}`

/** What was typed for this customer and not sent; a time that has passed meanwhile is asked again. */
export function draftOf(subject: Subject): Draft | null {
  try {
    const draft = JSON.parse(remembered(keyOf(subject)) || 'null') as Draft | null
    return draft && { ...draft, nextAt: draft.nextAt && Date.parse(draft.nextAt) > Date.now() ? draft.nextAt : null }
  } catch { return null }
}
export const keepDraft = (subject: Subject, draft: Draft): void => remember(keyOf(subject), JSON.stringify(draft))
export function dropDraft(subject: Subject): void {
  try { localStorage.removeItem(keyOf(subject)) } catch { /* nothing was kept */ }
}
