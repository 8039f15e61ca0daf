import type { Metadata } from '#kernel/metadata'
import type { Gradings } from './gradings.ts'
import type { CompiledRule } from './program.ts'
import { pokes, type Poke } from './poking.ts'

/** Fields that the write path sets by itself beside what a rule wrote. */
export const STAMPED: ReadonlySet<string> = new Set(['last_activity_at', 'next_contact_at', 'first_touch_at'])

/**
 * Which changes made by rules want a further look. Narrower than Metadata.listens: deadlines and grades of the written records are taken in the
 * same transaction, and rules that do not answer rules are not woken by them.
 */
export function hearsRules(metadata: Metadata, rules: readonly CompiledRule[], { gradings, pokes: poking }: { gradings: Gradings; pokes(object: string): readonly Poke[] }): Metadata['listens'] {
  const byObject = Map.groupBy(rules.filter(answersRules), ({ rule }) => rule.trigger.object)
  return (object, event, fields) => {
    if (event === 'deleted' || event === 'restored') return metadata.listens(object, event, fields)
    return (byObject.get(object) ?? []).some(({ rule }) => wakes(rule.trigger, event, fields)) || poking(object).some((each) => pokes(each, event, fields)) || turnsGrades(gradings, { object, event, fields })
  }
}

const answersRules = ({ rule: { trigger } }: CompiledRule): boolean => !('causes' in trigger) || !trigger.causes || trigger.causes.includes('rule') || trigger.causes.includes('timer')

function wakes(trigger: CompiledRule['rule']['trigger'], event: 'created' | 'changed', fields: readonly string[]): boolean {
  switch (trigger.on) {
    case 'created': return event === 'created'
    case 'changed': return event === 'changed' && (trigger.fields === undefined || trigger.fields.some((field) => fields.includes(field)))
    case 'crossed': return fields.includes(trigger.field)
    case 'tagged': case 'untagged': return fields.includes('tags')
    default: return false
  }
}

function turnsGrades(gradings: Gradings, { object, event, fields }: { object: string; event: 'created' | 'changed'; fields: readonly string[] }): boolean {
  if (gradings.throughChildren(object).length > 0) return true
  if (gradings.throughParents(object).some(({ reads }) => fields.some((field) => reads.has(field)))) return true
  return event === 'created' ? gradings.of(object).length > 0 : gradings.of(object).some(({ own }) => fields.some((field) => STAMPED.has(field) && own.has(field)))
}
