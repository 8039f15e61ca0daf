import { NOTICE_KINDS } from '#language/values'
import type { Told } from './courier.ts'

/** Addresses of our own pages, for links in letters. */
export interface Addresses { record(object: string, id: string): string; notices: string; settings: string }
interface To { to: string; name: string }
type Letter = { to: string; subject: string; text: string }

/** What a member has just been told; several things in one letter. */
export function letterOf({ to, name }: To, notices: readonly Told[], addresses: Addresses): Letter {
  const subject = notices.length === 1 ? `下一步：${notices[0]!.title}` : `下一步：${notices.length} 条通知`
  return { to, subject, text: [`${name}：`, ...notices.map((each) => paragraph(each, addresses)), foot(addresses)].join('\n\n') }
}

const paragraph = ({ title, body, object, record }: Told, addresses: Addresses): string => [title, body, object && record ? addresses.record(object, record) : addresses.notices].filter(Boolean).join('\n')

const foot = ({ settings }: Addresses): string => `—\n哪些通知发邮件、什么时候不打扰，可以在这里改：\n${settings}`

/** Titles per kind; the rest of a long day is counted. */
const LISTED = 10

/** What a member has not read, by kind. */
export function digestLetter({ to, name }: To, notices: readonly Told[], addresses: Addresses): Letter {
  const groups = NOTICE_KINDS.flatMap(({ key, label }) => { const same = notices.filter(({ family }) => family === key); return same.length === 0 ? [] : [section(label.zh, same, addresses)] })
  return { to, subject: `下一步：今日摘要，${notices.length} 条未读通知`, text: [`${name}：`, `你有 ${notices.length} 条未读通知。`, ...groups, `全部通知：\n${addresses.notices}`, foot(addresses)].join('\n\n') }
}

function section(label: string, notices: readonly Told[], addresses: Addresses): string {
  const lines = notices.slice(0, LISTED).map(({ title, object, record }) => `· ${title}${object && record ? `\n  ${addresses.record(object, record)}` : ''}`)
  return [`【${label}】${notices.length} 条`, ...lines, ...(notices.length > LISTED ? [`· 还有 ${notices.length - LISTED} 条`] : [])].join('\n')
}
