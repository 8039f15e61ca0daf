import { endViewing, viewing } from '../api/client.ts'
import { Button } from '../design/button.tsx'
import { clockTime } from '../design/format.ts'
import { Icon } from '../design/icons.tsx'
import { t } from '../i18n/index.ts'
import { at, tenantPrefix } from './paths.ts'
import css from './viewing-bar.module.css'

/** Whoever looks through another's eyes is told so on every page, and finds the way out there. */
export function ViewingBar() {
  const now = viewing()
  if (!now) return null
  return (
    <div className={css.bar} role="status">
      <Icon name="user" />
      <span className="grow">{t('shell.viewingAs', { name: now.name })}<span className={css.until}>{t('shell.viewingUntil', { when: clockTime(now.expiresAt).slice(-5) })}</span></span>
      <Button small onClick={() => endViewing(`${tenantPrefix()}${at.roles}`)}>{t('shell.endViewing')}</Button>
    </div>
  )
}
