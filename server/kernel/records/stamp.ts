import { startOfDay } from '#language/values'
import { draftOf, set, stepOf } from './apply.ts'
import { draftKey, type Batch, type Draft, type Wish } from './batch.ts'
import { subjectOf } from './lock.ts'

/**
 * A follow-up says on its subject that something happened, and when the next contact is due, in the same act.
 * A due date that has passed is served by the follow-up and goes; one still to come stays unless a new one is named.
 */
export function stampSubjects(batch: Batch): void {
  for (const wish of batch.wishes) {
    for (const { object, id } of subjectOf(wish)) {
      const draft = draftOf(batch, object, id)
      if (draft && !draft.gone && !draft.plan.object.immutable) stamp(batch, wish, draft)
    }
  }
}

function stamp(batch: Batch, wish: Wish, subject: Draft): void {
  const [step, now] = [stepOf(subject, wish), batch.ctx.now.toISOString()]
  set(subject, step, 'last_activity_at', now)
  const next = nextContact(batch, wish)
  const due = subject.values['next_contact_at'] as string | null | undefined
  if (next !== null || (due && due <= now)) set(subject, step, 'next_contact_at', next)
  const first = subject.plan.fields.get('first_touch_at')
  if (first?.kind === 'datetime' && !subject.values[first.key]) set(subject, step, first.key, now)
}

/** A day without a time is due when it begins. */
function nextContact({ ctx, drafts }: Batch, { plan, id }: Wish): string | null {
  const field = plan.fields.get(plan.object.activity?.nextAt ?? '')
  const value = field && (drafts.get(draftKey(plan.object.key, id))?.values[field.key] as string | null | undefined)
  if (!value) return null
  return field.kind === 'date' ? new Date(startOfDay(value, ctx.tenant.zone)).toISOString() : value
}
