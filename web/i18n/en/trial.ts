import type { zh } from '../zh/index.ts'

export const trial: Record<keyof typeof zh.trial, string> = {
  title: 'Replay', hint: 'Try it on what really happened: what people did stays as it was, what rules do is worked out again; nothing is written or sent', start: 'Try it on the last {days} days', stop: 'Stop', length: 'How many days', days: '{days} days', running: 'Replaying', reading: 'Reading the log {percent}%', stale: 'The rule has changed since; this is what it was before',
  same: 'No difference from today', differs: '{count} records would differ', fired: 'This rule: {now} times as it is, {asIf} times as drafted', read: 'Read {read} changes of {records} records in {seconds} s. What really happened followed the rules of then; how people would have reacted is not guessed.',
  totals: 'How often each thing is done', what: 'What', actual: 'Really', now: 'As it is', asIf: 'As drafted', difference: 'Difference', none: 'none',
  what_tag: 'Tags added', what_untag: 'Tags removed', what_owner: 'Assigned', what_nobody: 'Nobody available', what_create: 'Records made', what_set: 'Fields set', what_grade: 'Grades', what_update: 'Related records', what_notify: 'Messages to members', what_message: 'Messages to customers', what_webhook: 'Posts',
  members: 'Whose work changes', member: 'Member', assigned: 'Assigned', open: 'Holding at the end', messages: 'Messages', allMembers: 'All {count} members',
  records: 'Records that differ', show: 'What differs for {name}', onlyNewest: 'The newest {shown} of {total}', wouldHave: 'What would differ', really: 'What really happened', nothingReally: 'Nothing else in this time',
  more: 'more:', less: 'no longer:', moved: 'moved:', at: '{when}', was: 'was {when}', sooner: '{length} sooner, {when}', later: '{length} later, {when}',
  does_tag: 'tag {name}', does_untag: 'untag {name}', does_owner: 'to {name}', does_nobody: 'nobody available', does_create: 'new {name}', does_set: '“{name}”', does_grade: 'grade {name}', does_update: '{name}', does_notify: 'tell {name}', does_message: 'message ({name})', does_webhook: 'post {name}',
}
