import type { zh } from '../zh/index.ts'

export const workbench: Record<keyof typeof zh.workbench, string> = {
  title: 'Today', boards: 'Dashboards', home: 'Home', late: 'Late hours, {name}', morning: 'Good morning, {name}', noon: 'Good day, {name}', afternoon: 'Good afternoon, {name}', evening: 'Good evening, {name}',
  count: '{count}', countHot: '{count}, {hot} nearly late', countItems: '{count}', seeAll: 'See all', others: '{n} more', allUnassigned: 'All unassigned', assign: 'Assign', heldBy: 'Owner {name}',
  todayEmpty: 'Nobody to contact today', todayEmptyHelp: 'New leads appear here the moment they are yours.', behavioursEmpty: 'Nothing new from customers', behavioursEmptyHelp: 'Page views, downloads and returning forms appear here.', unfinishedEmpty: 'Yesterday is done', unfinishedEmptyHelp: 'Overdue tasks stay here until they are done.',
  panorama: 'Customer panorama', panoramaFind: 'Name, contact or phone (last four digits will do)', panoramaStart: 'Somebody calling? Type a name or a phone', panoramaStartHelp: 'Contacts, recent communication, behaviour, open tickets and orders on one card.', panoramaNone: 'Nobody found', panoramaNoneHelp: 'Try another spelling, or the last four digits of the phone.', openRecord: 'Open the record', nothingHere: 'None',
  tasksEmpty: 'No tasks', tasksEmptyHelp: 'Tasks given to you appear here by their due time.', waitingEmpty: 'Nothing waits for you', waitingEmptyHelp: 'Approvals and requests handed to you appear here.', month: 'This month', done: '{percent}% reached', noTarget: 'Not set',
  assignEmpty: 'Nothing to assign or nearly late', assignEmptyHelp: 'Leads that nobody can take and follow-ups close to their limit appear here.', stuckEmpty: 'Nothing escalated or stuck', stuckEmptyHelp: 'Leads without follow-up for 72 hours come here.', auditEmpty: 'Nothing to look into', auditEmptyHelp: 'Unusual changes appear here.',
  forWhom: 'for {name}',
}
