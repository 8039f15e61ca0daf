import type { zh } from '../zh/index.ts'

export const common: Record<keyof typeof zh.common, string> = {
  product: 'Nextmove', close: 'Close', cancel: 'Cancel', save: 'Save', done: 'Done', undo: 'Undo', delete: 'Delete', edit: 'Edit', copy: 'Copy', copied: 'Copied', retry: 'Retry', remove: 'Remove',
  required: 'Required', search: 'Search', choose: 'Choose', chooseDate: 'Choose a date', clear: 'Clear', clearNamed: 'Clear {name}', removeNamed: 'Remove “{name}”', createNamed: 'Create “{name}”', noMatch: 'Nothing matches', loading: 'Loading',
  today: 'Today', time: 'Time', previousMonth: 'Previous month', nextMonth: 'Next month', yes: 'Yes', no: 'No', none: 'None', all: 'All',   failed: 'That did not work', tryAgain: 'Try again shortly', requestId: 'Number', sentenceGap: '. ', listGap: ', ', offline: 'You are offline; the page refreshes once the network is back', serverAway: 'The service is briefly away; trying again',
  saved: 'Saved', savedLive: 'Saved and live', deleted: 'Deleted “{name}”', loadMore: 'Load more', people: '{n} people', rows: '{n} records', rowsMany: '{n}+ records',
  leaveTitle: 'Not saved yet', leaveHelp: 'Leaving loses what you changed.', leave: 'Leave without saving', notFound: 'No such page', notFoundHelp: 'The link may be out of date, or not yours to see.', toHome: 'Go home', broken: 'This page failed', brokenHelp: 'What you typed may not have been saved. Reload and try again.', reload: 'Reload',
  comma: ', ', colon: ': ', lessText: 'Show less', wholeText: 'Show all', stop: '.', version: 'Version {n}', newVersion: 'The product was updated', quote: '“{text}”', system: 'System', unknownMember: 'Former member', noRight: 'No access', noRightHelp: 'This page needs the right “{right}”. Ask an administrator.',
}
