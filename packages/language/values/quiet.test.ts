import { expect, test } from 'vitest'
import { afterQuiet, nextDaily, workingCalendar, type Quiet, type Workplace } from './index.ts'

const place: Workplace = { zone: 'Asia/Shanghai', calendar: workingCalendar() }
const at = (text: string) => Date.parse(`${text}:00+08:00`)
const shown = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)
const night: Quiet = { on: true, from: '20:00', to: '08:00', restDays: true }

test.for([
  ['2026-11-23T10:00', '2026-11-23T10:00', 'a working Monday'],
  ['2026-11-23T19:59', '2026-11-23T19:59', 'just before'],
  ['2026-11-23T20:00', '2026-11-24T08:00', 'over midnight'],
  ['2026-11-24T03:00', '2026-11-24T08:00', 'after midnight'],
  ['2026-11-27T21:00', '2026-11-30T09:00', 'Friday evening waits for Monday'],
  ['2026-11-28T12:00', '2026-11-30T09:00', 'Saturday'],
  ['2026-09-20T12:00', '2026-09-20T12:00', 'a Sunday that is worked'],
  ['2026-09-30T21:00', '2026-10-08T09:00', 'National Day'],
] as const)('V24 %s → %s: %s', ([from, to]) => expect(shown(afterQuiet(at(from), night, place))).toBe(to))

test('V24 within one day; switched off; rest days counted as others', () => {
  expect(shown(afterQuiet(at('2026-11-23T12:30'), { ...night, from: '12:00', to: '14:00' }, place))).toBe('2026-11-23T14:00')
  expect(shown(afterQuiet(at('2026-11-28T23:00'), { ...night, on: false }, place))).toBe('2026-11-28T23:00')
  expect(shown(afterQuiet(at('2026-11-28T23:00'), { ...night, restDays: false }, place))).toBe('2026-11-29T08:00')
  expect(shown(afterQuiet(at('2026-11-28T12:00'), { ...night, from: '08:00', to: '08:00', restDays: false }, place))).toBe('2026-11-28T12:00')
  expect(new Date(afterQuiet(Date.parse('2026-11-23T21:00:00-05:00'), night, { ...place, zone: 'America/New_York' })).toISOString()).toBe('2026-11-24T13:00:00.000Z')
})

test.for([
  ['2026-11-23T08:00', '08:30', '2026-11-23T08:30'],
  ['2026-11-23T08:30', '08:30', '2026-11-24T08:30'],
  ['2026-11-27T09:00', '08:30', '2026-11-30T08:30'],
  ['2026-11-23T06:00', '07:00', '2026-11-23T08:00'],
] as const)('V25 after %s the daily %s is %s', ([now, hour, then]) => expect(shown(nextDaily(at(now), hour, { quiet: night, place }))).toBe(then))

test.for([
  ['2026-11-23T08:00', '08:30', '2026-11-23T08:00', '2026-11-24T08:30', 'one a day, the hour moved meanwhile'],
  ['2026-11-24T00:20', '08:30', '2026-11-23T08:30', '2026-11-24T08:30', 'what left late skips no day'],
  ['2026-11-24T08:00', '22:30', '2026-11-24T08:00', '2026-11-25T08:00', 'an hour in the night comes each morning'],
] as const)('V25 at %s, daily at %s, last due %s → %s: %s', ([now, hour, due, then]) =>
  expect(shown(nextDaily(at(now), hour, { quiet: night, place, lastDue: at(due) }))).toBe(then))
