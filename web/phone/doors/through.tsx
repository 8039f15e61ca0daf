import { enter } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { CodeForm } from '../../features/auth/code-form.tsx'
import { useThrough } from '../../features/auth/use-through.ts'
import { t } from '../../i18n/index.ts'
import { Link, navigate, pathOf, useHref } from '../frame/router.tsx'
import { Door, doorCss as css } from './door.tsx'

/** Back from the company's own sign-in page. */
export default function Through() {
  const form = useThrough(pathOf(useHref()).split('/').at(-1)!, (me, to) => { enter(me); navigate(to, { replace: true }) })
  return (
    <Door title={t('auth.byCompany')}>
      {form.code !== null && <CodeForm code={form.code} form={form} className={css.form} />}
      {form.code === null && (form.error ? <Failure small error={form.error} /> : <div role="status" aria-label={t('auth.checkingCompany')}><Skeleton rows={2} height={60} /></div>)}
      {(form.error || form.code !== null) && <div><Link to={at.signIn} className={css.link}>{t('auth.backToSignIn')}</Link></div>}
    </Door>
  )
}
