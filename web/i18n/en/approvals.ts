import type { zh } from '../zh/index.ts'

export const approvals: Record<keyof typeof zh.approvals, string> = {
  title: 'Waiting for my word', hint: 'A rule has come this far and waits for you; it goes on as you say', one: 'An approval', waiting: 'Waiting for me', done: 'Over', none: 'Nothing waits for you', noneHelp: 'When a rule asks for your word you are told, and it stands here.', state_waiting: 'waiting', state_approved: 'approved', state_refused: 'refused', state_late: 'too late',
  about: 'What it is about', body: 'Details', record: 'Record', rule: 'Rule', askedAt: 'Asked', until: 'Until', asked: 'Who is asked', decidedBy: 'Decided by', agree: 'Approve', refuse: 'Refuse', agreed: 'Approved; the rule goes on', refused: 'Refused', note: 'Note (optional)', decideHint: 'It cannot be changed afterwards, and is kept in the audit', instead: '{name} is away; you stand in', openRecord: 'Open the record', forWhom: 'for {name}', unseenDone: 'You may not see this record, or it was deleted.', unseen: 'You may not see this record, so you cannot decide about it; let somebody decide who can.',
}
