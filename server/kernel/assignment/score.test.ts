import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AssignmentPolicy } from '#language/definitions'
import { areaOf, provinceOf } from '#language/values'
import { type Asked, best, type Candidate, score, type Scored } from './index.ts'

const POLICY: AssignmentPolicy = {
  key: 'ability', label: { zh: '按能力', en: 'By ability' }, object: 'request', skillField: 'industry', regionField: 'region',
  weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 }, excludeMissingSkill: true,
  regionFit: { same: 1, area: 0.7, other: 0 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['sales'],
  exclusions: [{ when: { all: [] }, lacks: 'auto_parts', reason: { zh: '未做过零部件', en: 'No parts experience' } }],
  fallback: { pool: 'region', alertRole: 'lead' }, active: true,
}
const CLASS: Record<string, string> = { auto_parts: 'auto', vehicles: 'auto', food: 'consumer' }
const classOf = (skill: string) => CLASS[skill] ?? skill
const [SHANGHAI, SUZHOU, JIANGSU, BEIJING] = ['310000', '320500', '320000', '110000']

const who = (member: number, given: Partial<Candidate> = {}): Candidate => ({ member, name: `m${member}`, skills: ['auto_parts'], regions: [SHANGHAI], load: { open: 0, limit: 40 }, received: null, ...given })
const asked = (given: Partial<Asked> = {}): Asked => ({ skill: 'auto_parts', region: SHANGHAI, excluding: [], ...given })
const one = (candidate: Candidate, what = asked(), policy = POLICY): Scored => score(policy, what, [candidate], classOf)[0]!
const winner = (candidates: Candidate[], what = asked(), policy = POLICY) => best(score(policy, what, candidates, classOf), candidates)?.member

test('G1 the parts and the weighted total', () => {
  expect(one(who(1, { load: { open: 10, limit: 40 }, regions: [JIANGSU] }))).toMatchObject({ skill: 1, region: 0.7, load: 0.75, total: 0.8325, partition: 1, excluded: null })
})

test.each<[string, Partial<Candidate>, Partial<Asked>, number]>([
  ['the same option', {}, {}, 1],
  ['the class itself', { skills: ['auto'] }, {}, 0.6],
  ['a sibling', { skills: ['vehicles'] }, {}, 0.6],
  ['a general practitioner', { skills: ['food', '*'] }, {}, 0.4],
  ['a record of the class', {}, { skill: 'auto' }, 0.6],
  ['none asked', {}, { skill: null }, 0],
  ['none asked, general', { skills: ['*'] }, { skill: null }, 0.4],
])('G2 fit: %s', (_, candidate, what, fit) => expect(one(who(1, candidate), asked(what))).toMatchObject({ skill: fit, excluded: null }))

test.each<[string, string[], string | null, number]>([
  ['same province', [JIANGSU], SUZHOU, 1], ['same greater region', [SHANGHAI], SUZHOU, 0.7], ['elsewhere', [BEIJING], SUZHOU, 0], ['unknown', [SHANGHAI], null, 0],
])('G3 reach: %s', (_, regions, region, reach) => expect(one(who(1, { regions }), asked({ region })).region).toBe(reach))

test('G4 the less loaded go first, whatever their score', () => {
  expect(winner([who(1, { load: { open: 26, limit: 40 } }), who(2, { skills: ['*'], regions: [], load: { open: 25, limit: 40 } })])).toBe(2)
  expect(winner([who(1, { load: { open: 26, limit: 40 } }), who(2, { skills: ['*'], regions: [], load: { open: 26, limit: 40 } })])).toBe(1)
})

test('G5 ties: longest without, never first, then the smaller id', () => {
  expect(winner([who(3, { received: 9 }), who(2, { received: 7 })])).toBe(2)
  expect(winner([who(3, { received: null }), who(2, { received: 7 })])).toBe(3)
  expect(winner([who(3), who(2)])).toBe(2)
})

test('G20 of equals over a premium record, whoever keeps more of their own complete; nothing known comes last; then waiting', () => {
  const [few, most] = [{ complete: 30, total: 50 }, { complete: 9, total: 10 }]
  const two = [who(1, { completeness: few, received: null }), who(2, { completeness: most, received: 9 })]
  expect(winner(two, asked({ premium: true }))).toBe(2)
  expect(winner(two, asked({ premium: false }))).toBe(1)
  expect(winner(two, asked({ premium: true }), { ...POLICY, mode: 'rotation' })).toBe(1)
  expect(winner([who(1, { completeness: { complete: 0, total: 0 } }), who(2, { completeness: { complete: 0, total: 3 }, received: 9 })], asked({ premium: true }))).toBe(2)
  expect(winner([who(1, { completeness: most, received: 9 }), who(2, { completeness: { complete: 18, total: 20 }, received: 3 })], asked({ premium: true }))).toBe(2)
  expect(winner([who(1, { completeness: few }), who(2, { completeness: most, load: { open: 1, limit: 40 } })], asked({ premium: true }))).toBe(1)
})

test.each<[string, Partial<Candidate>, Partial<AssignmentPolicy>, Partial<Asked>]>([
  ['skill', { skills: ['food'] }, {}, {}],
  ['region', { regions: [BEIJING] }, { regionOnly: true }, {}],
  ['no_capacity', { load: { open: 0, limit: 0 } }, {}, {}],
  ['full', { load: { open: 40, limit: 40 } }, {}, {}],
  ['rule:0', { skills: ['vehicles'] }, {}, { excluding: [0] }],
])('G6 excluded by %s, and kept in the table', (excluded, candidate, policy, what) => {
  expect(one(who(1, candidate), asked(what), { ...POLICY, ...policy })).toMatchObject({ total: null, excluded })
})

test('G13 whoever is away is left out, with until when', () => {
  expect(one(who(1, { away: '2026-11-25T10:00:00.000Z' }))).toMatchObject({ total: null, excluded: 'away:2026-11-25T10:00:00.000Z' })
  expect(one(who(1, { away: '2026-11-25T10:00:00.000Z', skills: ['food'] })).excluded).toBe('skill')
  expect(winner([who(1, { away: '2026-11-25T10:00:00.000Z' }), who(2)])).toBe(2)
})

test('G18 whoever is not on duty does not compete where the policy asks for it', () => {
  expect(one(who(1, { offDuty: true }))).toMatchObject({ total: null, excluded: 'off_duty' })
  expect(winner([who(1, { offDuty: true }), who(2, { skills: ['*'] })])).toBe(2)
})

test('G19 in a rotation whoever has waited longest is next, whatever the score; who may not take it is passed over', () => {
  const turns = { ...POLICY, mode: 'rotation' as const, excludeMissingSkill: false }
  const three = [who(1, { received: 9 }), who(2, { received: 4, skills: ['food'], regions: [], load: { open: 39, limit: 40 } }), who(3, { received: 2, load: { open: 40, limit: 40 } })]
  expect(winner(three, asked(), turns)).toBe(2)
  expect(winner(three)).toBe(1)
  const counts = new Map<number, number>()
  const people = [1, 2, 3, 4].map((member) => who(member, { load: { open: 0, limit: 100 } }))
  for (let n = 0; n < 40; n++) { const next = people.find(({ member }) => member === winner(people, asked(), turns))!; next.received = n; counts.set(next.member, (counts.get(next.member) ?? 0) + 1) }
  expect([...counts.values()]).toEqual([10, 10, 10, 10])
})

test('G7 a finer skill is enough, being general is not', () => {
  const demanding = { ...POLICY, exclusions: [{ ...POLICY.exclusions[0]!, lacks: 'auto' }] }
  expect(one(who(1), asked({ excluding: [0] }), demanding).excluded).toBeNull()
  expect(one(who(1, { skills: ['*'] }), asked({ excluding: [0] }), demanding).excluded).toBe('rule:0')
})

/** The policy in words, written again without looking: filter, then sort by a tuple. */
function reference(policy: AssignmentPolicy, what: Asked, candidates: Candidate[]): number | undefined {
  const rate = ({ load }: Candidate) => (load.limit === null ? 0 : load.open / load.limit)
  const fit = ({ skills }: Candidate) => {
    const named = skills.filter((each) => each !== '*')
    if (what.skill !== null && named.includes(what.skill)) return policy.skillFit.same
    if (what.skill !== null && named.map(classOf).includes(classOf(what.skill))) return policy.skillFit.parent
    return skills.includes('*') ? policy.skillFit.general : 0
  }
  const reach = ({ regions }: Candidate) => {
    if (what.region === null) return 0
    if (regions.map(provinceOf).includes(provinceOf(what.region))) return policy.regionFit.same
    return regions.map(areaOf).includes(areaOf(what.region)) ? policy.regionFit.area : policy.regionFit.other
  }
  const eligible = candidates
    .filter(({ load: { open, limit } }) => limit === null || open < limit)
    .filter((each) => !policy.excludeMissingSkill || what.skill === null || fit(each) > 0)
    .filter((each) => !policy.regionOnly || what.region === null || each.regions.map(areaOf).includes(areaOf(what.region!)))
    .filter(({ skills }) => what.excluding.every((n) => skills.some((each) => each === policy.exclusions[n]!.lacks || (each !== '*' && classOf(each) === policy.exclusions[n]!.lacks))))
  const key = (each: Candidate) => [
    rate(each) < policy.preferLoadBelow ? 0 : 1,
    -Math.round(1e6 * (policy.weights.skill * fit(each) + policy.weights.region * reach(each) + policy.weights.load * (1 - rate(each)))),
    each.received ?? -1, each.member,
  ]
  return eligible.sort((a, b) => { const [x, y] = [key(a), key(b)]; return x.map((n, i) => n - y[i]!).find((n) => n !== 0) ?? 0 })[0]?.member
}

const SKILLS = ['auto', 'auto_parts', 'vehicles', 'consumer', 'food', '*']
const REGIONS = [SHANGHAI, JIANGSU, BEIJING, '440000', '120000']
const candidates = fc.uniqueArray(fc.record({
  member: fc.integer({ min: 1, max: 60 }), name: fc.constant('x'), skills: fc.uniqueArray(fc.constantFrom(...SKILLS), { maxLength: 3 }), regions: fc.uniqueArray(fc.constantFrom(...REGIONS), { maxLength: 2 }),
  load: fc.oneof(fc.record({ open: fc.integer({ min: 0, max: 6 }), limit: fc.integer({ min: 0, max: 6 }) }), fc.constant({ open: 0, limit: null })), received: fc.option(fc.integer({ min: 0, max: 5 })),
}), { selector: ({ member }) => member, maxLength: 12 })
const wishes = fc.record({ skill: fc.option(fc.constantFrom(...SKILLS.slice(0, -1))), region: fc.option(fc.constantFrom(...REGIONS, SUZHOU)), excluding: fc.subarray([0]) })
const policies = fc.record({ regionOnly: fc.boolean(), excludeMissingSkill: fc.boolean(), preferLoadBelow: fc.constantFrom(0, 0.5, 0.65, 1) })

test('G1 G4 G5 G6 the choice is the one that the policy in words makes', () => {
  fc.assert(fc.property(candidates, wishes, policies, (people, what, more) => {
    const policy = { ...POLICY, ...more }
    expect(winner(people, what, policy)).toBe(reference(policy, what, people))
  }), { numRuns: 2_000 })
})
