import type { Action } from '#language/definitions'
import { keeper } from '../own.ts'
import { type Perform } from '../scene.ts'

/** Leaves a signed POST in the outbox; its key is the same on every attempt. */
export const webhook: Perform = (act) => {
  const { plan, event, rule, trigger, action: { action, path }, target } = act
  if (plan.dry) return undefined
  const { owner, notBefore } = keeper(act)
  const { url } = action as Extract<Action, { do: 'webhook' }>
  const key = `${event.seq}:${rule.rule.key}:${path}${trigger.id === event.record ? '' : `:${trigger.id}`}`
  const record = { object: target.object, id: target.id, values: { ...target.values, tags: tagKeys(target.values['tags'], plan.ctx.metadata.tags.byId) } }
  plan.outbox.push({ channel: 'webhook', key, event: event.seq, rule: rule.rule.key, owner, notBefore, about: { object: target.object, id: target.id }, body: { url, payload: { id: key, tenant: plan.ctx.tenant.key, at: plan.ctx.now.toISOString(), event: event.seq, rule: rule.rule.key, record } } })
  return { url, key, ...(notBefore && { later: [{ member: owner, until: notBefore.toISOString() }] }) }
}

const tagKeys = (ids: unknown, byId: ReadonlyMap<number, { key: string }>): string[] => ((ids as number[] | undefined) ?? []).flatMap((id) => byId.get(id)?.key ?? [])
