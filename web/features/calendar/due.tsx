import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { addDays } from '#language/values'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { clockTime } from '../../design/format.ts'
import { takesFollowUps, activityOf } from '../followup/activity.ts'
import { t } from '../../i18n/index.ts'
import css from './calendar.module.css'
import { dayStart } from './events.ts'

const MOST = 6

/** What is promised in these days beside the events: own follow-ups, the earliest first. */
export function Due({ from, to }: { from: string; to: string }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const activity = activityOf(catalogue)
  const objects = catalogue.objects.filter((object) => object.can.read && takesFollowUps(activity, object.key) && object.field.has('next_contact_at')).slice(0, 3)
  const [low, high] = [new Date(dayStart(from)).toISOString(), new Date(dayStart(addDays(to, 1))).toISOString()]
  const { data } = useQuery({
    queryKey: [...keys.workbench, 'due', low, high],
    queryFn: async () => (await Promise.all(objects.map((object) => call('listRecords', { params: { object: object.key }, query: { filter: { all: [{ field: 'owner', op: 'eq', value: me.id }, { field: 'next_contact_at', op: 'ge', value: low }, { field: 'next_contact_at', op: 'lt', value: high }] }, limit: MOST } })))).flatMap(({ records }) => records)
      .map((record) => ({ id: record.id, object: record.object, title: record.title, at: String(record.values['next_contact_at']) })).sort((a, b) => a.at.localeCompare(b.at)),
  })
  if (!data || data.length === 0) return null
  return (
    <div className={css.due}>
      <span className="hint">{t('calendar.followUps')}</span>
      {data.slice(0, MOST).map((each) => <Link key={each.id} to={at.record(each.object, each.id)} className={css.dueItem}><span className="num">{clockTime(each.at).slice(5)}</span> {each.title}</Link>)}
    </div>
  )
}
