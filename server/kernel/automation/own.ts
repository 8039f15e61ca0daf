import { teamsWith } from '#kernel/access'
import { opensAt } from '#language/values'
import type { Plan, Row } from './plan.ts'
import type { CompiledRule } from './program.ts'
import type { Act, Scene } from './scene.ts'

export const ownerOf = ({ values }: Pick<Row, 'values'>): number | null => (values['owner'] as number | null | undefined) ?? null

/** Whose record an action works on: the target's owner; of the triggering one, and of what belongs to nobody, whoever had it when the rule began. */
const concerned = ({ trigger, owner }: Scene, target: Row): number | null => (target.id === trigger.id ? owner : (ownerOf(target) ?? owner))

/** The member who has this rule leave the record alone; null: nobody, or the rule is required. */
export function leftAlone(scene: Scene, target: Row): number | null {
  const { plan, rule: { rule } } = scene
  const owner = rule.required ? null : concerned(scene, target)
  const member = owner === null ? undefined : plan.world.members.get(owner)
  return member?.active && member.own.paused.includes(rule.key) ? owner : null
}

/** Is a record none of a department's affair? Nobody's records are everybody's. */
export function elsewhere({ plan: { ctx: { metadata }, world }, rule: { rule: { team } } }: { plan: Pick<Plan, 'ctx' | 'world'>; rule: CompiledRule }, owner: number | null): boolean {
  if (team === undefined || owner === null) return false
  const below = (id: number | null | undefined): boolean => typeof id === 'number' && (id === team || below(metadata.teams.get(id)?.parent))
  return !teamsWith(world.members.get(owner) ?? { id: owner, teams: [] }, metadata).some(below)
}

/** Until when what a rule says to a member is kept back, by the hours they have closed; null: it is not. */
export function keptUntil({ plan: { world }, rule: { rule } }: Pick<Scene, 'plan' | 'rule'>, member: number): Date | null {
  const slots = rule.required ? [] : (world.members.get(member)?.own.slots ?? [])
  const now = world.ctx.now.getTime()
  const until = slots.length === 0 ? now : (opensAt(now, slots, world.at.zone) ?? now)
  return until === now ? null : new Date(until)
}

/** Who may keep back what leaves the house about a record, and until when they do. */
export function keeper(act: Act): { owner: number | null; notBefore: Date | null } {
  const owner = act.rule.rule.required ? null : concerned(act, act.target)
  return { owner, notBefore: owner === null ? null : keptUntil(act, owner) }
}
