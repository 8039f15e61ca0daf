import { Page } from '../../app/page.tsx'
import { t } from '../../i18n/index.ts'
import { OwnAutomation } from './own-automation.tsx'
import css from './own-automation.module.css'

export default function OwnAutomationPage() {
  return <Page title={t('ownAutomation.title')} hint={t('ownAutomation.hint')}><div className={css.page}><OwnAutomation /></div></Page>
}
