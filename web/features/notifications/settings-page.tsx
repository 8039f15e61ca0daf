import { Link } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { t } from '../../i18n/index.ts'
import css from '../auth/account.module.css'
import { NoticeSettings } from './settings.tsx'

export default function SettingsPage() {
  return <Page title={t('notifications.settings')} hint={<Link to={at.account} className="link">{t('shell.account')}</Link>}><div className={css.page}><NoticeSettings untitled /></div></Page>
}
