import type { zh } from '../zh/index.ts'

export const shifts: Record<keyof typeof zh.shifts, string> = {
  nowOn: 'On duty now', nobodyNow: 'Nobody is on duty now', mine: 'My shifts', noneOfMine: 'You are not on duty this week', until: 'until {time}', call: 'Call', callNamed: 'Call {name}', noPhone: 'No phone',
  title: 'Rota', hint: 'Who is on duty when; rules and assignment go by it', earlier: 'Week before', later: 'Week after', thisWeek: 'This week', copy: 'Copy to next week', copied: '{n} shifts copied to next week', nothingToCopy: 'Next week has them already',
  addOn: 'Shift on {day}', nobody: 'nobody', gaps: 'Nobody on duty', gap: '{day} {from}–{to} without {duty}', gapAny: '{day} {from}–{to} nobody on duty', full: 'Somebody is on duty in all working hours of the week', more: '{n} more', empty: 'No shifts in this week', emptyHelp: 'Press the plus of a day, or copy the week before.', removed: 'Shift of {name} called off', saved: '{name} is on duty', from: 'From', to: 'Until', nextDay: 'next day', edit: '{name} {from}–{to}', week: '{from} – {to}', rota: 'Rota',
}
