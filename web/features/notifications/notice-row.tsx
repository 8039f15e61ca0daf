import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { at } from '../../app/paths.ts'
import { ago, clockTime } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './notices.module.css'
import { markRead, type Notice, type NoticeGroup } from './query.ts'

/** The newest of its kind; the others of that day one press away, each leading to its own record. */
export function NoticeRow({ group, onOpen }: { group: NoticeGroup; onOpen?: () => void }) {
  const [open, setOpen] = useState(false)
  const [latest, ...others] = group.items
  return (
    <>
      {latest && <One notice={latest} onOpen={onOpen} />}
      {others.length > 0 && <li><button type="button" className={css.others} aria-expanded={open} onClick={() => setOpen(!open)}>{open ? t('shell.less') : t('notifications.more', { n: others.length })}</button></li>}
      {open && others.map((notice) => <One key={notice.id} notice={notice} onOpen={onOpen} />)}
    </>
  )
}

function One({ notice, onOpen }: { notice: Notice; onOpen: (() => void) | undefined }) {
  const unread = notice.readAt === null
  const go = () => { if (unread) void markRead({ ids: [notice.id] }); onOpen?.() }
  const inside = (
    <>
      <i className={css.dot} data-unread={unread}>{unread && <span className="sr">{t('notifications.unread')}</span>}</i>
      <span className={css.text}><b>{notice.title}</b>{notice.body && <span className={css.body}>{notice.body}</span>}</span>
      <time className="hint" dateTime={notice.at} title={clockTime(notice.at)}>{ago(notice.at)}</time>
    </>
  )
  return <li>{notice.object && notice.record ? <Link to={at.record(notice.object, notice.record)} {...(notice.anchor && { search: { item: notice.anchor } as never })} className={css.notice} onClick={go}>{inside}</Link> : <button type="button" className={css.notice} onClick={go}>{inside}</button>}</li>
}
