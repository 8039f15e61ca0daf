import { expect, test } from 'vitest'
import { opensAt, type ClosedSlot } from './index.ts'

const at = (text: string) => Date.parse(`${text}:00+08:00`)
const shown = (ms: number | null) => ms && new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)
const wednesday: ClosedSlot = { days: [3], from: '15:00', to: null }

test.for([
  ['2026-11-25T14:59', '2026-11-25T14:59', [wednesday], 'just before'],
  ['2026-11-25T15:00', '2026-11-26T00:00', [wednesday], 'Wednesday from three'],
  ['2026-11-24T16:00', '2026-11-24T16:00', [wednesday], 'Tuesday'],
  ['2026-11-25T16:00', '2026-11-26T09:30', [wednesday, { days: [4], from: '00:00', to: '09:30' }], 'slots that touch are one'],
  ['2026-11-29T12:30', '2026-11-29T14:00', [{ days: [6, 7], from: '12:00', to: '14:00' }], 'Sunday noon'],
] as const)('V45 at %s it opens at %s: %s', ([from, to, slots]) => expect(shown(opensAt(at(from), slots, 'Asia/Shanghai'))).toBe(to))

test('V45 a week that is closed altogether never opens', () => {
  expect(opensAt(at('2026-11-25T15:00'), [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: null }], 'Asia/Shanghai')).toBeNull()
})
