import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { handOf } from './hand.ts'

export type More = Record<string, string | number | boolean | null | number[]>
export interface Kept { text: string; more: More | null }
interface Of { object: string; id: string; kind: 'comment' | 'activity' }

/**
 * What was typed about a record and not sent, the same on every device. `kept`: undefined until it is known, null for none. `write` with nothing in it gives it up;
 * `sending` lets the answer of the sending decide, and settles when that may go; `failed` keeps it again. Without a network it is tried again with the next key.
 */
export function useDraft({ object, id, kind }: Of, off = false): { kept: Kept | null | undefined; write: (now: Kept) => void; sending: () => Promise<void>; failed: () => void } {
  const key = ['draft', object, id, kind]
  const { data, isError } = useQuery({ queryKey: key, queryFn: ({ signal }) => call('draft', { params: { object, id }, query: { kind } }, { signal }), enabled: !off, staleTime: 0, gcTime: 0, retry: false })
  const [hand] = useState(() => handOf<Kept>((now) => call('keepDraft', { params: { object, id }, body: { kind, ...now } }).then(({ draft }) => queries.setQueryData(key, { draft })), same))
  useEffect(() => { if (data !== undefined) hand.knows(data.draft as Kept | null) }, [hand, data])
  useLeaving(hand)
  return { kept: off || isError ? null : (data?.draft as Kept | null | undefined), ...hand }
}

const same = (a: Kept | null, b: Kept | null): boolean => JSON.stringify([a?.text ?? '', a?.more ?? null]) === JSON.stringify([b?.text ?? '', b?.more ?? null])

/** Sent when the screen is left, too. */
export function useLeaving(hand: { flush: () => void; leave: () => void }): void {
  const first = useRef(hand)
  useEffect(() => {
    const { flush, leave } = first.current
    addEventListener('pagehide', leave)
    return () => { removeEventListener('pagehide', leave); flush() }
  }, [])
}

const textIn = (more: More | null, key: string): string | null => { const value = more?.[key]; return typeof value === 'string' ? value : null }
/** What was chosen of a follow-up; a time that has passed meanwhile is asked again. */
export function readMore(more: More | null): { result: string | null; nextAt: string | null; resource: string | null } {
  const nextAt = textIn(more, 'nextAt')
  return { result: textIn(more, 'result'), nextAt: nextAt !== null && Date.parse(nextAt) > Date.now() ? nextAt : null, resource: textIn(more, 'resource') }
}
