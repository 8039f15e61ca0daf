import { instantOf, onDutyOf } from '#kernel/records'
import type { OnDuty } from '#language/definitions'
import type { Act } from './scene.ts'

/** Active members on duty for the target, whoever came on first first; undefined while it is being fetched. */
export function onDuty(asked: OnDuty, { plan: { world }, target }: Pick<Act, 'plan' | 'target'>): number[] | undefined {
  const at = instantOf(asked, target.values, world.ctx.now)
  if (at === null) return []
  const shifts = world.shifts(asked.object, at)
  return shifts && onDutyOf(shifts, asked.duty).filter((id) => world.members.get(id)?.active)
}
