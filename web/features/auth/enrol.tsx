import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { CodeField } from './code-field.tsx'
import { doorCss as css } from './door.tsx'
import own from './two-factor.module.css'

const Qr = lazy(async () => ({ default: (await import('../../design/qr.tsx')).Qr }))
export const twoFactorQuery = { queryKey: [...keys.me, 'two-factor'], queryFn: () => call('twoFactor', {}) }

/** Password, then the code on the phone, then the recovery codes: shown this once. */
export function Enrol({ onDone }: { onDone: () => unknown }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { hasPassword } = useMe()
  const begin = useMutation({ mutationFn: () => call('beginTwoFactor', { body: hasPassword ? { password } : {} }) })
  const ready = !hasPassword || password !== ''
  const confirm = useMutation({ mutationFn: () => call('confirmTwoFactor', { body: { code } }), onSuccess: () => queries.invalidateQueries({ queryKey: twoFactorQuery.queryKey }) })
  if (confirm.data) return <Recovery codes={confirm.data.recovery} onDone={onDone} />
  if (begin.data) return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (code.trim()) confirm.mutate() }}>
      <p>{t('auth.scan')}</p>
      <div className={own.scan}>
        <Suspense><Qr text={begin.data.uri} label={t('auth.qr')} size={168} /></Suspense>
        <div className={own.secret}>
          <p className="hint">{t('auth.bySecret')}</p>
          <code>{begin.data.secret.match(/.{1,4}/g)!.join(' ')}</code>
          <div className={own.acts}><CopyButton text={begin.data.secret} /><a className="link" href={begin.data.uri}>{t('auth.openApp')}</a></div>
        </div>
      </div>
      <CodeField value={code} onText={setCode} recovery={false} />
      {confirm.error && <Failure small error={confirm.error} />}
      <Button type="submit" look="primary" busy={confirm.isPending} disabled={!code.trim()}>{t('auth.switchOn')}</Button>
    </form>
  )
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (ready) begin.mutate() }}>
      <p className="hint">{t('auth.apps')}</p>
      {hasPassword ? <Field label={t('auth.currentPassword')}>{(control) => <Input {...control} type="password" autoFocus autoComplete="current-password" value={password} onText={setPassword} />}</Field> : <p>{t('auth.noPassword')}</p>}
      {begin.error && <Failure small error={begin.error} />}
      <Button type="submit" look="primary" busy={begin.isPending} disabled={!ready}>{t('auth.goOn')}</Button>
    </form>
  )
}

/** What opens the door on the day the phone is lost. */
export function Recovery({ codes, onDone }: { codes: readonly string[]; onDone: () => unknown }) {
  const text = codes.join('\n')
  const keep = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }))
    link.download = `${t('auth.recoveryFile')}.txt`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <div className={css.form}>
      <p>{t('auth.recoveryHelp')}</p>
      <ul className={own.codes} aria-label={t('auth.recovery')}>{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <div className={own.acts}><CopyButton text={text} /><Button small icon="download" onClick={keep}>{t('auth.keepFile')}</Button></div>
      <Button look="primary" onClick={() => void onDone()}>{t('auth.kept')}</Button>
    </div>
  )
}
