import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { Popover } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import css from './notices.module.css'
import { NoticeRow } from './notice-row.tsx'
import { grouped, latestQuery, markRead } from './query.ts'

/** How many are unread; pressed, what they are; pressed again, the record. */
export function Bell() {
  const { data, error, refetch } = useQuery(latestQuery)
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const unread = data?.unread ?? 0
  useLive({ kind: 'notifications' }, () => void queries.invalidateQueries({ queryKey: keys.notifications }))
  return (
    <>
      <Button ref={anchor} icon="bell" className={css.bell} aria-haspopup="dialog" aria-expanded={open} aria-label={t('notifications.bell', { n: unread })} onClick={() => setOpen(!open)}>{unread > 0 ? <span className="num">{unread > 99 ? '99+' : unread}</span> : undefined}</Button>
      {open && (
        <Popover anchor={anchor} side="below-end" label={t('notifications.title')} className={css.panel} onClose={() => setOpen(false)}>
          <header className={css.head}><h2>{t('notifications.title')}</h2><span className="grow" />{unread > 0 && <Button small look="quiet" onClick={() => void markRead({ all: true }, true)}>{t('notifications.readAll')}</Button>}</header>
          <div className={css.list}>
            {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={3} height={58} /> : data.items.length === 0
              ? <Empty icon="bell" title={t('notifications.empty')}>{t('notifications.emptyHelp')}</Empty>
              : <ul>{grouped(data.items).map((group) => <NoticeRow key={group.key} group={group} onOpen={() => setOpen(false)} />)}</ul>}
          </div>
          <footer className={css.foot}><Link to={at.notifications} className="link" onClick={() => setOpen(false)}>{t('notifications.all')}</Link></footer>
        </Popover>
      )}
    </>
  )
}
