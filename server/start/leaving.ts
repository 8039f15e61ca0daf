import { type EnterpriseDoor, OidcFailed, REMEMBERED, signOutDoor } from '#channels/oidc'
import { leftThere, noteUnproven, providerInUse } from '#kernel/members'
import type { OpenDatabase } from '#platform/db'
import { tenantOf } from '../api/index.ts'

/** The address at which a provider of company accounts says who has left it, with the room that ends their sessions. */
export const leavingThere = (db: OpenDatabase, door: EnterpriseDoor): ReturnType<typeof signOutDoor> => signOutDoor({
  tenantOf: (request) => tenantOf(db, request),
  leave: async (tenant, key, token, facts) => {
    const provider = await db.read(tenant, (tx) => providerInUse(tx, { key }))
    if (!provider) return false
    const said = await door.heard(provider, token, Math.floor(Date.now() / 1000)).catch(async (error: unknown) => {
      if (error instanceof OidcFailed && error.kind === 'unproven') await db.mutate(tenant, (tx) => noteUnproven(tx, { name: provider.name, reason: error.message }, facts))
      throw error
    })
    return db.mutate(tenant, (tx) => leftThere(tx, provider, { ...said, seconds: REMEMBERED }))
  },
})
