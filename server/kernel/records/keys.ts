import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Context } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import { rootKeys } from '#platform/db'

/** Keys of one tenant and incarnation: what was handed out before a restore no longer fits. Key objects, because making one of a buffer costs eight times the HMAC itself; `version` is text that goes before what is hashed. */
export interface TenantKeys { version: string; cursor: KeyObject; nonce: KeyObject; number: KeyObject }

const known = new WeakMap<Metadata, TenantKeys>()

/** One statement per epoch and process. */
export async function tenantKeys({ tx, tenant, metadata }: Context): Promise<TenantKeys> {
  const found = known.get(metadata)
  if (found) return found
  const { inner, number } = await rootKeys(tx)
  const derive = (purpose: string) => createSecretKey(createHmac('sha256', inner).update(`${purpose} ${tenant.incarnation}`).digest())
  // Numbers go on after a restore where they stopped: their key must not change.
  const keys = { version: derive('version').export().toString('base64'), cursor: derive('cursor'), nonce: derive('nonce'), number: createSecretKey(number) }
  known.set(metadata, keys)
  return keys
}
