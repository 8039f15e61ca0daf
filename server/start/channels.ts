import { emailChannel, smtpMailer } from '#channels/email'
import { webhookChannel } from '#channels/webhook'
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
