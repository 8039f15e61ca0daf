import { OBJECT_ACTIONS, type Field, type ObjectAction, type ReadState, type Scope } from '#language/definitions'
import type { ObjectMetadata } from '#kernel/metadata'
import { narrowestRead, readable as shownAs, widerRead } from './masks.ts'
import { isAlways, type Ruling } from './rulings.ts'
import type { Said, Varied } from './varied.ts'

export type Reaches = Readonly<Record<ObjectAction, Scope>>
export interface FieldRights { read: ReadState; write: boolean }
/** Policies by the action they speak of: those that give it and those that take it away. */
export type RowRules = Readonly<Partial<Record<ObjectAction, { allows: readonly Ruling[]; limits: readonly Ruling[] }>>>

export function rowRules(rulings: readonly Ruling[]): RowRules {
  const about = OBJECT_ACTIONS.map((action) => [action, rulings.filter(({ policy }) => policy.actions.includes(action))] as const)
  return Object.fromEntries(about.filter(([, those]) => those.length > 0).map(([action, those]) => [action, { allows: those.filter(({ policy }) => policy.effect === 'allow'), limits: those.filter(({ policy }) => policy.effect === 'limit') }]))
}

/** How far each action reaches at most, once policies have given and taken. */
export function ruledScope(object: ObjectMetadata, scope: Reaches, rulings: readonly Ruling[]): Reaches {
  const rules = rowRules(rulings)
  const ruled = (action: ObjectAction): Scope => (rules[action]?.limits.some(isAlways) ? 'none' : rules[action] && rules[action].allows.length > 0 ? 'all' : scope[action])
  return frozen(object, Object.fromEntries(OBJECT_ACTIONS.map((action) => [action, ruled(action)])) as Reaches)
}

export const frozen = (object: ObjectMetadata, scope: Reaches): Reaches =>
  object.immutable ? { ...scope, edit: 'none', delete: 'none', transfer: 'none', unlock: 'none' } : scope

/** What is left of a field's rights: known for all records where no policy asks anything of the record, else `varied`. */
export function ruledRights(base: FieldRights, { key, kind }: Field, rulings: readonly Ruling[]): FieldRights & { varied?: Varied } {
  const about = rulings.flatMap((ruling) => { const said = ruling.policy.fields[key] ?? ruling.policy.fields['*']; return said ? [{ ruling, said, gives: ruling.policy.effect === 'allow' }] : [] })
  const moves = kind === 'reference' || kind === 'anyReference' ? rulings.filter(({ policy }) => policy.effect === 'limit' && parentsIn(policy.when).includes(key)) : []
  if (about.length + moves.length === 0) return base
  const states = (gives: boolean): Said[] => about.flatMap(({ ruling, said, gives: does }) => (does === gives && said.read !== undefined && said.read !== (gives ? 'hidden' : 'full') ? [{ state: shownAs(said.read, kind), ruling }] : []))
  const writers = (gives: boolean): Ruling[] => about.flatMap(({ ruling, said, gives: does }) => (does === gives && said.write === gives ? [ruling] : []))
  // Whoever must not learn that something is hidden here writes it nowhere: a refusal would tell.
  const secret = about.flatMap(({ ruling, said }) => (ruling.policy.effect === 'limit' && ruling.policy.stealth && said.read === 'hidden' ? [everywhere(ruling)] : []))
  const varied: Varied = { base: shownAs(base.read, kind), allows: states(true), limits: states(false), writes: { base: base.write, allows: writers(true), limits: [...writers(false), ...secret], moves } }
  const used = [...[...varied.allows, ...varied.limits].map(({ ruling }) => ruling), ...varied.writes.allows, ...varied.writes.limits, ...moves]
  const most = varied.allows.map(({ state }) => state).reduce(widerRead, varied.base)
  const write = (base.write || varied.writes.allows.length > 0) && !varied.writes.limits.some(isAlways)
  const least = narrowestRead([most, ...varied.limits.filter(({ ruling }) => isAlways(ruling)).map(({ state }) => state)])
  if (used.every(isAlways) || least === 'hidden') return { read: least, write: write && least !== 'hidden' }
  return { read: least, write, varied }
}

/** The references whose target a condition looks at. */
export function parentsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { parent } = part as { parent?: unknown }
  return [...(typeof parent === 'string' ? [parent] : []), ...Object.entries(part).flatMap(([key, each]) => (key === 'parent' ? [] : parentsIn(each)))]
}

function everywhere({ policy, ...ruling }: Ruling): Ruling {
  const { when: _, ...rest } = policy
  return { ...ruling, policy: rest }
}
