import { isMonths, parseDuration } from '../values/duration.ts'
import type { CheckedLeaf, CheckedNode, FieldRef, MonthStart } from './tree.ts'

/** The whole stretch that `periods` spans are compared over: one more than that, ending now or with the last month that is over. */
export const wholeOf = (field: FieldRef, per: string, periods: number): CheckedNode => span({ field, per }, 0, periods + 1)

/** Its spans, the newest first; neighbours leave out nothing and share nothing. */
export const spansOf = (field: FieldRef, per: string, periods: number): CheckedNode[] => Array.from({ length: periods + 1 }, (_, back) => span({ field, per }, back, back + 1))

interface Along { field: FieldRef; per: string }

/** From `first` to `last` times `per` ago. The month under way is not over, and would look like a fall beside whole ones. */
function span({ field, per }: Along, first: number, last: number): CheckedNode {
  const { amount, unit } = parseDuration(per)!
  if (isMonths(per)) return { is: 'all', parts: [leaf(field, 'ge', { month: -amount * last }), leaf(field, 'lt', { month: -amount * first })] }
  const within = leaf(field, 'withinLast', `${amount * last}${unit}`)
  return first === 0 ? within : { is: 'all', parts: [within, leaf(field, 'olderThan', `${amount * first}${unit}`)] }
}

const leaf = (field: FieldRef, op: CheckedLeaf['op'], value: string | MonthStart): CheckedLeaf => ({ is: 'leaf', field, op, value, members: null })
