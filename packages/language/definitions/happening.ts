import type { Condition } from '../conditions/ast.ts'

/** An object as far as it says whether its records are events. */
interface Shape { immutable?: boolean | undefined; title: string; field: ReadonlyMap<string, { kind: string }> }
interface Answers { trigger: { on: string; form?: string | undefined }; condition: Condition }

/** The field that says what happened: of records that nobody changes, the option that they are called by. Null: its records are no events. */
export const happeningOf = (object: Shape | undefined): string | null => (object?.immutable && object.field.get(object.title)?.kind === 'select' ? object.title : null)

/** Which events a rule answers, and what else must hold. Without kinds it answers all of them. */
export interface Happening { kinds: readonly string[]; rest: Condition }

/**
 * A rule about new events whose condition begins by naming their kinds: 「来电、发来消息」 belongs to when it works, not to what must hold.
 * It is a condition like any other; whoever decides by it need not know. Null: the rule does not answer events.
 */
export function readHappening(object: Shape | undefined, { trigger, condition }: Answers): Happening | null {
  const field = trigger.on === 'created' && trigger.form === undefined ? happeningOf(object) : null
  if (field === null) return null
  const parts = 'all' in condition ? condition.all : [condition]
  const at = parts.findIndex((part) => kindsIn(part, field) !== null)
  return at < 0 ? { kinds: [], rest: condition } : { kinds: kindsIn(parts[at]!, field)!, rest: { all: parts.filter((_, index) => index !== at) } }
}

/** The condition that stands for it. */
export function writeHappening(field: string, { kinds, rest }: Happening): Condition {
  if (kinds.length === 0) return rest
  return { all: [{ field, op: 'in', value: [...kinds] }, ...('all' in rest ? rest.all : [rest])] }
}

function kindsIn(part: Condition, field: string): readonly string[] | null {
  if (!('field' in part) || part.field !== field || !('value' in part)) return null
  if (part.op === 'eq' && typeof part.value === 'string') return [part.value]
  return part.op === 'in' && Array.isArray(part.value) && part.value.length > 0 && part.value.every((each) => typeof each === 'string') ? part.value as string[] : null
}
