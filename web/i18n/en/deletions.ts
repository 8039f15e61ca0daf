import type { zh } from '../zh/index.ts'

export const deletions: Record<keyof typeof zh.deletions, string> = {
  title: 'Deletions to agree to', hint: 'When one person deletes very many, a second has to agree first', one: 'Deletion', waiting: 'Waiting', done: 'Decided', none: 'Nothing waits', noneHelp: 'When somebody deletes many records at once, it shows up here.',
  sentence: '{who} wants to delete {n} {name}', state_waiting: 'Waiting', state_agreed: 'Agreed', state_refused: 'Refused', state_withdrawn: 'Withdrawn', limit: 'How many are many', limitBefore: 'Within', limitBetween: 'minutes more than', limitAfter: 'deletions by one person need a second', minutes: 'Minutes', records: 'Records',
  limitSaved: 'Saved', limitIs: 'More than {records} deletions by one person within {minutes} minutes need a second.', evidence: 'Evidence', asker: 'Who', askedAt: 'When', count: 'How many', countEarlier: '{n}, after {earlier} in the minutes before', decidedBy: 'Decided by', nothingGone: 'Nothing is deleted until somebody agrees.',
  which: '{name} that would go', first: 'the first {n}', unseen: '{n} more that you cannot see or that are gone', agree: 'Delete {n}', refuse: 'Refuse', agreeHint: 'Done in the name and with the rights of whoever asked; everything can be brought back at once', refuseHint: 'Nothing is deleted; whoever asked is told why', agreed: '{n} deleted', agreedLeft: '{n} deleted, {left} left', refused: 'Nothing was deleted',
  withdraw: 'Withdraw', withdrawn: 'Withdrawn', back: 'Bring all {n} back',
}
