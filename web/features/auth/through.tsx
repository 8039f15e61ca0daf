import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { enter } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { CodeForm } from './code-form.tsx'
import { Door, doorCss as css } from './door.tsx'
import { useThrough } from './use-through.ts'

/** Back from the company's own sign-in page. */
export default function Through() {
  const { key } = useParams({ strict: false }) as { key: string }
  const navigate = useNavigate()
  const form = useThrough(key, (me, to) => { enter(me); void navigate({ to, replace: true }) })
  return (
    <Door title={t('auth.byCompany')}>
      {form.code !== null && <CodeForm code={form.code} form={form} className={css.form} />}
      {form.code === null && (form.error ? <Failure small error={form.error} /> : <div role="status" aria-label={t('auth.checkingCompany')}><Skeleton rows={2} /></div>)}
      {(form.error || form.code !== null) && <div className={css.links}><Link to={at.signIn} className="link">{t('auth.backToSignIn')}</Link></div>}
    </Door>
  )
}
