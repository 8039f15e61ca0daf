import type { zh } from '../zh/index.ts'

export const backups: typeof zh.backups = {
  title: 'Backups', hint: 'A whole backup every night at two, proved by loading it; the last 14 are kept', state: 'Now', fine: 'Fine', late: 'Too old', none: 'None yet', lateHelp: 'No good backup for 26 hours. Look at disk space and the server’s log, then make one now.', newest: 'Newest', loss: 'At most lost', lossHours: '{n} hours of work (since the last backup)', restore: 'How to restore', restoreHelp: 'On the server: {command} and the folder of the backup. Messages and timers that are due wait until you let them go; people who were erased since are erased again.',
  make: 'Back up now', making: 'Being made', begun: 'Begun; it appears below when it is done', all: 'All backups', rows: '{n} rows', other: 'The database is your own server’s', otherHelp: 'No backups are made here: use the tools of your database, and try a restore now and then.',
}
