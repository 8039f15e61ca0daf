import type { zh } from '../zh/index.ts'

export const roles: Record<keyof typeof zh.roles, string> = {
  title: 'Roles and rights', hint: 'Every cell is in force at once; what shows anybody more is said first', list: 'Roles', make: 'New role', makeHint: 'Copied from one that is there, then adjusted cell by cell.', name: 'Name of the role', like: 'Copy of', holders: '{n} people', viewAs: 'Look as a member', caption: 'Reach: own includes what is shared with the member; team includes further teams and those they head. Contacts, deals, quotes and the like also follow the view of their customer.',
  object: 'Object', do_read: 'View', do_create: 'Create', do_edit: 'Edit', do_delete: 'Delete', do_export: 'Export', do_transfer: 'Transfer', do_unlock: 'Unlock', scope_none: '—', scope_own: 'own', scope_team: 'team', scope_teamTree: 'team and below', scope_all: 'all',
  narrowed: '{n} fields narrowed', fieldsOf: 'Fields of {name}', allRead: 'read all', allWrite: 'write all', read: 'read', write: 'write', readNamed: 'Read {name}', writeNamed: 'Write {name}',
  rights: 'Administration', right_definitions: 'objects and fields', right_members: 'members and roles', right_rules: 'rules', right_assignment: 'assignment and pools', right_forms: 'sources and forms', right_intake: 'submissions that wait', right_audit: 'audit', right_settings: 'settings',
  saved: 'In force: {name}', widens: '“{name}” will reach further', putInForce: 'Put in force', revertible: 'It can be taken back at any time from the versions.', versionsOf: 'Versions of {name}', backTo: 'Back to this one', firstVersion: 'the first version', colon: ': ', isHidden: 'hidden', isLocked: 'read only', isOpen: 'read and write', moreLines: 'and {n} more',
}
