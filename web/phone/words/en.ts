import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  home: 'Today', back: 'Back', empty: 'Empty', next: 'Next', follow: 'Follow-ups', inbox: 'Inbox', mine: 'Me', tabs: 'Main navigation', unreadTab: 'Inbox, {n} unread', askedTab: 'Me, {n} to decide', objects: 'All objects', more: 'More', new: 'New', newRelated: 'New related record', newNamed: 'New {name}',
  showFields: 'Show {n} more fields', showRest: 'Show {n} more', fold: 'Show fewer', pullTo: 'Pull to refresh', release: 'Release to refresh', refreshing: 'Refreshing', askWhom: 'Follow up with whom?', recent: 'To contact today', searchAll: 'Find customers, leads, deals',
  followUp: 'Follow up: {name}', afterCall: 'You just called {phone}', afternoon: 'This afternoon', tomorrow: 'Tomorrow morning', afterTomorrow: 'In two days', monday: 'Next Monday', custom: 'Pick a time', hints: '{date}', restored: 'What you had not sent is back', noteAdd: 'Add a note', save: 'Save follow-up', still: 'Still needed: {what}',
  queued: 'No network: the follow-up is kept on this phone and sent when you are back online', waiting: 'Follow-ups waiting to be sent: {n}', sendNow: 'Send now', saved: 'Followed up {name}, next {when}', refusedTitle: 'The follow-up was not saved',
  theme: 'Appearance', language: 'Language', signOutAsk: 'You will have to sign in again', switchRole: 'Switch role', desktop: 'Desktop version', desktopHelp: 'Configuration, rules and reports', mainFields: 'These first', moreFields: 'More fields ({n})', toRecord: 'Open', chooseNone: 'Leave empty',
  assignTo: 'Assign {name} to', searchHere: 'Search in {name}', cancelSearch: 'Cancel', sections: 'On this page', noPhone: 'No phone', earlierShown: 'Earlier', timeLeft: 'Due', allRead: 'Mark all read', profile: 'Profile', demoData: 'Demo data', end: 'That is all', unreadOf: '{n} unread', calendarEmpty: 'Press the button below, or look further ahead', checkIt: 'Have a look',
}
