import { useNavigate } from '@tanstack/react-router'
import { queries } from '../../api/client.ts'
import { leave, meQuery } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { t } from '../../i18n/index.ts'
import { Door, doorCss as css } from './door.tsx'
import { Enrol } from './enrol.tsx'

/** Before anything else, where a role asks for a second factor. */
export default function TwoFactor() {
  const navigate = useNavigate()
  const done = async () => { await queries.resetQueries({ queryKey: meQuery.queryKey }); void navigate({ to: at.home, replace: true }) }
  const out = async () => { await leave(); void navigate({ to: at.signIn, replace: true }) }
  return <Door title={t('auth.setUpTwoFactor')} hint={t('auth.roleNeeds')}><Enrol onDone={done} /><div className={css.links}><Button small look="quiet" onClick={() => void out()}>{t('auth.backToSignIn')}</Button></div></Door>
}
