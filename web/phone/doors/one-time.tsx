import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { enter } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Field, Input } from '../../design/field.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { asksSecond, CodeField } from '../../features/auth/code-field.tsx'
import { Link, navigate } from '../frame/router.tsx'
import { Door, doorCss as css } from './door.tsx'
import { NewPassword } from './new-password.tsx'

/** Invitation and reset alike: a link that opens once, a name to check, a password to choose. */
export default function OneTime() {
  const token = location.hash.slice(1)
  const { data, error } = useQuery({ queryKey: ['link', token], queryFn: () => call('link', { body: { token } }), enabled: token !== '', retry: false, staleTime: Infinity })
  if (error || !token) return <Door title={t('auth.linkDead')} hint={t('auth.linkDeadHelp')}>{error ? <Failure small error={error} /> : null}<Link to={at.signIn} className={css.link}>{t('auth.backToSignIn')}</Link></Door>
  if (!data) return <Door title={t('auth.oneMoment')}><Skeleton rows={2} /></Door>
  return <Choose token={token} invited={data.kind === 'invite'} name={data.member?.name ?? ''} account={data.member?.email ?? data.member?.phone ?? ''} />
}

function Choose({ token, invited, name: given, account }: { token: string; invited: boolean; name: string; account: string }) {
  const [name, setName] = useState(given)
  const [code, setCode] = useState<string | null>(null)
  const choose = useMutation({
    onError: (error) => { if (asksSecond(error)) setCode('') },
    mutationFn: (password: string) => (invited ? call('acceptInvite', { body: { token, password, ...(name.trim() ? { name: name.trim() } : {}) } }) : call('reset', { body: { token, password, ...(code?.trim() && { code }) } })),
    onSuccess: (me) => { enter(me); navigate(at.home, { replace: true }) },
  })
  const own = <>
    <input type="hidden" autoComplete="username" value={account} readOnly />
    {invited && <Field label={t('auth.yourName')}>{(control) => <Input {...control} value={name} maxLength={80} autoComplete="name" onText={setName} />}</Field>}
    {code !== null && <CodeField value={code} onText={setCode} />}
  </>
  return <Door title={invited ? t('auth.welcome', { name: given }) : t('auth.newPasswordFor', { name: given })} hint={t('auth.signInWith', { account })}><NewPassword before={own} act={t(invited ? 'auth.start' : 'auth.savePassword')} busy={choose.isPending} error={asksSecond(choose.error) ? null : choose.error} onSubmit={choose.mutate} /></Door>
}
