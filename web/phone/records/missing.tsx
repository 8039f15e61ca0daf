import { at } from '../../app/paths.ts'
import { Empty, Panel } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { Link } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'

export const Missing = ({ title = t('common.notFound'), help = t('common.notFoundHelp') }: { title?: string; help?: string }) => (
  <Screen title={title} backTo={at.home}><Panel><Empty icon="search" title={title} act={<Link to={at.home} className="link">{t('common.toHome')}</Link>}>{help}</Empty></Panel></Screen>
)
