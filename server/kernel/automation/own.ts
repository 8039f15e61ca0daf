import { teamsWith } from '#kernel/access'
import { opensAt } from '#language/values'
import type { Plan, Row } from './plan.ts'
import type { CompiledRule } from './program.ts'
import type { Act, Scene } from './scene.ts'
import type { Event } from './types.ts'

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
export function elsewhere({ plan, rule: { rule: { team } } }: Ruling, owner: number | null): boolean {
  return team !== undefined && owner !== null && !isUnder(plan, owner, [team])
}

/** Is a rule still tried by others only? It is for the records of those who try it, and for what they do themselves. */
export function notPiloted({ plan, rule: { rule: { pilot } } }: Ruling, { owner, by }: { owner: number | null; by: number | null }): boolean {
  if (!pilot) return false
  const among = (member: number | null): boolean => member !== null && (pilot.members.includes(member) || isUnder(plan, member, pilot.teams))
  return !among(owner) && !among(by)
}

/** The member behind an event, whoever pressed a button included; null: nobody, or a rule. */
export const causedBy = ({ actor, timer }: Pick<Event, 'actor' | 'timer'>): number | null => timer?.by ?? (actor.kind === 'member' ? actor.id : null)

interface Ruling { plan: Pick<Plan, 'ctx' | 'world'>; rule: CompiledRule }

function isUnder({ ctx: { metadata }, world }: Ruling['plan'], member: number, teams: readonly number[]): boolean {
  const below = (id: number | null | undefined): boolean => typeof id === 'number' && (teams.includes(id) || below(metadata.teams.get(id)?.parent))
  return teamsWith(world.members.get(member) ?? { id: member, teams: [] }, metadata).some(below)
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
