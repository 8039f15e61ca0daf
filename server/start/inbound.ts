import { inbound } from '#channels/inbound'
import { ringPushed } from '#kernel/automation'
import { resolveContacts } from '#kernel/identity'
import { pushKeys, receivePush, refusePush } from '#kernel/intake'
import { metadataOf } from '#kernel/metadata'
import { ids, type OpenDatabase } from '#platform/db'
import { onceFor, tenantOf } from '../api/index.ts'

/** The addresses of rules with the rooms they need: identity, intake and automation meet here only. */
export function inboundPushes(db: OpenDatabase): ReturnType<typeof inbound> {
  const ports = { resolveContacts, nextId: ids.next, ring: ringPushed }
  return inbound({
    tenantOf: (request) => tenantOf(db, request),
    door: (tenant, key) => db.read(tenant, async (tx) => {
      const rule = (await metadataOf(tx)).rules.get(key)
      return rule?.trigger.on === 'pushed' ? { rule, keys: (await pushKeys(tx, key)).map((each) => each.key) } : null
    }),
    receive: (tenant, push) => receivePush(db, tenant, push, ports),
    refuse: (tenant, push, reason) => refusePush(db, tenant, push, reason, ids.next()),
    once: (tenant, key, body, work) => onceFor(db, tenant, { key, route: 'pushes', request: body }, work),
  })
}
