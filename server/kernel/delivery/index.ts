export type * from './types.ts'
export { announceNotices, groupedNotices, insertNotices, markRead, noticesJson, noticesOf, tell, type Told, unreadCount, watchNotices, type NoticeGroup, type NoticeQuery } from './notices.ts'
export { holdRule, insertOutbox, lease, type Leased, nextDue, outboxJson, outboxOf, type OutboxRow, post, retry, settle, type Settlement } from './outbox.ts'
export { type Channels, dispatch, settlementOf } from './dispatcher.ts'
