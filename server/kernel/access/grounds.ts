import { remembered } from './remembered.ts'
import type { Answers, Asked, Params } from './types.ts'

/** So many answers go into one number. */
const BITS = 30

/**
 * What policies ask of the rows of a statement, asked of each row once, beside it: columns, states and rights refer to the
 * answers by name. Only for what is given out of rows that are already found; a filter asks by itself, so that an index serves.
 */
export function asking(base: Params): Asked {
  const named = new Map<string, number>()
  const noOf = (sql: string): number => {
    const no = named.get(sql) ?? named.size
    named.set(sql, no)
    return no
  }
  const words = () => Array.from({ length: Math.ceil(named.size / BITS) }, (_, word) => [...named.values()].filter((no) => Math.floor(no / BITS) === word))
  return {
    params: { values: base.values, facts: base.facts, add: (value, pgType, fact) => base.add(value, pgType, fact), base, noOf, nameOf: (sql) => `h.g${noOf(sql)}` },
    // Without the OFFSET the answers would be asked anew wherever they are referred to.
    beside: () => (named.size === 0 ? '' : ` CROSS JOIN LATERAL (SELECT ${[...named].map(([sql, no]) => `(${sql}) IS TRUE AS g${no}`).join(', ')} OFFSET 0) h`),
    columns: () => words().map((nos, word) => `(${nos.map((no) => `(h.g${no}::int << ${no % BITS})`).join(' | ')}) AS "$g${word}"`),
    answers: (row) => Array.from({ length: Math.ceil(named.size / BITS) }, (_, word) => row[`$g${word}`] as number),
  }
}

/** Is any of these questions answered with yes? */
export function yesToAny(nos: readonly number[]): (answers: Answers) => boolean {
  const masks = [...Map.groupBy(nos, (no) => Math.floor(no / BITS))].map(([word, some]) => ({ word, mask: some.reduce((bits, no) => bits | (1 << (no % BITS)), 0) }))
  const [first] = masks
  if (!first) return () => false
  return masks.length === 1 ? (answers) => (answers[first.word]! & first.mask) !== 0 : (answers) => masks.some(({ word, mask }) => (answers[word]! & mask) !== 0)
}

/** A statement's own parameters, whoever collects them. */
export const baseOf = (params: Params): Params => params.base ?? params

const placed = new WeakMap<Params, Map<string, string>>()
/** The same is one parameter, however often a statement needs it: a member's facts, and what policies ask in many words. */
export function once(params: Params, name: string, add: () => string): string {
  const names = remembered(placed, baseOf(params), () => new Map<string, string>())
  const known = names.get(name) ?? add()
  names.set(name, known)
  return known
}
