import { hasCome, hasGone, type Circumstances, type Metadata } from '#kernel/metadata'
import type { CompiledRule, Listening } from './program.ts'
import type { Event } from './types.ts'

/** Which triggers a change may set off. */
export const LISTENING: Partial<Record<Event['kind'], readonly Listening[]>> = { created: ['created', 'tagged', 'crossed'], changed: ['changed', 'tagged', 'untagged', 'crossed'], restored: ['restored'], deleted: ['deleted'] }

const DEFAULT_CAUSES: readonly string[] = ['member', 'source', 'rule', 'timer']

/** What a trigger looks at: what happened, and because of what. */
export type Happened = Pick<Event, 'kind' | 'fields'> & { cause: Circumstances['cause'] }

/** Does the trigger of a rule fit what happened? The condition is not asked. */
export function fits({ rule: { trigger } }: CompiledRule, { cause, fields, kind }: Happened, { tags }: Pick<Metadata, 'tags'>): boolean {
  if (cause.quiet || !(('causes' in trigger && trigger.causes) || DEFAULT_CAUSES).includes(cause.kind)) return false
  switch (trigger.on) {
    case 'created': return trigger.form === undefined || trigger.form === cause.form
    case 'changed': return kind === 'changed' && (trigger.fields === undefined || trigger.fields.some((field) => fields[field] !== undefined))
    case 'tagged': case 'untagged': return retagged(fields['tags'], tags.byKey.get(trigger.tag)?.id, trigger.on)
    case 'restored': return kind === 'restored'
    case 'deleted': return kind === 'deleted'
    case 'crossed': return crossed(fields[trigger.field], trigger)
    default: return false
  }
}

/** A tag which there is none of neither comes nor goes. */
const retagged = (change: Event['fields'][string] | undefined, tag: number | undefined, on: 'tagged' | 'untagged'): boolean =>
  change !== undefined && tag !== undefined && (on === 'tagged' ? hasCome : hasGone)(tag, change)

/** Numbers come as text where they are exact; they are compared as numbers. */
function crossed(change: Event['fields'][string] | undefined, { way, value }: { way: 'below' | 'above'; value: string }): boolean {
  const [before, after] = (change ?? [null, null]).map((each) => (each === null || each === undefined ? null : Number(each)))
  const past = (number: number): boolean => (way === 'below' ? number < Number(value) : number >= Number(value))
  return typeof after === 'number' && past(after) && !(typeof before === 'number' && past(before))
}
