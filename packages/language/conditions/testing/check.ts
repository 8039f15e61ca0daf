import { expect } from 'vitest'
import { workingCalendar } from '../../values/index.ts'
import { checkCondition, NOTHING_SEEN, schemaOf, toPredicate, type BindContext, type Checked, type Condition, type Image, type Problem, type Profile, type Seen } from '../index.ts'
import { DEFINITIONS } from './world.ts'

export const THINGS = schemaOf('thing', DEFINITIONS)
export const AT: BindContext = { me: 2, myTeams: [1, 3], now: new Date('2026-11-22T06:00:00.000Z'), zone: 'Asia/Shanghai', calendar: workingCalendar() }

/** A condition about a thing that must be valid. */
export function checked(condition: unknown, profile: Profile = 'rule'): Checked {
  const result = checkCondition(condition, THINGS, profile)
  if (!result.ok) expect.fail(JSON.stringify(result.problems))
  return result.checked
}

export function problemsOf(condition: unknown, profile: Profile = 'rule'): Problem[] {
  const result = checkCondition(condition, THINGS, profile)
  return result.ok ? [] : result.problems
}

/** `code@place` of everything that is wrong. */
export const faults = (condition: unknown, profile: Profile = 'rule'): string[] => problemsOf(condition, profile).map(({ code, path }) => `${code}@${path}`)

export const holds = (condition: Condition, image: Image, seen: Seen = NOTHING_SEEN, at: BindContext = AT): boolean => toPredicate(checked(condition))(image, seen, at)
