import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, IconButton } from '../../design/button.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './notices.module.css'
import { markRead, placeOf, type Notice, type NoticeGroup } from './query.ts'

/** The newest of its kind; the others of that day one press away, each leading to its own record. */
export function NoticeRow({ group, onOpen, acts }: { group: NoticeGroup; onOpen?: () => void; acts?: boolean }) {
  const [open, setOpen] = useState(false)
  const [latest, ...others] = group.items
  return (
    <>
      {latest && <One notice={latest} onOpen={onOpen} acts={acts} />}
      {others.length > 0 && <li className={css.group}><button type="button" className={css.others} aria-expanded={open} onClick={() => setOpen(!open)}>{open ? t('shell.less') : t('notifications.more', { n: others.length })}</button>{acts && group.unread.length > 1 && <Button small look="quiet" onClick={() => void markRead({ group: group.key }, true)}>{t('notifications.readGroup', { n: group.unread.length })}</Button>}</li>}
      {open && others.map((notice) => <One key={notice.id} notice={notice} onOpen={onOpen} acts={acts} />)}
    </>
  )
}

function One({ notice, onOpen, acts }: { notice: Notice; onOpen: (() => void) | undefined; acts: boolean | undefined }) {
  const unread = notice.readAt === null
  const go = () => { if (unread) void markRead({ ids: [notice.id] }); onOpen?.() }
  const to = placeOf(notice)
  const inside = (
    <>
      <i className={css.dot} data-unread={unread}>{unread && <span className="sr">{t('notifications.unread')}</span>}</i>
      <span className={css.text}><b>{notice.title}</b>{notice.body && <span className={css.body}>{notice.body}</span>}</span>
      <time className="hint" dateTime={notice.at} title={clockTime(notice.at)}>{ago(notice.at)}</time>
    </>
  )
  return <li className={css.item}>{to ? <Link to={to} {...(notice.anchor && { search: { item: notice.anchor } as never })} className={css.notice} onClick={go}>{inside}</Link> : <button type="button" className={css.notice} onClick={go}>{inside}</button>}{acts && unread && <IconButton small icon="check" label={t('notifications.readOne')} className={css.readOne!} onClick={() => void markRead({ ids: [notice.id] }, true)} />}</li>
}
