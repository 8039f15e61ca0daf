import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tenantPrefix } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { ago } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { grouped, markRead, placeOf, tabQuery, type Notice, type NoticeGroup, type Wanted } from '../../features/notifications/query.ts'
import { t } from '../../i18n/index.ts'
import { Chips } from '../frame/chips.tsx'
import { drawnHere } from '../frame/desktop.ts'
import { usePull } from '../frame/pull.tsx'
import { Link } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import { p } from '../words/index.ts'
import css from './own.module.css'

/** What came in: same things together, the newest first; pressed, the record. */
export default function Inbox() {
  const [which, setWhich] = useState<Wanted['which']>('all')
  const { data, error, refetch } = useQuery(tabQuery(which))
  const pull = usePull(refetch)
  const unread = data?.unread ?? 0
  return (
    <Screen title={p('inbox')} hint={unread > 0 ? `${unread} ${t('notifications.unread')}` : undefined} acts={unread > 0 && <Button look="quiet" onClick={() => void markRead({ all: true }, true)}>{p('allRead')}</Button>} below={<Chips label={p('inbox')} value={which} onPick={setWhich} options={[{ value: 'all', label: t('common.all') }, { value: 'unread', label: t('notifications.unread') }, { value: 'mention', label: t('notifications.mine') }]} />}>
      {pull}
      <Panel label={p('inbox')}>
        {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={6} height={68} /> : data.items.length === 0
          ? <Empty icon="bell" title={t('notifications.empty')}>{t('notifications.emptyHelp')}</Empty>
          : <ul>{grouped(data.items).map((group) => <Group key={group.key} group={group} />)}</ul>}
      </Panel>
    </Screen>
  )
}

/** The newest of its kind; the others of that day one press away, each leading to its own record and read by itself. */
function Group({ group }: { group: NoticeGroup }) {
  const [open, setOpen] = useState(false)
  const [latest, ...others] = group.items
  const unread = others.filter(({ readAt }) => readAt === null).length
  return (
    <>
      {latest && <Row notice={latest} />}
      {others.length > 0 && <li><button type="button" className={css.others} aria-expanded={open} onClick={() => setOpen(!open)}>{open ? p('fold') : t('notifications.more', { n: others.length })}{!open && unread > 0 && <span className="hint">{p('unreadOf', { n: unread })}</span>}<Icon name={open ? 'up' : 'down'} /></button></li>}
      {open && others.map((notice) => <Row key={notice.id} notice={notice} />)}
    </>
  )
}

function Row({ notice }: { notice: Notice }) {
  const unread = notice.readAt === null
  const read = () => { if (unread) void markRead({ ids: [notice.id] }) }
  const inside = (
    <>
      <i className={css.dot} data-unread={unread}>{unread && <span className="sr">{t('notifications.unread')}</span>}</i>
      <span className={css.text}><span className={css.title}>{notice.title}</span>{notice.body && <span className={css.body}>{notice.body}</span>}</span>
      <time className="hint" dateTime={notice.at}>{ago(notice.at)}</time>
    </>
  )
  const to = placeOf(notice)
  // What only the desktop draws is opened as a page of its own.
  if (to && !drawnHere(to)) return <li><a href={tenantPrefix() + to} className={css.notice} data-unread={unread} onClick={read}>{inside}</a></li>
  return <li>{to ? <Link to={`${to}${notice.anchor ? `?item=${notice.anchor}` : ''}`} className={css.notice} data-unread={unread} onClick={read}>{inside}</Link> : <button type="button" className={css.notice} data-unread={unread} onClick={read}>{inside}</button>}</li>
}
