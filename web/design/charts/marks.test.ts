import { expect, test } from 'vitest'
import { ticksOf } from './marks.ts'

test.for([
  [0, 100, '0 25 50 75 100'], [0, 7, '0 2 4 6 8'], [0, 0, '0 0.25 0.5 0.75 1'], [0, 1_234_567, '0 500000 1000000 1500000'], [-30, 50, '-40 -20 0 20 40 60'], [0, 1, '0 0.25 0.5 0.75 1'], [0, 0.3, '0 0.1 0.2 0.3'],
] as const)('round steps from %s to %s', ([low, high, ticks]) => expect(ticksOf(low, high).join(' ')).toBe(ticks))

test.for([[1, '0 1'], [0, '0 1'], [3, '0 1 2 3'], [9, '0 5 10'], [100, '0 25 50 75 100']] as const)('whole steps up to %s', ([high, ticks]) => expect(ticksOf(0, high, true).join(' ')).toBe(ticks))
