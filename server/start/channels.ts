import { emailChannel, smtpMailer } from '#channels/email'
import { webhookChannel } from '#channels/webhook'
import { enterpriseDoor, type EnterpriseDoor } from '#channels/oidc'
import { type Channels, signingKeys } from '#kernel/delivery'
import type { OpenDatabase } from '#platform/db'
import { openEgress, parseOpened } from '#platform/egress'

/** Every way out of the outbox. `EGRESS_ALLOW` names networks inside the company that may be reached, as CIDR blocks. */
export function outwardChannels(db: OpenDatabase, { smtpUrl }: { smtpUrl: string | null }): Channels {
  const egress = openEgress({ opened: parseOpened(process.env['EGRESS_ALLOW'] ?? '') })
  return {
    webhook: webhookChannel({ egress, secrets: async ({ key }) => (await db.read((await db.tenantByKey(key))!, signingKeys)).map((each) => each.key) }),
    email: emailChannel(smtpUrl === null ? null : smtpMailer(smtpUrl)),
  }
}

/** What a provider says of itself may be long; `EGRESS_ALLOW` opens it inside the company, as for messages. */
export function companyDoor(stops: (() => unknown)[]): EnterpriseDoor {
  const egress = openEgress({ opened: parseOpened(process.env['EGRESS_ALLOW'] ?? ''), maxBytes: 512 * 1024 })
  stops.push(() => egress.close())
  return enterpriseDoor(egress)
}
