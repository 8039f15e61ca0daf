import type { zh } from '../zh/index.ts'

export const layouts: Record<keyof typeof zh.layouts, string> = {
  title: 'Page layout', hint: 'Groups, order and visibility of fields on the record page and in the create form, by role', toFields: 'Back to fields', add: 'Another for some roles', forRoles: 'By role', fresh: 'New layout', everybody: 'Everybody', whom: 'For whom', roles: 'Roles', rolesHelp: 'None: everybody without a layout of their own. Who has several roles gets the first that fits',
  groups: 'Groups and order', notSecurity: 'Hiding keeps a page tidy; it is no right: lists, exports and the API still show the field. To keep it secret, hide it under Roles', newGroup: 'New group', groupName: 'Name of the group', emptyGroup: 'Draw fields here; an empty group is dropped when saved', onPage: 'Record page', onCreate: 'Create form', onPageNamed: 'Show {name} on the record page', onCreateNamed: 'Show {name} in the create form',
  hints: 'Hints by stage', hintsHelp: 'A sentence at the top of the page while the record has this value', hintField: 'By which field', noHint: 'No hint', preview: 'Preview',
}
