import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capitalYuan, exactYuan } from './index.ts'

const CASES: [string, string | null][] = [
  ['0', '零元整'], ['0.004', '零元整'], ['0.005', '壹分'], ['0.01', '壹分'], ['0.1', '壹角整'], ['0.12', '壹角贰分'],
  ['1', '壹元整'], ['1.05', '壹元零伍分'], ['1.5', '壹元伍角整'], ['10', '壹拾元整'], ['10.01', '壹拾元零壹分'], ['12.34', '壹拾贰元叁角肆分'],
  ['100', '壹佰元整'], ['101', '壹佰零壹元整'], ['110', '壹佰壹拾元整'], ['1000', '壹仟元整'], ['1001', '壹仟零壹元整'], ['1010', '壹仟零壹拾元整'], ['1100', '壹仟壹佰元整'],
  ['10000', '壹万元整'], ['10001', '壹万零壹元整'], ['10010', '壹万零壹拾元整'], ['10203.45', '壹万零贰佰零叁元肆角伍分'], ['12000', '壹万贰仟元整'], ['100000', '壹拾万元整'], ['100500', '壹拾万零伍佰元整'],
  ['1000000', '壹佰万元整'], ['1000001', '壹佰万零壹元整'], ['10500000', '壹仟零伍拾万元整'], ['1234567.89', '壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分'],
  ['100000000', '壹亿元整'], ['100000001', '壹亿零壹元整'], ['100010000', '壹亿零壹万元整'], ['110000000', '壹亿壹仟万元整'], ['101000000', '壹亿零壹佰万元整'], ['1000100001', '壹拾亿零壹拾万零壹元整'],
  ['107000.53', '壹拾万柒仟元伍角叁分'], ['1000000000000', '壹万亿元整'], ['1000100000000', '壹万零壹亿元整'], ['1000000010000', '壹万亿零壹万元整'], ['-88.8', '负捌拾捌元捌角整'], ['-0.001', '零元整'],
  ['99.995', '壹佰元整'], ['9999999999999999.99', '玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'], ['10000000000000000', null],
]

describe('amounts on paper', () => {
  it.each(CASES)('V26 %s in words', (amount, words) => expect(capitalYuan(amount)).toBe(words))

  it('V26 words and digits say the same amount', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999n }), (fen) => {
      const text = `${fen / 100n}.${(fen % 100n).toString().padStart(2, '0')}`
      expect(read(capitalYuan(text)!)).toBe(fen)
    }))
  })

  it.each([['0', '¥0.00'], ['1234567.8', '¥1,234,567.80'], ['-8.005', '-¥8.01'], ['99999999999.99', '¥99,999,999,999.99']])('V27 %s to the fen', (amount, text) => expect(exactYuan(amount)).toBe(text))
})

/** The other way round, by the plain rule: each digit counts by the units behind it. */
function read(words: string): bigint {
  const [yuan = '', small = ''] = words.includes('元') ? words.split('元') : ['', words]
  const tail = [...small.matchAll(/([壹贰叁肆伍陆柒捌玖])(角|分)/g)].reduce((sum, [, digit, unit]) => sum + BigInt('零壹贰叁肆伍陆柒捌玖'.indexOf(digit!)) * (unit === '角' ? 10n : 1n), 0n)
  return units(yuan) * 100n + tail
}

function units(text: string): bigint {
  for (const [sign, size] of [['亿', 100_000_000n], ['万', 10_000n]] as const) {
    const at = text.lastIndexOf(sign)
    if (at >= 0) return units(text.slice(0, at)) * size + units(text.slice(at + 1))
  }
  return [...text.matchAll(/([壹贰叁肆伍陆柒捌玖])(仟|佰|拾)?/g)].reduce((sum, [, digit, place]) => sum + BigInt('零壹贰叁肆伍陆柒捌玖'.indexOf(digit!)) * ({ 仟: 1000n, 佰: 100n, 拾: 10n }[place ?? ''] ?? 1n), 0n)
}
