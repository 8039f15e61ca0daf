import { useQuery } from '@tanstack/react-query'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { ago } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { grouped, latestQuery, markRead, type NoticeGroup } from '../../features/notifications/query.ts'
import { t } from '../../i18n/index.ts'
import { usePull } from '../frame/pull.tsx'
import { Link } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import { p } from '../words/index.ts'
import css from './own.module.css'

/** What came in: same things together, the newest first; pressed, the record. */
export default function Inbox() {
  const { data, error, refetch } = useQuery(latestQuery)
  const pull = usePull(refetch)
  const unread = data?.unread ?? 0
  return (
    <Screen title={p('inbox')} hint={unread > 0 ? `${unread} ${t('notifications.unread')}` : undefined} acts={unread > 0 && <Button look="quiet" onClick={() => void markRead({ all: true })}>{p('allRead')}</Button>}>
      {pull}
      <Panel label={p('inbox')}>
        {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={6} height={68} /> : data.items.length === 0
          ? <Empty icon="bell" title={t('notifications.empty')}>{t('notifications.emptyHelp')}</Empty>
          : <ul>{grouped(data.items).map((group) => <Notice key={group.key} group={group} />)}</ul>}
      </Panel>
    </Screen>
  )
}

function Notice({ group }: { group: NoticeGroup }) {
  const { latest, others, unread } = group
  const read = () => void markRead({ ids: unread })
  const inside = (
    <>
      <i className={css.dot} data-unread={unread.length > 0}>{unread.length > 0 && <span className="sr">{t('notifications.unread')}</span>}</i>
      <span className={css.text}><span className={css.title}>{latest.title}</span>{latest.body && <span className={css.body}>{latest.body}</span>}{others > 0 && <span className="hint">{t('notifications.more', { n: others })}</span>}</span>
      <time className="hint" dateTime={latest.at}>{ago(latest.at)}</time>
    </>
  )
  return <li>{latest.object && latest.record ? <Link to={at.record(latest.object, latest.record)} className={css.notice} data-unread={unread.length > 0} onClick={read}>{inside}</Link> : <button type="button" className={css.notice} data-unread={unread.length > 0} onClick={read}>{inside}</button>}</li>
}
