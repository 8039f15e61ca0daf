import type { Changed, Circumstances, Metadata } from '#kernel/metadata'
import type { BindContext, RuleIndex } from '#language/conditions'
import type { Gradings } from './gradings.ts'
import { fits, LISTENING } from './listening.ts'
import type { CompiledRule, Listening } from './program.ts'
import { pokes, type Poke } from './poking.ts'

/** Fields that the write path sets by itself beside what a rule wrote. */
export const STAMPED: ReadonlySet<string> = new Set(['last_activity_at', 'next_contact_at', 'first_touch_at'])

interface Around { gradings: Gradings; pokes(object: string): readonly Poke[]; listening(object: string, on: Listening): RuleIndex<CompiledRule> | undefined }

/**
 * Which changes made by rules want a further look. Narrower than Metadata.listens: deadlines and grades of the written records are taken in the
 * same transaction, rules that do not answer rules are not woken by them, and none is whose trigger does not fit or whose condition the record's own
 * fields rule out as the change leaves them: they look at these (E2), whenever that is. Where the clock may still turn a condition, it is looked at.
 */
export function hearsRules(metadata: Metadata, rules: readonly CompiledRule[], { gradings, pokes: poking, listening }: Around): Metadata['listens'] {
  const answers = answering(metadata, rules, listening)
  const byObject = new Map([...Map.groupBy(rules.filter(answersRules), ({ rule }) => rule.trigger.object)].map(([object, same]) => [object, earsOf(same)]))
  return (object, event, changed, how) => {
    if (event === 'deleted' || event === 'restored') return metadata.listens(object, event, changed)
    const fields = Object.keys(changed)
    return (wakes(byObject.get(object), event, fields) && (!how || answers(object, event, changed, how))) || poking(object).some((each) => pokes(each, event, fields)) || turnsGrades(gradings, { object, event, fields })
  }
}

const answersRules = ({ rule: { trigger } }: CompiledRule): boolean => !('causes' in trigger) || !trigger.causes || trigger.causes.includes('rule') || trigger.causes.includes('timer')

/** Would any rule begin to act, as far as the change itself can tell? */
function answering(metadata: Metadata, rules: readonly CompiledRule[], listening: Around['listening']): (object: string, event: 'created' | 'changed', changed: Changed, how: Circumstances) => boolean {
  const moving = Map.groupBy(rules.filter(({ condition }) => condition.needs.reach === 'over-time'), ({ rule }) => rule.trigger.object)
  let at: BindContext = { me: null, myTeams: [], now: new Date(0), zone: '', calendar: metadata.calendar }
  return (object, event, changed, { cause, now, zone, after }) => {
    if (at.now !== now || at.zone !== zone) at = { ...at, now, zone }
    const happened = { kind: event, fields: changed, cause }
    const image = after()
    return LISTENING[event]!.some((on) => listening(object, on)?.candidates(image, at).some((rule) => fits(rule, happened, metadata)))
      || (moving.get(object) ?? []).some((rule) => LISTENING[event]!.includes(rule.rule.trigger.on as Listening) && fits(rule, happened, metadata))
  }
}

/** What the rules about one object hear, whatever their number: asked of every change that a rule makes. */
interface Ears { /** Creation as such; any change of a record that was there. */ created: boolean; changed: boolean; /** Of such a change, these fields; of a creation too. */ changedIn: Set<string>; either: Set<string> }

function earsOf(rules: readonly CompiledRule[]): Ears {
  const ears: Ears = { created: false, changed: false, changedIn: new Set(), either: new Set() }
  for (const { rule: { trigger } } of rules) hear(ears, trigger)
  return ears
}

function hear(ears: Ears, trigger: CompiledRule['rule']['trigger']): void {
  switch (trigger.on) {
    case 'created': ears.created = true; return
    case 'changed':
      if (trigger.fields) trigger.fields.forEach((each) => ears.changedIn.add(each))
      else ears.changed = true
      return
    case 'crossed': ears.either.add(trigger.field); return
    case 'tagged': case 'untagged': ears.either.add('tags'); return
    default:
  }
}

function wakes(ears: Ears | undefined, event: 'created' | 'changed', fields: readonly string[]): boolean {
  if (!ears) return false
  if (event === 'created' ? ears.created : ears.changed) return true
  return fields.some((each) => ears.either.has(each) || (event === 'changed' && ears.changedIn.has(each)))
}

function turnsGrades(gradings: Gradings, { object, event, fields }: { object: string; event: 'created' | 'changed'; fields: readonly string[] }): boolean {
  if (gradings.throughChildren(object).length > 0) return true
  if (gradings.throughParents(object).some(({ reads }) => fields.some((field) => reads.has(field)))) return true
  return event === 'created' ? gradings.of(object).length > 0 : gradings.of(object).some(({ own }) => fields.some((field) => STAMPED.has(field) && own.has(field)))
}
