import { resolveContacts } from '#kernel/identity'
import { claimVisits, creditLinks } from '#kernel/journey'
import type { Tx } from '#platform/db'
import { ids } from '#platform/db'
import { freshTenant, type FreshTenant } from '../../../../test/tenant.ts'
import { loadSolution } from '../../../../solutions/index.ts'
import { openIntake, type Intake, type IntakePorts, type IntakeResult, type Submission } from '../index.ts'

export interface Desk extends FreshTenant {
  intake: Intake
  ports: IntakePorts
  /** Submit to the form `pricing`. */
  send(body: Record<string, unknown>, facts?: Partial<Submission>): Promise<IntakeResult>
  rows<R = Record<string, unknown>>(text: string, values?: unknown[]): Promise<R[]>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** The standard solution with its public form, in a database of the test's own. */
export async function openIntakeDesk(): Promise<Desk> {
  const home = await freshTenant({ solution: loadSolution('crm') })
  const ports: IntakePorts = { resolveContacts, claimVisits, creditLinks, nextId: ids.next }
  const intake = openIntake(home.db, ports)
  return {
    ...home, intake, ports,
    send: async (body, facts = {}) => {
      const form = (await intake.form(home.tenant, 'pricing'))!
      return intake.submit(home.tenant, { form, body, raw: JSON.stringify(body), contentType: 'application/json', ip: '202.96.209.5', ipRegion: '310000', agent: 'test', request: 'r', lang: 'zh', ...facts })
    },
    rows: (text, values) => home.db.read(home.tenant, (tx) => tx.query(text, values)) as never,
    write: (work) => home.db.mutate(home.tenant, work),
  }
}
