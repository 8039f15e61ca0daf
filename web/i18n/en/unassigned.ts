import type { zh } from '../zh/index.ts'

export const unassigned: Record<keyof typeof zh.unassigned, string> = {
  title: 'Unassigned', hint: 'Records without an owner, the longest wait first', waits: '{n} unassigned', late: '{n} for more than {hours} hours', none: 'No {object} is unassigned', noneHelp: 'Everything that came in has an owner.',
  all: 'Assign all by policy', allHelp: '“{policy}” chooses for each; the proposals are of this moment', give: 'Give to {name}', giveNamed: 'Give {record} to {name}', next: '{when}, if nobody has it: {what}', nobody: 'Nobody can take it', nobodyHelp: 'choose somebody', existing: 'owns the customer', other: 'Somebody else', otherNamed: 'Choose an owner for {record}', since: 'waits {length}', onlyFirst: 'Only the {n} that wait longest',
  rate: 'Assigned within {hours} hours', rateHelp: 'by the week in which they came in', week: 'Week of {day}', weekText: '{came}, {share} in time', weekNone: 'nothing came in', weekOpen: ', {n} still have time', columnWeek: 'Week', columnCame: 'Came in', columnInTime: 'In time',
}
