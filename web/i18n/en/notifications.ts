import type { zh } from '../zh/index.ts'

export const notifications: Record<keyof typeof zh.notifications, string> = {
  title: 'Notifications', bell: 'Notifications, {n} unread', unread: 'Unread', readAll: 'Mark all as read', empty: 'No notifications', emptyHelp: 'Leads given to you, reminders and escalations appear here.', all: 'All notifications', more: '{n} more like this',
  mine: 'Mentions', kind: 'Kind', anyKind: 'All kinds', search: 'Search notifications', noneFound: 'Nothing matches', noneFoundHelp: 'Try another kind or other words.', readOne: 'Mark as read', readGroup: 'Mark these {n} as read', marked: 'Marked as read',
  settings: 'Notification settings', settingsHelp: 'Inside the product you are told at once; mail can be switched on kind by kind.', inside: 'In app', mail: 'Mail', insideOf: '{kind}: in app', mailOf: '{kind}: mail', noMail: 'Mail is not connected here yet; letters wait until it is.', noAddress: 'You have no e-mail address yet; letters come once you have one.',
  quiet: 'Quiet hours', quietHelp: 'Mail waits until they end; nothing is lost.', quietOn: 'Keep quiet hours', from: 'From', to: 'To', restDays: 'Also on days off (by the working calendar)', digest: 'Daily mail', digestHelp: 'One letter a day with what you have not read by then; none when you have read everything.', digestOn: 'Send it every day', digestAt: 'Sent at', zone: 'Time zone', zoneOfCompany: 'As the company ({zone})',
}
