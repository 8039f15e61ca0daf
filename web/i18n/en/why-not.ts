import type { zh } from '../zh/index.ts'

export const whyNot: Record<keyof typeof zh.whyNot, string> = {
  title: 'Why nothing happened', hint: 'Choose a record and see why this rule left it alone', show: 'What was missing for {name}', needs: 'needed', saw: 'it was', hidden: 'One part looks at a field that you may not see', onlyThis: 'only this was missing', enough: 'this alone would have been enough', empty: 'No rule looks at it', did: 'What happened', didNot: 'What did not',
  kind_pilot: 'in pilot', kind_other_team: 'another department', kind_own_pause: 'Paused by its owner', kind_ran: 'has run', kind_off: 'off', kind_broken: 'cannot run', kind_other_object: 'other object', kind_never: 'never happened', kind_cause: 'not answered', kind_form: 'another form', kind_before: 'before it was on', kind_no_date: 'no date', kind_not_due: 'not due', kind_condition: 'condition', kind_holds: 'should have run',
}
