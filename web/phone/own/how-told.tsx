import { at } from '../../app/paths.ts'
import { NoticeSettings } from '../../features/notifications/settings.tsx'
import { t } from '../../i18n/index.ts'
import { Screen } from '../frame/screen.tsx'

export default function HowTold() {
  return <Screen title={t('notifications.settings')} backTo={at.account} small><NoticeSettings untitled /></Screen>
}
