import type { suggestions as zh } from '../zh/suggestions.ts'

export const suggestions: Record<keyof typeof zh, string> = {
  title: 'Suggestions', hint: 'What accounts without the right to write have sent; it becomes a record when somebody takes it, with their rights', open: 'Waiting', done: 'Decided', none: 'Nothing waits', noneHelp: 'New records and changes sent by accounts that may only read appear here.',
  makeNamed: 'Suggest: {name}', change: 'Suggest changes', changeNamed: 'Suggest changes to {name}', changeHelp: 'Write what should stand here; what is different goes to whoever decides. Until it is taken the record stays as it is.', sendSome: 'Send {n} suggestions', send: 'Send suggestion', sent: 'Sent; somebody will look at it', makes: '{who} suggests a new {object}: {name}', changes: '{who} suggests changes to {object}: {name}', state_open: 'waiting', state_taken: 'taken', state_declined: 'not taken',
  reason: 'Remark (optional)', decline: 'Do not take', takeAll: 'Take all', takeSome: 'Take {n} of them', wasTaken: 'Taken: {name}', wasDeclined: 'Not taken: {name}', decidedBy: 'decided by {who} {when}', because: ': ',
}
