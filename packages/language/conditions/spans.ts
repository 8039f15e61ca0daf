import type { CheckedLeaf, CheckedNode, FieldRef } from './tree.ts'

/** The whole stretch that `periods` spans are compared over: one more than that, ending now. */
export const wholeOf = (field: FieldRef, per: string, periods: number): CheckedLeaf => length(field, 'withinLast', times(per, periods + 1))

/** Its spans, the newest first; neighbours leave out nothing and share nothing. */
export const spansOf = (field: FieldRef, per: string, periods: number): CheckedNode[] => Array.from({ length: periods + 1 }, (_, back) => {
  const within = length(field, 'withinLast', times(per, back + 1))
  return back === 0 ? within : { is: 'all', parts: [within, length(field, 'olderThan', times(per, back))] }
})

const length = (field: FieldRef, op: 'withinLast' | 'olderThan', value: string): CheckedLeaf => ({ is: 'leaf', field, op, value, members: null })
const times = (text: string, n: number): string => `${Number.parseInt(text, 10) * n}${text.replace(/^\d+/, '')}`
