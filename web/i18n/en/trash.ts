import type { zh } from '../zh/index.ts'

export const trash: Record<keyof typeof zh.trash, string> = {
  title: 'Trash', right: 'Delete', hint: 'Deleted records stay here; brought back they are as they were', empty: 'No deleted {name}', emptyHelp: 'What was deleted is listed here: by whom, when and why.', by: '{who} deleted {n}', restore: 'Restore', restoreNamed: 'Restore “{name}”', restoreAll: 'Restore all {n}', left: '{n} days left', restored: 'Restored {what}', held: '{n} not deleted: too many for one person, {names} asked to agree', heldNobody: '{n} not deleted: too many for one person, a second has to agree',
}
