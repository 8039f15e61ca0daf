import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AssignmentPolicy } from '#language/definitions'
import { best, otherwise, score, tallyOf, type Candidate, type Story, type Told, type Weighing } from './index.ts'

const POLICY: AssignmentPolicy = {
  key: 'ability', label: { zh: '按能力', en: 'By ability' }, object: 'request', skillField: 'industry', regionField: 'region',
  weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 }, excludeMissingSkill: true,
  regionFit: { same: 1, area: 0.7, other: 0 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['sales'], exclusions: [], fallback: { pool: 'region', alertRole: 'lead' }, active: true,
  completeness: { complete: { field: 'phone', op: 'notEmpty' }, days: 90 },
}
const WEIGHING: Weighing = { ...POLICY, completeness: true }
/** The policy that weighs so. */
const policyOf = ({ completeness, ...weighed }: Weighing): AssignmentPolicy => { const { completeness: asked, ...rest } = POLICY; return { ...rest, ...weighed, ...(completeness && { completeness: asked }) } }
const CLASS: Record<string, string> = { auto_parts: 'auto', vehicles: 'auto', food: 'consumer' }
const classOf = (skill: string) => CLASS[skill] ?? skill
const [SHANGHAI, JIANGSU, BEIJING] = ['310000', '320000', '110000']

interface Arrival { skill: string | null; region: string | null; premium?: boolean; /** Minutes until it is done; null: it stays. */ lasts: number | null }
type Person = Pick<Candidate, 'member' | 'skills' | 'regions' | 'completeness'> & { limit: number }
const MINUTE = 60_000

/** One record a minute, decided as the desk does it; a record ends at its time, whoever holds it. */
function live(people: readonly Person[], arrivals: readonly Arrival[], policy: AssignmentPolicy): Told[] {
  const candidates: Candidate[] = people.map(({ limit, ...each }) => ({ ...each, name: 'x', load: { open: 0, limit }, received: null }))
  const ends: { at: number; member: number }[] = []
  let received = 0
  return arrivals.map(({ skill, region, premium = false, lasts }, i) => {
    const at = i * MINUTE
    for (const end of ends.splice(0)) if (end.at > at) ends.push(end); else candidates.find(({ member }) => member === end.member)!.load.open--
    const lines = score(policy, { skill, region, excluding: [], premium: premium && policy.completeness !== undefined }, candidates, classOf)
    const chosen = best(lines, candidates)?.member ?? null
    const until = chosen === null || lasts === null ? null : at + lasts * MINUTE
    const who = candidates.find(({ member }) => member === chosen)
    if (who) { who.load = { ...who.load, open: who.load.open + 1 }; who.received = ++received; if (until !== null) ends.push({ at: until, member: chosen! }) }
    return { no: i + 1, record: `r${i}`, at, since: at - MINUTE, chosen, existing: false, skill, version: 1, lines, held: chosen !== null, until, later: null }
  })
}

const storyOf = (told: readonly Told[], policy = POLICY): Story => ({ policy: 'ability', object: 'request', from: new Date(0), to: new Date(1e9), told, came: [], versions: new Map([[1, policy]]), cut: false })
const chosen = (outcomes: readonly { chosen: number | null }[]) => outcomes.map((outcome) => outcome.chosen)

const SKILLS = ['auto_parts', 'vehicles', 'food', '*']
const people = fc.uniqueArray(fc.record({ member: fc.integer({ min: 1, max: 40 }), skills: fc.uniqueArray(fc.constantFrom(...SKILLS), { maxLength: 3 }), regions: fc.uniqueArray(fc.constantFrom(SHANGHAI, JIANGSU, BEIJING), { maxLength: 2 }), limit: fc.integer({ min: 0, max: 6 }), completeness: fc.option(fc.record({ complete: fc.integer({ min: 0, max: 2 }), total: fc.constant(2) }), { nil: undefined }) }), { selector: ({ member }) => member, maxLength: 8 })
const arrival = (lasts: fc.Arbitrary<number | null>) => fc.record({ skill: fc.option(fc.constantFrom(...SKILLS.slice(0, -1))), region: fc.option(fc.constantFrom(SHANGHAI, JIANGSU, BEIJING)), premium: fc.boolean(), lasts })
const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 20)
const weighing: fc.Arbitrary<Weighing> = fc.record({ weights: fc.record({ skill: share, region: share, load: share }), preferLoadBelow: share, skillFit: fc.constant(POLICY.skillFit), regionFit: fc.constant(POLICY.regionFit), completeness: fc.boolean() })

test('G14 G22 weighed as it was, every story comes out as it went', () => {
  fc.assert(fc.property(people, fc.array(arrival(fc.option(fc.integer({ min: 1, max: 30 }))), { maxLength: 60 }), weighing, (who, arrivals, weighed) => {
    const policy = policyOf(weighed)
    const told = live(who, arrivals, policy)
    expect(chosen(otherwise(storyOf(told, policy), weighed))).toEqual(chosen(told))
  }), { numRuns: 400 })
})

test('G15 G22 weighed otherwise, with completeness or without, it comes out as if it had been weighed so all the time', () => {
  // Records that everybody could take end as they do in truth, whoever holds them; nobody waits in either course.
  const enough = people.map((all) => [...all.map((each) => ({ ...each, skills: [...each.skills, '*'] })), { member: 99, skills: ['*'], regions: [], limit: 1_000, completeness: undefined }])
  fc.assert(fc.property(enough, fc.array(arrival(fc.option(fc.integer({ min: 1, max: 30 }))), { maxLength: 60 }), weighing, (who, arrivals, weighed) => {
    const told = live(who, arrivals, POLICY)
    expect(chosen(otherwise(storyOf(told), weighed))).toEqual(chosen(live(who, arrivals, policyOf(weighed))))
  }), { numRuns: 400 })
})

test('G15 other fits are told apart by what they stood for', () => {
  const told = live([{ member: 1, skills: ['vehicles'], regions: [SHANGHAI], limit: 10 }, { member: 2, skills: ['*'], regions: [SHANGHAI], limit: 10 }], [{ skill: 'auto_parts', region: SHANGHAI, lasts: null }], POLICY)
  expect(chosen(told)).toEqual([1])
  expect(chosen(otherwise(storyOf(told), { ...WEIGHING, skillFit: { same: 1, parent: 0.3, general: 0.5 } }))).toEqual([2])
  expect(chosen(otherwise(storyOf(told), { ...WEIGHING, skillFit: { same: 1, parent: 0, general: 0 } }))).toEqual([null])
})

test('G15 what was given without competition stays, and what waited is taken by whoever has room now', () => {
  const [first] = live([{ member: 1, skills: ['*'], regions: [], limit: 1 }], [{ skill: null, region: null, lasts: null }], POLICY)
  const own: Told = { ...first!, existing: true, lines: [] }
  const [, full] = live([{ member: 1, skills: ['*'], regions: [], limit: 1 }, { member: 2, skills: ['food'], regions: [], limit: 1 }], [{ skill: null, region: null, lasts: null }, { skill: 'auto_parts', region: null, lasts: null }], POLICY)
  expect(full!.chosen).toBeNull()
  expect(chosen(otherwise(storyOf([own]), { ...WEIGHING, weights: { skill: 0, region: 0, load: 1 } }))).toEqual([1])
})

test('G16 who receives how much, how fair that is, how long it took; nothing is reckoned of what nobody knows', () => {
  const who = [{ member: 1, skills: ['auto_parts'], regions: [SHANGHAI], limit: 10 }, { member: 2, skills: ['*'], regions: [BEIJING], limit: 10 }]
  const told = live(who, Array.from({ length: 4 }, () => ({ skill: 'auto_parts', region: SHANGHAI, lasts: null })), POLICY)
  const story = storyOf([...told, { ...told[0]!, no: 9, record: 'late', at: told[0]!.at + 9 * MINUTE, since: told[0]!.at, chosen: null, held: false, lines: [], later: told[0]!.at + 60 * MINUTE }])
  const tally = tallyOf(story, otherwise(story, { ...WEIGHING, weights: { skill: 0, region: 0, load: 1 } }))
  expect(tally).toMatchObject({ decisions: 5, competed: 5, moved: 2, actual: { fairness: 0.5, skill: 1, region: 1, nobody: 1, waited: { half: 60, most: 3600 } }, asIf: { fairness: 1, skill: 0.7, region: 0.5, nobody: 1 } })
  expect(tally.members).toMatchObject([{ member: 1, received: { actual: 4, asIf: 2 }, lost: 2, gained: 0, peak: { actual: 0.3, asIf: 0.2 } }, { member: 2, received: { actual: 0, asIf: 2 }, gained: 2 }])
})
