import { useMutation, useQuery } from '@tanstack/react-query'
import { Navigate, useNavigate, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call } from '../../api/client.ts'
import { enter, stateQuery } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { Door, doorCss as css } from '../auth/door.tsx'
import { PasswordField, SHORTEST } from '../auth/new-password.tsx'

/** The very first page: whose company, who looks after it, what to begin with. */
export default function Setup() {
  const token = useRouterState({ select: ({ location }) => location.hash })
  const state = useQuery(stateQuery)
  const link = useQuery({ queryKey: ['link', token], queryFn: () => call('link', { body: { token } }), enabled: Boolean(token), retry: false })
  if (state.data?.setUp) return <Navigate to={state.data.signedIn ? at.home : at.signIn} />
  if (!token) return <Door title={t('setup.title')} hint={t('setup.needLink')}>{null}</Door>
  if (link.error) return <Door title={t('auth.linkDead')} hint={t('setup.needLink')}><Failure small error={link.error} /></Door>
  if (state.error) return <Door title={t('setup.title')}><Failure small error={state.error} onRetry={state.refetch} /></Door>
  if (!state.data || !link.data) return <Door title={t('setup.title')}><Skeleton rows={4} /></Door>
  return <Form token={token} solutions={state.data.solutions} />
}

interface Draft { company: string; name: string; email: string; phone: string; password: string; solution: string }
type Solutions = { key: string; label: { zh: string; en: string }; sample: boolean }[]

function Form({ token, solutions }: { token: string; solutions: Solutions }) {
  const navigate = useNavigate()
  const [draft, setDraft] = useState<Draft>({ company: '', name: '', email: '', phone: '', password: '', solution: solutions[0]?.key ?? 'crm' })
  const [tried, setTried] = useState(false)
  const put = (key: keyof Draft) => (text: string) => setDraft((before) => ({ ...before, [key]: text }))
  const missing = (key: keyof Draft) => tried && !draft[key].trim()
  const setup = useMutation({
    mutationFn: () => call('setup', { body: { token, company: draft.company.trim(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Shanghai', administrator: { name: draft.name.trim(), email: draft.email.trim(), ...(draft.phone.trim() ? { phone: draft.phone.trim() } : {}), password: draft.password }, solution: draft.solution } }),
    onSuccess: (me) => { enter(me); void navigate({ to: at.home, replace: true }) },
  })
  const ready = draft.company.trim() && draft.name.trim() && draft.email.trim() && [...draft.password].length >= SHORTEST
  const refusedAt = setup.error instanceof ApiError ? setup.error.path?.split('.').at(-1) : undefined
  const problem = (key: keyof Draft) => (missing(key) ? t('records.mustFill') : refusedAt === key ? sentenceOf(setup.error) : null)
  const text = (key: keyof Draft, name: string, rest: object = {}, required = true) => <Field label={name} required={required} error={problem(key) && (required || refusedAt === key) ? problem(key) : null}>{(control) => <Input {...control} {...rest} value={draft[key]} onText={put(key)} />}</Field>
  return (
    <Door wide title={t('setup.title')} hint={t('setup.hint')}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); setTried(true); if (ready) setup.mutate() }}>
        <fieldset className={css.section}><legend>{t('setup.company')}</legend>{text('company', t('setup.companyName'), { autoFocus: true, autoComplete: 'organization', maxLength: 80, placeholder: t('setup.companyHint') })}</fieldset>
        <fieldset className={css.section}>
          <legend>{t('setup.administrator')}</legend>
          <div className={css.two}>{text('name', t('auth.yourName'), { autoComplete: 'name', maxLength: 80 })}{text('phone', t('auth.phone'), { type: 'tel', autoComplete: 'tel' }, false)}</div>
          <div className={css.two}>{text('email', t('auth.email'), { type: 'email', autoComplete: 'email' })}<PasswordField label={t('auth.password')} value={draft.password} onText={put('password')} error={tried && [...draft.password].length < SHORTEST ? t('auth.tooShort', { n: SHORTEST }) : refusedAt === 'password' ? sentenceOf(setup.error) : null} /></div>
        </fieldset>
        <fieldset className={css.section}>
          <legend>{t('setup.solution')}</legend>
          <div className={css.options}>{solutions.map((solution) => <label key={solution.key} className={css.option}><input type="radio" name="solution" checked={draft.solution === solution.key} onChange={() => put('solution')(solution.key)} /><b>{label(solution.label)}</b><span className="hint">{t(solution.sample ? 'setup.withSample' : 'setup.empty')}</span></label>)}</div>
        </fieldset>
        {setup.error && !refusedAt && <Failure small error={setup.error} />}
        <Button type="submit" look="primary" busy={setup.isPending}>{t('setup.go')}</Button>
      </form>
    </Door>
  )
}
