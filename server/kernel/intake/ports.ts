import type { Tx } from '#platform/db'
import type { Form } from '#language/definitions'
import type { Intent } from '#kernel/records'

export interface Contact { kind: 'phone' | 'email'; value: string; record: string }

export interface VisitClaim { form: Form; visitor: string | null; subject: { object: string; id: string }; submitted: { page: string | null } | null }

/** What intake needs of its neighbours; handed in by the composition root, so the rooms stay strangers. */
export interface IntakePorts {
  /** Find or make identities, locked; answers by `kind:value`. */
  resolveContacts(tx: Tx, object: string, contacts: readonly Contact[]): Promise<Map<string, { record: string; fresh: boolean }>>
  /** Take what visitors did before they said who they are, as creates of the form's behaviour object. */
  claimVisits(tx: Tx, claims: readonly VisitClaim[]): Promise<Intent[][]>
  /** Records of visitors that came by tracking links take over what those bring. */
  creditLinks(tx: Tx, came: readonly { visitor: string; subject: { object: string; id: string }; form: Form | null }[]): Promise<void>
  nextId(): string
}
