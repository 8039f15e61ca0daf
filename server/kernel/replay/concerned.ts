import { controlsIn, programOf } from '#kernel/automation'
import type { Metadata } from '#kernel/metadata'

/** Objects whose records active rules, gradings, policies and loads may look at or touch: the log of all others says nothing to them. */
export function concernedObjects(metadata: Metadata): Set<string> {
  const program = programOf(metadata)
  const found = new Set<string>()
  for (const { rule, condition, actions, steps } of program.rules.values()) {
    found.add(rule.trigger.object)
    for (const judged of [condition, ...actions.flatMap(({ guard, where }) => [guard, where])]) for (const object of judged?.needs.reads.keys() ?? []) found.add(object)
    for (const { condition: asked, control } of controlsIn(steps)) {
      for (const object of asked?.needs.reads.keys() ?? []) found.add(object)
      if (control.do === 'forEach') found.add(control.object)
    }
    for (const { action, target } of actions) for (const object of [target, 'object' in action ? action.object : target]) found.add(object)
  }
  for (const { levels } of program.gradings.byKey.values()) for (const { condition } of levels) for (const object of condition.needs.reads.keys()) found.add(object)
  for (const { key, load, shift } of metadata.objects.values()) if (load || shift) found.add(key)
  for (const { object, ownerOf } of metadata.assignmentPolicies.values()) for (const each of [object, ownerOf === undefined ? object : [metadata.objects.get(object)?.field.get(ownerOf)?.to].flat()[0]]) if (each !== undefined && each !== '*') found.add(each)
  return found
}
