import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Me } from '#contract/api'
import { call } from '../../api/client.ts'
import { at, safeReturn } from '../../app/paths.ts'
import { asksSecond } from './code-field.tsx'

const KEPT = 'nextmove.return'

/** To the company's own sign-in page; where one wanted to go waits in this tab. */
export function useSetOut(to: unknown) {
  const out = useMutation({
    mutationFn: (key: string) => call('beginEnterprise', { body: { key } }),
    onSuccess: ({ url }) => { sessionStorage.setItem(KEPT, safeReturn(to)); location.assign(url) },
  })
  return { go: out.mutate, going: out.isPending || out.isSuccess ? out.variables : null, error: out.error }
}

/** Back from the provider `key`: let in, or asked for the second factor, or told why not. What it said leaves the address at once. */
export function useThrough(key: string, onIn: (me: Me, to: string) => void) {
  const [query] = useState(() => location.search)
  const [code, setCode] = useState<string | null>(null)
  const finish = useMutation({
    mutationFn: () => call('finishEnterprise', { body: { key, query, ...(code?.trim() && { code }) } }),
    onSuccess: (me) => { const to = sessionStorage.getItem(KEPT); sessionStorage.removeItem(KEPT); onIn(me, me.mustChange ? at.changePassword : safeReturn(to)) },
    onError: (error) => { if (asksSecond(error)) setCode('') },
  })
  const { mutate } = finish
  useEffect(() => { history.replaceState(history.state, '', location.pathname); mutate() }, [mutate])
  return { code, setCode, submit: () => mutate(), busy: finish.isPending, error: finish.error && !asksSecond(finish.error) ? finish.error : null }
}
