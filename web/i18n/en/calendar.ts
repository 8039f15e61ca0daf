import type { Words } from '../index.ts'
import type { zh } from '../zh/index.ts'

export const calendar: Words<typeof zh>['calendar'] = {
  working: 'Working calendar', workingHint: 'Deadlines in working time follow it', week: 'Working hours', weekHint: 'What “8 working hours” and “3 working days” mean', weekdays: 'Days worked each week', opens: 'From', closes: 'To', save: 'Save and apply',
  years: 'Holidays and shifted workdays', yearsHint: 'As announced by the State Council; a year of your own stands before it', addYear: 'Enter a year', takeYear: 'Use it', ownYear: 'Entered here', shifted: 'Worked at weekends:', removeYear: 'Remove the entry for {year}',
  notice: 'Text of the notice', noticeHelp: 'Paste the State Council’s notice as published (Chinese); holidays and shifted workdays are read from it', noticeUnread: 'No holidays were found: paste the notice with its title and every holiday',
  missing: 'Holidays of {years} have not been entered: working days there are counted by weekdays only', mend: 'Enter them', unannounced: 'holidays of {years} were not known: counted by weekdays',
}
