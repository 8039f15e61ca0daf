import type { zh } from '../zh/index.ts'

export const reweigh: Record<keyof typeof zh.reweigh, string> = {
  title: 'What these weights would have made of the past', hint: 'Taken again with the candidates and loads of then, as you slide; nothing is written, and nobody’s reactions are guessed', none: 'Nothing was assigned in this time.',
  same: '{decisions} assignments, all as they went', moved: 'Of {decisions} assignments, {moved} would go to somebody else ({share})',
  measures: 'The two compared', measure: 'Measure', actual: 'As it went', asIf: 'This way', fairness: 'Fairness', fairnessHelp: 'How alike everybody’s share of what they may hold is: 100 % is quite alike', half: 'Waited for an owner (most)', most: 'Waited for an owner (slowest tenth)', nobody: 'Nobody could take it', byCompleteness: 'Level, decided by completeness', byCompletenessHelp: 'Only assignments that kept it then can tell',
  members: 'Who receives how much', received: 'Received', peak: 'Highest load', elsewhere: 'Records that would go elsewhere', nobodyShort: 'nobody', onlyOf: 'Only {name}',
  took: '{decisions} assignments taken again in {seconds} s', cut: 'The latest {decisions} only, in {seconds} s', seconds: '{n} s', minutes: '{n} min', hours: '{n} h', days: '{n} days',
}
