import { webForm } from '#channels/web-form'
import { resolveContacts } from '#kernel/identity'
import { openIntake } from '#kernel/intake'
import { claimVisits, recordVisit } from '#kernel/journey'
import { metadataOf } from '#kernel/metadata'
import { ids, type OpenDatabase } from '#platform/db'
import { regionOfIp } from '#platform/geo'
import { solutionFile } from '../../solutions/index.ts'
import { claimOnce, keepAnswer, tenantOf } from '../api/index.ts'

/** The public forms with the rooms they need: identity, journey and intake meet here only. */
export function webForms(db: OpenDatabase): ReturnType<typeof webForm> {
  return webForm({
    intake: openIntake(db, { resolveContacts, claimVisits, nextId: ids.next }),
    tenantOf: (request) => tenantOf(db, request),
    metadata: (tenant) => db.read(tenant, metadataOf),
    regionOfIp,
    recordVisit: (tenant, form, { visitor, kind, page, seconds, material }) => db.mutate(tenant, (tx) => recordVisit(tx, form, visitor, { kind, page, seconds, material }, ids.next)),
    materialFile: (file) => solutionFile('crm', file) ?? null,
    once: async (tenant, key, body, work) => {
      const stored = await db.mutate(tenant, (tx) => claimOnce(tx, { key, route: 'intake', request: body }))
      // Claimed without an answer: the earlier try did not end. Doing it again joins the same record.
      if (stored && stored.status !== null) return stored
      const done = await work()
      await db.mutate(tenant, (tx) => keepAnswer(tx, key, done))
      return done
    },
  })
}
