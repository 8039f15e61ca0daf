import { links } from '#channels/link'
import { linkAt, noteOpening } from '#kernel/journey'
import { ids, type OpenDatabase } from '#platform/db'
import { tenantOf } from '../api/index.ts'

/** The addresses of tracking links, with the room that keeps what visitors do. */
export function trackingLinks(db: OpenDatabase, onTrouble: (error: unknown, tenant: { key: string }) => void): ReturnType<typeof links> {
  return links({
    tenantOf: (request) => tenantOf(db, request),
    linkAt: (tenant, token) => db.read(tenant, (tx) => linkAt(tx, token)),
    noteOpening: (tenant, link, opening) => db.mutate(tenant, (tx) => noteOpening(tx, link, opening, ids.next)),
    onTrouble,
  })
}
