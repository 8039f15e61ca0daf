import { at } from '../../app/paths.ts'
import { OwnAutomation as Settled } from '../../features/own-automation/own-automation.tsx'
import { t } from '../../i18n/index.ts'
import { Screen } from '../frame/screen.tsx'
import css from './own.module.css'

export default function OwnAutomation() {
  return <Screen title={t('ownAutomation.title')} backTo={at.account} small><div className={css.stack}><p className="hint">{t('ownAutomation.hint')}</p><Settled /></div></Screen>
}
