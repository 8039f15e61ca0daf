import type { Lens, Params } from '#kernel/access'
import type { Rights } from './batch.ts'
import type { Row } from './image.ts'

const RIGHTS = ['edit', 'delete', 'transfer', 'share', 'unlock'] as const satisfies readonly (keyof Rights)[]

/** What the reader may do with the row `r`, as one number: a page reads one column instead of five, and what is the same of two rights is asked once. */
export function rightsSql(lens: Lens, given: Params): string {
  const bits = new Map<string, number>()
  RIGHTS.forEach((right, i) => {
    const reached = lens.reach(right, 'r', given)
    bits.set(reached, (bits.get(reached) ?? 0) | (1 << i))
  })
  const parts = [...bits].flatMap(([reached, bit]) => (reached === 'FALSE' ? [] : reached === 'TRUE' ? [`${bit}`] : [`CASE WHEN ${reached} THEN ${bit} ELSE 0 END`]))
  return `${parts.join(' + ') || '0'} AS "$rights"`
}

export function rightsOf(row: Row): Rights {
  const bits = row['$rights'] as number
  const has = (right: number): boolean => (bits & (1 << right)) !== 0
  return { edit: has(0), delete: has(1), transfer: has(2), share: has(3), unlock: has(4) }
}
