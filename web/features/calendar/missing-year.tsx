import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { t } from '../../i18n/index.ts'
import { calendarQuery } from './query.ts'
import css from './working.module.css'

/** Said to those who can mend it, wherever they begin their day. */
export function MissingYear({ here }: { here?: boolean }) {
  const mends = useCatalogue().can('settings')
  const { data } = useQuery({ ...calendarQuery, enabled: mends })
  if (!mends || !data || data.missing.length === 0) return null
  return (
    <p className={css.warning} role="status">
      <Icon name="alert" /><span className="grow">{t('calendar.missing', { years: data.missing.join(t('common.listGap')) })}</span>
      {!here && <Link to={at.workingCalendar} className="link">{t('calendar.mend')}</Link>}
    </p>
  )
}
