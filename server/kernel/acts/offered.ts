import type { Context } from '#kernel/access'
import type { RecordImage } from '#kernel/records'
import { checkCondition, NOTHING_SEEN, toPredicate, type Condition } from '#language/conditions'

/** Does the condition of an act hold for this record, by its own fields? Without a condition it always does. */
export function holds({ metadata, principal, now, tenant }: Context, when: Condition | undefined, { object, values }: Pick<RecordImage, 'object' | 'values'>): boolean {
  if (!when) return true
  const checked = checkCondition(when, metadata.conditionSchema(object), 'field-check')
  if (!checked.ok) return false
  const member = principal.kind === 'member' ? principal.member : null
  return toPredicate(checked.checked)(values, NOTHING_SEEN, { me: member?.id ?? null, myTeams: member?.teams ?? [], now, zone: tenant.zone, calendar: metadata.calendar })
}
