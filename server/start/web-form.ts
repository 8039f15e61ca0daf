import { webForm } from '#channels/web-form'
import { resolveContacts } from '#kernel/identity'
import { type IntakePorts, openIntake } from '#kernel/intake'
import { claimVisits, creditLinks, recordVisit } from '#kernel/journey'
import { metadataOf } from '#kernel/metadata'
import { ids, type OpenDatabase } from '#platform/db'
import { regionOfIp } from '#platform/geo'
import { SOLUTION_KEYS, solutionFile } from '../../solutions/index.ts'
import { onceFor, tenantOf } from '../api/index.ts'

/** What intake needs of its neighbours. */
export const intakePorts: IntakePorts = { resolveContacts, claimVisits, creditLinks, nextId: ids.next }

/** The public forms with the rooms they need: identity, journey and intake meet here only. */
export function webForms(db: OpenDatabase): ReturnType<typeof webForm> {
  return webForm({
    intake: openIntake(db, intakePorts),
    tenantOf: (request) => tenantOf(db, request),
    metadata: (tenant) => db.read(tenant, metadataOf),
    regionOfIp,
    recordVisit: (tenant, form, { visitor, kind, page, seconds, material }) => db.mutate(tenant, (tx) => recordVisit(tx, form, visitor, { kind, page, seconds, material }, ids.next)),
    materialFile,
    once: (tenant, key, body, work) => onceFor(db, tenant, { key, route: 'intake', request: body }, work),
  })
}

/** A form names its materials, and whoever edits forms writes that name: only files that ship in a solution's own folder are ever sent. */
export function materialFile(file: string): string | null {
  if (!/^materials\/[\w-]+(\.[\w-]+)+$/.test(file)) return null
  return SOLUTION_KEYS.map((key) => solutionFile(key, file)).find((found) => found !== undefined) ?? null
}
