import type { AssignmentPolicy } from '#language/definitions'

type Parts = AssignmentPolicy['weights']
export const PARTS = ['skill', 'region', 'load'] as const
export type Part = (typeof PARTS)[number]
export const percent = (share: number): number => Math.round(share * 100)
export const total = (weights: Parts): number => PARTS.reduce((sum, part) => sum + percent(weights[part]), 0)

/** One share takes this value, and the others keep their proportion within what is left; whole per cents that add up to a hundred. */
export function balanced(weights: Parts, part: Part, next: number): Parts {
  const [one, other] = PARTS.filter((each) => each !== part) as [Part, Part]
  const left = 100 - next
  const [a, b] = [percent(weights[one]), percent(weights[other])]
  const first = a + b === 0 ? Math.round(left / 2) : Math.round((left * a) / (a + b))
  return { ...weights, [part]: next / 100, [one]: first / 100, [other]: (left - first) / 100 }
}
