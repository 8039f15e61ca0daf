import { addDecimal, compareDecimal } from '../values/money.ts'
import type { Verdict } from './explain.ts'
import { familyOf } from './kinds.ts'
import type { Checked, CheckedNode } from './tree.ts'

/** A part of a condition that stood in its way. */
export interface Missing {
  /** Sentence it with `toSentence`. `object`: the record that it is about. */
  checked: Checked
  /** It held, and stands under a `not`. */
  negated: boolean
  saw: unknown
  /** Had this alone been otherwise, the whole would have held. */
  alone: boolean
  /** What a number lacks, or has too much: a decimal; null where there is no measure. */
  gap: string | null
}

/**
 * Why a condition did not hold: the parts that would have had to be otherwise, in reading order; the first is the answer. Of an `any` that is every
 * part, for each of them would have been enough. Empty where it held.
 */
export function shortOf({ object, root }: Checked, verdict: Verdict): Missing[] {
  if (verdict.verdict) return []
  return blaming(root, verdict, { object, wanted: true }).map(({ at, ...missing }) => ({ ...missing, alone: otherwise(verdict, at) }))
}

interface Blamed extends Omit<Missing, 'alone'> { at: Verdict }
interface Place { object: string; wanted: boolean }

/** The parts because of which the node is not `wanted`. */
function blaming(node: CheckedNode, verdict: Verdict, { object, wanted }: Place): Blamed[] {
  if (verdict.verdict === wanted) return []
  const parts = verdict.parts ?? []
  switch (node.is) {
    case 'all': case 'any': return node.parts.flatMap((part, i) => blaming(part, parts[i]!, { object, wanted }))
    case 'not': return blaming(node.part, parts[0]!, { object, wanted: !wanted })
    case 'parent': if (parts.length > 0) return blaming(node.where, parts[0]!, { object: node.object, wanted }); break
    default:
  }
  return [{ at: verdict, checked: { object, root: node }, negated: !wanted, saw: verdict.saw ?? null, gap: wanted ? gapOf(node, verdict.saw) : null }]
}

/** What the whole would be, were this part the other way round. */
function otherwise(whole: Verdict, part: Verdict): boolean {
  if (whole === part) return !whole.verdict
  const parts = (whole.parts ?? []).map((each) => otherwise(each, part))
  switch (whole.is) {
    case 'all': return parts.every(Boolean)
    case 'any': return parts.some(Boolean)
    case 'not': return !parts[0]!
    case 'parent': return parts.length > 0 && parts[0]!
    default: return whole.verdict
  }
}

const ORDERED: ReadonlySet<string> = new Set(['gt', 'ge', 'lt', 'le'])

function gapOf(node: CheckedNode, saw: unknown): string | null {
  const counted = node.is === 'count' || node.is === 'sum'
  const measured = node.is === 'leaf' && (familyOf(node.field) === 'number' || familyOf(node.field) === 'decimal')
  if (saw === null || saw === undefined || !(counted || measured) || !ORDERED.has(node.op)) return null
  const lacks = addDecimal(String(node.value as string | number), negative(String(saw as string | number)))
  return compareDecimal(lacks, '0') < 0 ? negative(lacks) : lacks
}

const negative = (decimal: string): string => (decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`)
