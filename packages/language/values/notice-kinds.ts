/** What a message is about, as members sort and switch it. `says`: the kinds that messages carry; `*` stands for any beginning or ending. */
export const NOTICE_KINDS = [
  { key: 'assigned', label: { zh: '分配给我', en: 'Assigned' }, says: ['assigned', 'new_*', 'transferred', 'handover'] },
  { key: 'escalated', label: { zh: '升级与预警', en: 'Escalated' }, says: ['escalated', 'escalation', 'red_alert', 'nobody_available'] },
  { key: 'reminder', label: { zh: '到期提醒', en: 'Reminders' }, says: ['reminder', '*_reminder'] },
  { key: 'mention', label: { zh: '@我的', en: 'Mentions' }, says: ['mention'] },
  { key: 'comment', label: { zh: '评论', en: 'Comments' }, says: ['comment', 'followed_comment'] },
  { key: 'follow', label: { zh: '关注的动态', en: 'Followed' }, says: ['follow', 'followed_change'] },
  { key: 'approval', label: { zh: '审批与申请', en: 'Approvals' }, says: ['approval', 'approval_*', 'unlock'] },
  { key: 'audit', label: { zh: '风险与审计', en: 'Risk and audit' }, says: ['audit', 'risk'] },
  { key: 'system', label: { zh: '系统', en: 'System' }, says: ['system', 'parked'] },
  { key: 'other', label: { zh: '其他', en: 'Other' }, says: ['*'] },
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]['key']

/** Where a message of this kind belongs; the first that says it. */
export const noticeKind = (kind: string): NoticeKind => NOTICE_KINDS.find(({ says }) => says.some((said) => fits(said, kind)))!.key

function fits(said: string, kind: string): boolean {
  if (said.endsWith('*')) return kind.startsWith(said.slice(0, -1))
  return said.startsWith('*') ? kind.endsWith(said.slice(1)) : said === kind
}
