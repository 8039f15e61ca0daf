import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Me } from '#contract/api'
import { call } from '../../api/client.ts'
import { asksSecond } from './code-field.tsx'

/** Account and password, then, where it is asked for, the code: null until then. */
export function useSignIn(onIn: (me: Me) => void) {
  const [account, setAccount] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const signIn = useMutation({ mutationFn: () => call('signIn', { body: { account: account.trim(), password, ...(code?.trim() && { code }) } }), onSuccess: onIn, onError: (error) => { if (asksSecond(error)) setCode('') } })
  return {
    account, setAccount, password, setPassword, code, setCode,
    ready: code === null ? Boolean(account.trim() && password) : Boolean(code.trim()),
    submit: () => signIn.mutate(), busy: signIn.isPending, error: signIn.error && !asksSecond(signIn.error) ? signIn.error : null,
    /** Somebody else signs in. */
    startOver: () => { setCode(null); setPassword(''); signIn.reset() },
  }
}
