import { expect, test } from 'vitest'
import type { FallbackStep } from '#language/definitions'
import { STANDARD_CALENDAR } from '#language/values'
import { fallBack, stepsAt } from './fallback.ts'
import { type Candidate, type PublishedPolicy, score } from './index.ts'

const label = (zh: string) => ({ zh, en: zh })
const policy = (steps?: FallbackStep[]): PublishedPolicy => ({
  key: 'able', label: label('能'), object: 'case', skillField: 'field', regionField: 'region', weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 }, excludeMissingSkill: true,
  regionFit: { same: 1, area: 0.7, other: 0 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['doctor'], exclusions: [{ when: { all: [] }, lacks: 'knee', reason: label('要会看膝') }], fallback: { pool: 'region', alertRole: 'head', ...(steps && { steps }) }, active: true, version: 1,
})
const who = (member: number, given: Partial<Candidate> = {}): Candidate => ({ member, name: `m${member}`, skills: ['eyes'], regions: ['310000'], load: { open: 0, limit: 3 }, received: null, ...given })
const classOf = (skill: string) => skill
const TEAMS = new Map([[1, { id: 1, name: '总', parent: null, head: null }], [2, { id: 2, name: '东', parent: 1, head: null }], [3, { id: 3, name: '北', parent: 1, head: null }]])
const asked = { skill: 'knee', region: '320000', excluding: [0] }
function falls(steps: FallbackStep[] | undefined, candidates: Candidate[], given: { steps?: number[]; asked?: typeof asked | { skill: string; region: null; excluding: number[] } } = {}) {
  const [its, what] = [policy(steps), given.asked ?? asked]
  return fallBack(its, { asked: what, candidates, scored: score(its, what, candidates, classOf), steps: given.steps, classOf, teams: TEAMS })
}

test('G23 G25 first the team of the greater region, whatever they know; the others only where it has nobody', () => {
  const east = [who(1, { load: { open: 2, limit: 3 } }), who(2), who(3, { regions: ['110000'] })]
  const { chosen, reason, scored, first, tried } = falls([{ to: 'team' }, { to: 'pool' }, { to: 'supervisor' }], east)
  expect({ chosen, reason, tried }).toEqual({ chosen: 2, reason: 'team', tried: [{ to: 'team' }] })
  expect(scored.map(({ excluded }) => excluded)).toEqual([null, null, 'region'])
  expect(first!.map(({ excluded }) => excluded)).toEqual(['rule:0', 'rule:0', 'rule:0'])
  expect(falls([{ to: 'team' }, { to: 'pool' }], east.map((each) => ({ ...each, load: { open: 3, limit: 3 } })))).toMatchObject({ chosen: null, reason: 'pool', tried: [{ to: 'team' }, { to: 'pool' }] })
  expect(falls([{ to: 'team' }], [who(3, { regions: ['110000'] })], { asked: { skill: 'knee', region: null, excluding: [0] } })).toMatchObject({ chosen: 3 })
  expect(falls([{ to: 'team' }], [who(1, { away: '2026-11-25T10:00:00.000Z' }), who(2, { offDuty: true })])).toMatchObject({ chosen: null })
})

test('G23 a team that is named, with those below it; then the next', () => {
  const people = [who(1, { teams: [2] }), who(2, { teams: [3], regions: ['110000'] })]
  expect(falls([{ to: 'team', team: 3 }], people)).toMatchObject({ chosen: 2, tried: [{ to: 'team', team: 3 }] })
  expect(falls([{ to: 'team', team: 1 }], people)).toMatchObject({ chosen: 1 })
  expect(falls([{ to: 'team', team: 9 }, { to: 'supervisor' }], people)).toMatchObject({ chosen: null, tried: [{ to: 'team', team: 9 }, { to: 'supervisor' }] })
})

test('G23 without steps of its own: the pool, then the supervisor', () => {
  expect(falls(undefined, [who(1)])).toMatchObject({ chosen: null, reason: 'pool', tried: [{ to: 'pool' }, { to: 'supervisor' }] })
})

test('G24 steps whose condition is met and whose time has come', () => {
  const steps: FallbackStep[] = [{ to: 'team', when: { all: [] } }, { to: 'pool', after: '4h' }, { to: 'supervisor', after: '1d' }]
  const at = (hours: number, met = true) => stepsAt(policy(steps), { made: new Date(0), now: new Date(hours * 3_600_000), met: (n) => n > 0 || met, place: { zone: 'Asia/Shanghai', calendar: STANDARD_CALENDAR } })
  expect([at(0), at(3.9), at(4), at(25), at(25, false)]).toEqual([[0], [0], [0, 1], [0, 1, 2], [1, 2]])
  expect(falls(steps, [who(1)])).toMatchObject({ chosen: null, tried: [] })
  expect(falls(steps, [who(1)], { steps: [1, 2] })).toMatchObject({ chosen: null, tried: [{ to: 'pool' }, { to: 'supervisor' }] })
})
