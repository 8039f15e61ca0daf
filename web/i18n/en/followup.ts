import type { zh } from '../zh/index.ts'

export const followup: Record<keyof typeof zh.followup, string> = {
  add: 'Add follow-up', short: 'Follow up', call: 'Call', callNamed: 'Call {name}', dialHere: 'Dial from here', noteCall: 'Note the result', result: 'Result', nextAt: 'Next contact', resource: 'Support needed', note: 'Note', noteHint: 'What was said and promised', must: 'Choose one', tomorrow: 'Tomorrow morning', afterTomorrow: 'In two days', nextMonday: 'Next Monday', otherTime: 'Another time',
  saved: 'Follow-up with {name} kept, next contact {when}', keys: '⌘/Ctrl + Enter saves', notConfigured: 'No object for follow-ups is configured yet; add one under “Objects and fields”.', whom: 'With whom?', whomHint: 'Name, company, end of the phone number', nobody: 'Nobody found', typeName: 'Type a name',
}
