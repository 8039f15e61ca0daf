import { expect, test } from 'vitest'
import { hadBeen, tieOf, type DecisionView, type Had } from './index.ts'

const FITS = { skillFit: { same: 1, parent: 0.6, general: 0.4 }, regionFit: { same: 1, area: 0.7, other: 0 }, excludeMissingSkill: true, preferLoadBelow: 0.65 }
type Row = Partial<DecisionView['candidates'][number]> & { member: number }
const decision = (rows: Row[], given: Partial<DecisionView> = {}): DecisionView => ({
  no: 1, object: 'request', record: 'r', policy: 'able', policyVersion: 1, event: null, at: new Date(0), chosen: 1, reason: 'competed', weights: { skill: 0.4, region: 0.35, load: 0.25 }, asked: { skill: 'auto_parts', region: '320500', excluding: [] }, fallback: null,
  candidates: rows.map((row) => ({ skill: 1, region: 1, load: 1, open: 0, limit: 40, total: 1, partition: 1, excluded: null, reason: null, ...row })), ...given,
})
const had = (rows: Row[], given: Partial<DecisionView> = {}, away: number[] = []): Had[] => hadBeen(decision(rows, given), FITS, new Set(away))

test('G17 a better fit held back by the load: how many fewer, and which threshold would have done', () => {
  const found = had([{ member: 1, region: 0.7, open: 20 }, { member: 2, open: 28, total: 0.825, partition: 2 }])
  expect(found).toEqual([{ member: 2, kind: 'load', open: 25, was: 28, below: 0.65 }, { member: 2, kind: 'threshold', below: 0.71, was: 0.65 }])
})

test.each<[string, Row, Had['kind'] | null]>([
  ['full', { member: 2, open: 40, total: null, excluded: 'full' }, 'load'],
  ['out of the region', { member: 2, region: 0, open: 4, total: 0.6 }, 'region'],
  ['without the skill', { member: 2, skill: 0, open: 4, total: null, excluded: 'skill' }, 'skill'],
  ['away', { member: 2, open: 4, total: null, excluded: 'away:2026-11-25T10:00:00.000Z' }, 'away'],
  ['without capacity', { member: 2, limit: 0, total: null, excluded: 'no_capacity' }, null],
  ['far from it', { member: 2, skill: 0.4, region: 0, open: 30, total: 0.2, partition: 2 }, null],
])('G17 %s', (_, row, kind) => {
  expect(had([{ member: 1, open: 5 }, row]).filter((each) => each.kind !== 'threshold').map((each) => each.kind)).toEqual(kind === null ? [] : [kind])
})

test('G17 without what excluded them, it would have been another one; who was away would not', () => {
  const rows: Row[] = [{ member: 1, region: 0.7 }, { member: 2, skill: 0.6, total: null, excluded: 'rule:0' }, { member: 3, total: null, excluded: 'rule:0' }]
  const asked = { skill: 'auto_parts', region: '320500', excluding: [0] }
  expect(had(rows, { asked })).toEqual([{ member: 3, kind: 'exclusion', n: 0 }])
  expect(had(rows, { asked }, [3])).toEqual([])
})

test('G22 of equals, how complete somebody would have had to be; nothing where that could not be more', () => {
  const asked = { skill: 'auto_parts', region: '320500', excluding: [], premium: true }
  const rows = (complete: number): Row[] => [{ member: 1, completeness: { complete, total: 50 } }, { member: 2, completeness: { complete: 40, total: 50 } }]
  expect(had(rows(46), { asked })).toEqual([{ member: 2, kind: 'completeness', above: 0.92, was: 0.8 }])
  expect(had(rows(50), { asked }).filter(({ kind }) => kind === 'completeness')).toEqual([])
  const both = rows(46).map((row) => ({ skill: 1, region: 1, load: 1, open: 0, limit: 40, total: 1, partition: 1 as const, excluded: null, reason: null, ...row }))
  expect(tieOf({ candidates: both, chosen: 1, reason: 'competed' })).toEqual({ by: 'completeness', with: [2] })
  expect(tieOf({ candidates: both.map(({ completeness: _, ...row }) => row), chosen: 1, reason: 'competed' })).toEqual({ by: 'waiting', with: [2] })
  expect(tieOf({ candidates: both, chosen: 1, reason: 'turn' })).toBeNull()
  expect(tieOf({ candidates: both.map((row) => ({ ...row, total: row.member === 1 ? 1 : 0.9 })), chosen: 1, reason: 'competed' })).toBeNull()
})

test('G17 nothing is said where it hangs on who has waited longer, and somebody is named where nobody could', () => {
  expect(had([{ member: 1 }, { member: 2 }])).toEqual([])
  expect(had([{ member: 2, open: 40, total: null, excluded: 'full' }], { chosen: null, reason: 'pool:east' })).toEqual([{ member: 2, kind: 'load', open: 39, was: 40, below: null }])
})
