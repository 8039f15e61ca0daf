import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { meQuery } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Field, Input } from '../../design/field.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { Door } from './door.tsx'
import { NewPassword } from './new-password.tsx'

/** At the first sign-in, or when a person wants another one. */
export default function ChangePassword() {
  const navigate = useNavigate()
  // Opened afresh, the page must learn first who sits here: without it nothing may be written.
  useQuery(meQuery)
  const [current, setCurrent] = useState('')
  const change = useMutation({
    mutationFn: (next: string) => call('changePassword', { body: { current, next } }),
    onSuccess: async () => { say(t('auth.passwordChanged')); await queries.resetQueries({ queryKey: meQuery.queryKey }); void navigate({ to: at.home, replace: true }) },
  })
  const before = <Field label={t('auth.currentPassword')}>{(control) => <Input {...control} type="password" autoFocus autoComplete="current-password" value={current} onText={setCurrent} />}</Field>
  return <Door title={t('auth.changePassword')} hint={t('auth.changePasswordHelp')}><NewPassword before={before} act={t('auth.savePassword')} busy={change.isPending} error={change.error} onSubmit={change.mutate} /></Door>
}
