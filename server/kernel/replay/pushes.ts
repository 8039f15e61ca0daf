import { takenFrom, type Sent } from '#kernel/intake'
import type { TimerDraft } from '#kernel/automation'
import type { PublishedRule } from '#kernel/metadata'

/** What came to the address of a rule, as the timers that a course rings: right after what was written of it. */
export function ringsOf({ key, trigger }: PublishedRule, sent: readonly Sent[]): TimerDraft[] {
  if (trigger.on !== 'pushed') return []
  return sent.filter(({ rule, left }) => rule === key && left === null)
    .map(({ id, at, record, body }) => ({ key: `pushed:${key}:${id}`, kind: 'pushed', dueAt: new Date(at.getTime() + 1), payload: { object: trigger.object, record: record!, name: key, pushed: { id, values: takenFrom(trigger, body) } } }))
}
