import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { Link } from '../frame/router.tsx'
import { Door, doorCss as css } from './door.tsx'

export default function Forgot() {
  const [account, setAccount] = useState('')
  const ask = useMutation({ mutationFn: () => call('forgot', { body: { account: account.trim() } }) })
  const home = <Link to={at.signIn} className={css.link}>{t('auth.backToSignIn')}</Link>
  if (ask.data) return <Door title={t(ask.data.mail ? 'auth.mailSent' : 'auth.askAdministrator')} hint={t(ask.data.mail ? 'auth.mailSentHelp' : 'auth.askAdministratorHelp')}>{home}</Door>
  return (
    <Door title={t('auth.forgot')} hint={t('auth.forgotHelp')}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (account.trim()) ask.mutate() }}>
        <Field label={t('auth.account')}>{(control) => <Input {...control} autoFocus autoComplete="username" autoCapitalize="none" value={account} onText={setAccount} />}</Field>
        {ask.error && <Failure small error={ask.error} />}
        <Button type="submit" look="primary" busy={ask.isPending} disabled={!account.trim()}>{t('auth.sendLink')}</Button>
      </form>
      {home}
    </Door>
  )
}
