import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import type { Me } from '#contract/api'
import { call } from '../../api/client.ts'
import { enter, stateQuery } from '../../api/session.ts'
import { at, safeReturn } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Avatar, Failure, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { startTour } from '../tour/state.ts'
import { ByCompany } from './by-company.tsx'
import { CodeForm } from './code-form.tsx'
import { Door, doorCss as css } from './door.tsx'
import { useSignIn } from './use-sign-in.ts'

export default function SignIn() {
  const { to } = useSearch({ strict: false }) as { to?: unknown }
  const navigate = useNavigate()
  const state = useQuery(stateQuery)
  const arrive = (me: Me) => { enter(me); void navigate({ to: me.mustChange ? at.changePassword : safeReturn(to), replace: true }) }
  if (state.data && !state.data.setUp) return <Navigate to={at.setup} />
  const company = state.data?.tenant?.name
  return (
    <Door title={company ? t('auth.signInTo', { company }) : t('auth.signIn')} wide={Boolean(state.data?.demo)} hint={state.data?.demo ? t('auth.demoHint') : undefined}>
      {state.error ? <Failure small error={state.error} onRetry={state.refetch} /> : null}
      {state.data?.demo && <Cards onIn={arrive} />}
      {state.data?.demo && <div className={css.or}>{t('auth.or')}</div>}
      {state.isPending ? <Skeleton rows={3} /> : <PasswordForm onIn={arrive} focus={!state.data?.demo} />}
      {state.data && <ByCompany providers={state.data.providers} to={to} className={css.company} />}
    </Door>
  )
}

function PasswordForm({ onIn, focus }: { onIn: (me: Me) => void; focus: boolean }) {
  const form = useSignIn(onIn)
  const submit = (event: FormEvent) => { event.preventDefault(); if (form.ready) form.submit() }
  if (form.code !== null) return <CodeForm code={form.code} form={form} className={css.form}><div><button type="button" className="link" onClick={form.startOver}>{t('auth.otherAccount')}</button></div></CodeForm>
  return (
    <form className={css.form} onSubmit={submit}>
      <Field label={t('auth.account')}>{(control) => <Input {...control} autoFocus={focus} autoComplete="username" autoCapitalize="none" spellCheck={false} value={form.account} onText={form.setAccount} />}</Field>
      <Field label={t('auth.password')}>{(control) => <Input {...control} type="password" autoComplete="current-password" value={form.password} onText={form.setPassword} />}</Field>
      {form.error && <Failure small error={form.error} />}
      <Button type="submit" look="primary" busy={form.busy} disabled={!form.ready}>{t('auth.signIn')}</Button>
      <div className={css.links}><Link to={at.forgot} className="link">{t('auth.forgot')}</Link></div>
    </form>
  )
}

/** Demo data on this machine: sit down on a chair with one press. */
function Cards({ onIn }: { onIn: (me: Me) => void }) {
  const { data, error } = useQuery({ queryKey: ['demo-cards'], queryFn: () => call('demoCards', {}), retry: false })
  const sit = useMutation({ mutationFn: (member: number) => call('demoSignIn', { body: { member } }), onSuccess: onIn })
  if (error) return null
  if (!data) return <Skeleton rows={2} height={56} />
  const director = data.cards.find(({ role }) => role === 'director')
  return (
    <>
      {director && <Button icon="play" busy={sit.isPending} onClick={() => { startTour(); sit.mutate(director.member) }}>{t('auth.startTour')}</Button>}
      <div className={css.cards}>
        {data.cards.map((card) => (
          <button key={card.member} type="button" className={css.role} disabled={sit.isPending} onClick={() => sit.mutate(card.member)}>
            <Avatar text={card.avatar} size={36} />
            <span><b>{card.name}</b><span className="hint">{[card.job ?? label(card.roleLabel), card.team].filter(Boolean).join(' · ')}</span></span>
          </button>
        ))}
      </div>
      {sit.error && <Failure small error={sit.error} />}
    </>
  )
}
