import { expect, test } from 'vitest'
import { hints, likes } from './words.ts'

const bare = (pattern: string): string => pattern.slice(1, -1).replaceAll(/\\([\\%_])/g, '$1')

test('U3 what is looked for first is met by every spelling, and is less', () => {
  for (const value of ['+8613912345678', '+4915112345678', 'Ouyang.Ruolin@Example.cn', 'İpek_100%\\x@例.cn', '欧阳若琳', '𠮷野屋𠮷野屋a𠮷', 'Zoë Müller', '滨江区江南大道 88 号', 'https://例.cn/?a=1&b=王', '李四光']) {
    const [spelt, hinted] = [likes([value]).map(bare), hints([value]).map(bare)]
    expect([value, spelt.filter((text) => !hinted.some((hint) => text.includes(hint) && hint.isWellFormed()))]).toEqual([value, []])
    expect(hinted.length).toBeLessThanOrEqual(spelt.length)
  }
  expect([hints(['+8613912345678']), likes(['+8613912345678']).length]).toEqual([['%5678%'], 5])
  expect(hints(['ouyang.ruolin@example.cn'])).toEqual(['%ouyang.ruolin%'])
})
