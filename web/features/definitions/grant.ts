import type { ObjectAccess, Role } from '#language/definitions'
import { putDefinition, type Definition } from '../../api/definitions.ts'

/** shared: everybody reads and edits all. owned: one's own, and for those who lead a team, the team's. */
export type Sharing = 'shared' | 'owned'

const EVERYTHING: ObjectAccess = { read: 'all', create: 'all', edit: 'all', delete: 'all', export: 'all', transfer: 'all' }

export function accessFor(role: Role, sharing: Sharing): ObjectAccess {
  if (role.rights.includes('definitions')) return EVERYTHING
  if (sharing === 'shared') return { read: 'all', create: 'all', edit: 'all' }
  return role.home === 'team' ? { read: 'teamTree', create: 'teamTree', edit: 'teamTree', transfer: 'teamTree' } : { read: 'own', create: 'own', edit: 'own' }
}

/** An object that no role names does not exist for anybody: so a new one is opened to the roles that were chosen. */
export async function openTo(roles: readonly Definition<'role'>[], object: string, sharing: Sharing): Promise<void> {
  for (const { key, body, version } of roles) await putDefinition('role', { key, body: { ...body, objects: { ...body.objects, [object]: accessFor(body, sharing) } }, expectVersion: version })
}
