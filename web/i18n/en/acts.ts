import type { zh } from '../zh/index.ts'

export const acts: Record<keyof typeof zh.acts, string> = {
  convertHint: 'Afterwards the source is linked and locked; it can be undone', makeNew: 'New', leaveOut: 'Leave out', joining: 'Joins “{name}”', join: 'Join', joined: 'Joining', joinNamed: 'Join {name}', twins: 'May be there already', sameField: 'same {field}', rowsAlong: '{name}: {n} rows are copied', converted: 'Converted to {what}',
  reason: 'Reason', sure: 'Carry out “{act}”?', carried: '{act}: {n} done', locked: 'This record is locked', lock: 'Lock', unlock: 'Unlock', unlocked: 'Unlocked', lockedNow: 'Locked', askUnlock: 'Ask to unlock', unlockAsked: '{names} have been told', whyUnlock: 'Why it has to be changed',
}
