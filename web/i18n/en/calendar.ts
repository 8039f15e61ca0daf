import type { Words } from '../index.ts'
import type { zh } from '../zh/index.ts'

export const calendar: Words<typeof zh>['calendar'] = {
  title: 'Schedule', create: 'New event', view: 'View', view_day: 'Day', view_week: 'Week', view_month: 'Month', view_agenda: 'Agenda', agenda: 'Agenda', earlier: 'Earlier', later: 'Later', whose: 'Whose schedule', busy: 'Busy', off: 'Off: ', worked: 'Worked', moveHint: 'Drag to move; with the keyboard Alt and the arrows move, Shift as well changes the length',
  more: '{n} more', openDay: 'Open {day}', empty: 'Nothing in these days', emptyHelp: 'Create an event, or draw one in the week', moved: '“{name}” moved to {at}', saved: '“{name}” saved', cancelEvent: 'Cancel event', openRecord: 'Open the whole record', turned: 'It must end after it starts', conflict: '{name} is taken {from}–{to}: {what}', monthOf: '{year}-{month}', followUps: 'Follow-ups agreed',
  working: 'Working calendar', workingHint: 'Deadlines in working time follow it', week: 'Working hours', weekHint: 'What “8 working hours” and “3 working days” mean', weekdays: 'Days worked each week', opens: 'From', closes: 'To', save: 'Save and apply',
  years: 'Holidays and shifted workdays', yearsHint: 'As announced by the State Council; a year of your own stands before it', addYear: 'Enter a year', takeYear: 'Use it', ownYear: 'Entered here', shifted: 'Worked at weekends:', removeYear: 'Remove the entry for {year}',
  notice: 'Text of the notice', noticeHelp: 'Paste the State Council’s notice as published (Chinese); holidays and shifted workdays are read from it', noticeUnread: 'No holidays were found: paste the notice with its title and every holiday',
  missing: 'Holidays of {years} have not been entered: working days there are counted by weekdays only', mend: 'Enter them', unannounced: 'holidays of {years} were not known: counted by weekdays',
}
