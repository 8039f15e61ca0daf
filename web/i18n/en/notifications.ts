import type { zh } from '../zh/index.ts'

export const notifications: Record<keyof typeof zh.notifications, string> = { title: 'Notifications', bell: 'Notifications, {n} unread', unread: 'Unread', readAll: 'Mark all as read', empty: 'No notifications', emptyHelp: 'Leads given to you, reminders and escalations appear here.', all: 'All notifications', more: '{n} more like this' }
