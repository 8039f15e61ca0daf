import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Condition } from '#language/conditions'
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
// As the workbench has it.
const TASK = { object: 'task', due: 'due_at', status: 'status', open: 'open' }

/** What is promised in these days beside the events: own follow-ups and open tasks, the earliest first. Its line is there before they are, so that nothing below moves when they come. */
export function Due({ from, to }: { from: string; to: string }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const activity = activityOf(catalogue)
  const objects = catalogue.objects.filter((object) => object.can.read && takesFollowUps(activity, object.key) && object.field.has('next_contact_at')).slice(0, 3)
  const task = catalogue.object(TASK.object)
  const [low, high] = [new Date(dayStart(from)).toISOString(), new Date(dayStart(addDays(to, 1))).toISOString()]
  const { data } = useQuery({
    queryKey: [...keys.workbench, 'due', low, high],
    queryFn: async () => {
      const due = async (object: string, at: string, ...more: Condition[]) => (await call('listRecords', { params: { object }, query: { filter: { all: [{ field: 'owner', op: 'eq', value: me.id }, { field: at, op: 'ge', value: low }, { field: at, op: 'lt', value: high }, ...more] }, limit: MOST } })).records
        .map((record) => ({ id: record.id, object: record.object, title: record.title, at: String(record.values[at]) }))
      const tasks = task?.can.read && task.field.has(TASK.due) && task.field.has(TASK.status) ? [due(task.key, TASK.due, { field: TASK.status, op: 'eq', value: TASK.open })] : []
      return (await Promise.all([...objects.map(({ key }) => due(key, 'next_contact_at')), ...tasks])).flat().sort((a, b) => a.at.localeCompare(b.at))
    },
  })
  return (
    <div className={css.due}>
      <span className="hint">{data?.length === 0 ? t('calendar.noFollowUps') : t('calendar.followUps')}</span>
      {data?.slice(0, MOST).map((each) => <Link key={each.id} to={at.record(each.object, each.id)} className={css.dueItem} title={each.title}><span className="num">{clockTime(each.at).slice(5)}</span><span className="clip">{each.title}</span></Link>)}
    </div>
  )
}
