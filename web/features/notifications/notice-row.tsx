import { Link } from '@tanstack/react-router'
import { at } from '../../app/paths.ts'
import { ago, clockTime } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './notices.module.css'
import { markRead, type NoticeGroup } from './query.ts'

export function NoticeRow({ group, onOpen }: { group: NoticeGroup; onOpen?: () => void }) {
  const { latest, others, unread } = group
  const go = () => { void markRead({ ids: unread }); onOpen?.() }
  const inside = (
    <>
      <i className={css.dot} data-unread={unread.length > 0}>{unread.length > 0 && <span className="sr">{t('notifications.unread')}</span>}</i>
      <span className={css.text}><b>{latest.title}</b>{latest.body && <span className={css.body}>{latest.body}</span>}{others > 0 && <span className="hint">{t('notifications.more', { n: others })}</span>}</span>
      <time className="hint" dateTime={latest.at} title={clockTime(latest.at)}>{ago(latest.at)}</time>
    </>
  )
  return <li>{latest.object && latest.record ? <Link to={at.record(latest.object, latest.record)} className={css.notice} onClick={go}>{inside}</Link> : <button type="button" className={css.notice} onClick={go}>{inside}</button>}</li>
}
