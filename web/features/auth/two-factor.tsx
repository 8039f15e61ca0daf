import { useQuery } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { ApiError, queries } from '../../api/client.ts'
import { leave, meQuery } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { Door, doorCss as css } from './door.tsx'
import { Enrol } from './enrol.tsx'

/** Before anything else, where a role asks for a second factor. */
export default function TwoFactor() {
  const navigate = useNavigate()
  // Opened afresh (on a phone it always is), the page must learn first who sits here: without it nothing may be written.
  const me = useQuery(meQuery)
  const done = async () => { await queries.resetQueries({ queryKey: meQuery.queryKey }); void navigate({ to: at.home, replace: true }) }
  const out = async () => { const next = await leave(); if (next) location.assign(next); else void navigate({ to: at.signIn, replace: true }) }
  if (me.error instanceof ApiError && me.error.status === 401) return <Navigate to={at.signIn} />
  if (me.data && !me.data.mustEnroll && !me.isRefetching) return <Navigate to={at.home} />
  if (!me.data) return <Door title={t('auth.setUpTwoFactor')}>{me.error ? <Failure small error={me.error} onRetry={me.refetch} /> : <Skeleton rows={2} />}</Door>
  return <Door title={t('auth.setUpTwoFactor')} hint={t('auth.roleNeeds')}><Enrol onDone={done} /><div className={css.links}><Button small look="quiet" onClick={() => void out()}>{t('auth.backToSignIn')}</Button></div></Door>
}
