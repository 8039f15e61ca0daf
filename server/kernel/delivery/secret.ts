import { createHmac } from 'node:crypto'
import type { Tx } from '#platform/db'

/** The key that signs what a tenant sends out, as its receivers are given it. Derived from the tenant's own secret; every restore changes it. */
export async function signingKey(tx: Tx): Promise<string> {
  const [state] = await tx.query<{ secret: Buffer }>('select secret from {t}.state')
  return `nm_${createHmac('sha256', state!.secret).update(`outgoing messages ${tx.tenant.incarnation}`).digest('hex')}`
}
