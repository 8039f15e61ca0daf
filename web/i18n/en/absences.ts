import type { Words } from '../index.ts'
import type { zh } from '../zh/index.ts'

export const absences: Words<typeof zh>['absences'] = {
  title: 'Absences', enter: 'Enter an absence', enterFor: 'Absence of {name}', hint: 'Nothing new is assigned meanwhile; whoever stands in looks after the rest', who: 'Who', why: 'Reason', from: 'From', to: 'To', morning: 'Morning', afternoon: 'Afternoon', standIns: 'Stand-ins', standInsHelp: 'Several are possible; without one, whoever is above stands in', noStandIns: 'Whoever is above',
  span: '{from} to {to}', workdays: '{n} working days', noWork: 'no working time', looksAfter: 'Meanwhile {names} can see and change {n} records, and gets tasks and reminders. It ends by itself.', holdsNothing: 'There are no records to look after. It ends by itself.', entered: 'Absence entered', calledOff: 'Called off', ended: 'Ended early', callOff: 'Call off', endNow: 'End now',
  own: 'My absences', iStandIn: 'I stand in', others: 'Colleagues', none: 'No absences', noneHelp: 'Once one is entered, the stand-in takes over in time.', running: 'Away', planned: 'To come', by: '{names} stands in', awayUntil: 'Away until {when}', awayShort: 'Away', awayBy: '{name} is away until {when}; {names} stands in', standing: 'You are standing in for {name}', standingOf: ': ', standingCount: '{n} × {object}', standingUntil: ', until {when}',
  kind_personal: 'Personal', kind_sick: 'Sick', kind_annual: 'Annual leave', kind_compensatory: 'Time off in lieu', kind_family: 'Family', kind_trip: 'Business trip', kind_training: 'Training', kind_other: 'Other',
}
