import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { enter } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { CodeField } from './code-field.tsx'
import { Door, doorCss as css } from './door.tsx'
import { useThrough } from './use-through.ts'

/** Back from the company's own sign-in page. */
export default function Through() {
  const { key } = useParams({ strict: false }) as { key: string }
  const navigate = useNavigate()
  const form = useThrough(key, (me, to) => { enter(me); void navigate({ to, replace: true }) })
  return (
    <Door title={t('auth.byCompany')}>
      {form.code !== null && (
        <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (form.code?.trim()) form.submit() }}>
          <CodeField value={form.code} onText={form.setCode} />
          {form.error && <Failure small error={form.error} />}
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.code.trim()}>{t('auth.signIn')}</Button>
        </form>
      )}
      {form.code === null && (form.error ? <Failure small error={form.error} /> : <div role="status" aria-label={t('auth.checkingCompany')}><Skeleton rows={2} /></div>)}
      {(form.error || form.code !== null) && <div className={css.links}><Link to={at.signIn} className="link">{t('auth.backToSignIn')}</Link></div>}
    </Door>
  )
}
