import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import type { Me } from '#contract/api'
import { call } from '../../api/client.ts'
import { enter, stateQuery } from '../../api/session.ts'
import { at, safeReturn } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Avatar, Failure, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { ByCompany } from '../../features/auth/by-company.tsx'
import { CodeForm } from '../../features/auth/code-form.tsx'
import { useSignIn } from '../../features/auth/use-sign-in.ts'
import { leaveFor } from '../frame/desktop.ts'
import { Link, navigate, queryOf, useHref } from '../frame/router.tsx'
import { Door, doorCss as css } from './door.tsx'

export default function SignIn() {
  const to = queryOf(useHref()).get('to')
  const state = useQuery(stateQuery)
  const demo = Boolean(state.data?.demo)
  const arrive = (me: Me) => { enter(me); navigate(me.mustChange ? at.changePassword : safeReturn(to), { replace: true }) }
  if (state.data && !state.data.setUp) leaveFor(at.setup)
  const company = state.data?.tenant?.name
  return (
    <Door title={company ? t('auth.signInTo', { company }) : t('auth.signIn')} hint={demo ? t('auth.demoHint') : undefined}>
      {state.error ? <Failure small error={state.error} onRetry={state.refetch} /> : null}
      {demo && <Cards onIn={arrive} />}
      {demo && <div className={css.or}>{t('auth.or')}</div>}
      {state.isPending ? <Skeleton rows={3} height={60} /> : <PasswordForm onIn={arrive} focus={!demo} />}
      {state.data && <ByCompany providers={state.data.providers} to={to} className={css.company} />}
    </Door>
  )
}

function PasswordForm({ onIn, focus }: { onIn: (me: Me) => void; focus: boolean }) {
  const form = useSignIn(onIn)
  const submit = (event: FormEvent) => { event.preventDefault(); if (form.ready) form.submit() }
  if (form.code !== null) return <CodeForm code={form.code} form={form} className={css.form}><div><button type="button" className={css.link} onClick={form.startOver}>{t('auth.otherAccount')}</button></div></CodeForm>
  return (
    <form className={css.form} onSubmit={submit}>
      <Field label={t('auth.account')}>{(control) => <Input {...control} autoFocus={focus} autoComplete="username" autoCapitalize="none" spellCheck={false} value={form.account} onText={form.setAccount} />}</Field>
      <Field label={t('auth.password')}>{(control) => <Input {...control} type="password" autoComplete="current-password" value={form.password} onText={form.setPassword} />}</Field>
      {form.error && <Failure small error={form.error} />}
      <Button type="submit" look="primary" busy={form.busy} disabled={!form.ready}>{t('auth.signIn')}</Button>
      <div><Link to={at.forgot} className={css.link}>{t('auth.forgot')}</Link></div>
    </form>
  )
}

/** Demo data on this machine: sit down on a chair with one press. */
function Cards({ onIn }: { onIn: (me: Me) => void }) {
  const { data, error } = useQuery({ queryKey: ['demo-cards'], queryFn: () => call('demoCards', {}), retry: false })
  const sit = useMutation({ mutationFn: (member: number) => call('demoSignIn', { body: { member } }), onSuccess: onIn })
  if (error) return null
  if (!data) return <Skeleton rows={4} height={60} />
  return (
    <>
      <div className={css.cards}>
        {data.cards.map((card) => (
          <button key={card.member} type="button" className={css.card} disabled={sit.isPending} onClick={() => sit.mutate(card.member)}>
            <Avatar text={card.avatar} size={36} /><span><b>{card.name}</b><span className="hint">{[card.job ?? label(card.roleLabel), card.team].filter(Boolean).join(' · ')}</span></span><Icon name="right" />
          </button>
        ))}
      </div>
      {sit.error && <Failure small error={sit.error} />}
    </>
  )
}
