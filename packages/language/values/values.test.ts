import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDecimal, addDuration, areaOf, avatarText, canonicalDecimal, cleanLine, cleanText, compareDecimal, dayOf, durationDays, durationMs, foldAscii, formatDuration, formatInstant, formatMoney, formatPhone, formatRegion, formatRemaining, formatSeconds,
  fromMicros, halfWidth, isRegionCode, isWorkingTime, isZone, parseDay, parseDecimal, parseInstant, parsePhone, parseRange, parseRegion, parseText, provinceOf, regionPrefixes, regionsOf, startOfDay, textLength, toMicros,
} from './index.ts'
import { wallClock } from './zone.ts'

/** What a parser makes of a text: its value, or `!reason`. */
const outcome = (parsed: { ok: boolean }): unknown => {
  const { ok, ...rest } = parsed as { ok: boolean; reason?: string }
  const values = Object.values(rest)
  return ok ? (values.length === 1 ? values[0] : values) : `!${rest.reason}`
}

describe('phones', () => {
  test.for([
    '138 0013 8000', '138-0013-8000', '+86 138 0013 8000', '+86-138-0013-8000', '0086 13800138000', '86 138 0013 8000', '8613800138000', '１３８００１３８０００', '＋８６ 138 0013 8000', '138.0013.8000', '(138)00138000', '138——0013——8000',
  ])('V1 %s is a mobile', (text) => expect(outcome(parsePhone(text))).toBe('+8613800138000'))

  test.for([
    ['010-8888 8888', '+861088888888'], ['(021) 5555 6666', '+862155556666'], ['0512-66668888', '+8651266668888'], ['400-820-8820', '+864008208820'], ['010-88888888转801', '+861088888888'], ['+1 415 555 2671', '+14155552671'], ['+852 6123 4567', '+85261234567'],
  ] as const)('V1 %s is %s', ([text, e164]) => expect(outcome(parsePhone(text))).toBe(e164))

  test.for([
    ['', '!empty'], ['   ', '!empty'], ['abc', '!not_a_number'], ['12345678901', '!invalid'], ['10800138000', '!invalid'], ['88888888', '!too_short'], ['1380013', '!too_short'], ['13800138000,13900139000', '!not_a_number'], ['1380013800013800', '!invalid'], ['暂无', '!not_a_number'],
  ] as const)('V2 %s is refused: %s', ([text, reason]) => expect(outcome(parsePhone(text))).toBe(reason))

  test.for([
    ['+8613800138000', '138 0013 8000'], ['+861088888888', '010 8888 8888'], ['+862155556666', '021 5555 6666'], ['+8651266668888', '0512 6666 8888'], ['+864008208820', '400 820 8820'], ['+14155552671', '+14155552671'],
  ] as const)('V3 %s shows as %s', ([e164, shown]) => expect(formatPhone(e164)).toBe(shown))

  test('V1 V3 what is shown is read back', () => {
    for (const e164 of ['+8613800138000', '+861088888888', '+8651266668888', '+14155552671']) expect(outcome(parsePhone(formatPhone(e164)))).toBe(e164)
  })
  test('V2 no text at all makes it throw', () => fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parsePhone(text))))
})

describe('money', () => {
  test.for([
    ['1,000.00', '1000'], ['５０万', '500000'], ['3.2亿', '320000000'], ['50万元', '500000'], ['¥500000', '500000'], ['￥ 8,200.50', '8200.5'], ['50w', '500000'], ['约50万', '500000'], ['1,0000', '10000'], ['.5', '0.5'], ['-0', '0'], ['007', '7'], ['1.10', '1.1'], ['1千', '1000'],
  ] as const)('V4 %s is %s', ([text, value]) => expect(outcome(parseDecimal(text))).toBe(value))

  test.for([
    ['', '!empty'], ['abc', '!not_a_number'], ['1e400', '!not_a_number'], ['NaN', '!not_a_number'], ['Infinity', '!not_a_number'], ['1,2,3', '!not_a_number'], ['1.2.3', '!not_a_number'], ['五十万', '!not_a_number'], ['面议', '!not_a_number'], ['9'.repeat(31), '!too_large'], ['0.12345678901', '!too_large'],
  ] as const)('V5 %s is refused: %s', ([text, reason]) => expect(outcome(parseDecimal(text))).toBe(reason))

  test('V6 sums and comparisons are exact', () => {
    expect(addDecimal('0.1', '0.2')).toBe('0.3')
    expect(addDecimal('-1.05', '1')).toBe('-0.05')
    expect(compareDecimal('9007199254740993', '9007199254740992')).toBe(1)
    expect(compareDecimal('0.30000000000000004', '0.3')).toBe(1)
    expect(compareDecimal('1.0', '1')).toBe(0)
  })

  const decimal = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 28n }), fc.nat(10)).map(([minus, units, places]) => {
    const digits = units.toString().padStart(places + 1, '0')
    return `${minus ? '-' : ''}${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`
  })
  test('V4 V6 one value has one text, and order is that of the numbers', () =>
    fc.assert(fc.property(decimal, decimal, (a, b) => {
      const units = (text: string): bigint => BigInt(text.replace('.', '') + '0'.repeat(10 - text.split('.')[1]!.length))
      expect(compareDecimal(a, b)).toBe(units(a) < units(b) ? -1 : units(a) > units(b) ? 1 : 0)
      expect(canonicalDecimal(a) === canonicalDecimal(b)).toBe(units(a) === units(b))
      expect(canonicalDecimal(canonicalDecimal(a)!)).toBe(canonicalDecimal(a))
    })))

  test.for([
    ['50-100万', ['500000', '1000000']], ['50万-100万', ['500000', '1000000']], ['50~100万', ['500000', '1000000']], ['50—100', ['50', '100']], ['50 到 100 万元', ['500000', '1000000']], ['５０－１００万', ['500000', '1000000']],
    ['50万以上', ['500000', null]], ['≥50万', ['500000', null]], ['50万+', ['500000', null]], ['100万以下', [null, '1000000']], ['不超过100万', [null, '1000000']], ['500000', ['500000', '500000']], ['500000-100万', ['500000', '1000000']], ['100万-50万', ['500000', '1000000']],
    ['', '!empty'], ['abc', '!not_a_number'], ['abc-100万', '!not_a_number'], ['1e400', '!not_a_number'], ['NaN', '!not_a_number'],
  ] as const)('V7 %s', ([text, ends]) => expect(outcome(parseRange(text))).toEqual(ends))

  test.for([
    ['128000', '12.8 万', '12.8 万'], ['320000000', '3.2 亿', '3.2 亿'], ['8200', '¥8,200', '¥8,200'], ['8200.5', '¥8,200.50', '¥8,200.50'], ['99999999', '1 亿', '9,999.9999 万'], ['515150', '51.5 万', '51.515 万'], ['-500000', '-50 万', '-50 万'],
    ['10000.01', '1 万', '¥10,000.01'], ['0', '¥0', '¥0'], ['123456789012', '1,234.6 亿', '¥123,456,789,012'],
  ] as const)('V8 %s shows as %s, exactly %s', ([value, rounded, exact]) => {
    expect(formatMoney(value)).toBe(rounded)
    expect(formatMoney(value, 'zh', 'exact')).toBe(exact)
  })
  test('V8 exact money is read back as itself', () =>
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (yuan) => {
      expect(outcome(parseDecimal(formatMoney(String(yuan), 'zh', 'exact')))).toBe(String(yuan))
    })))
})

describe('time', () => {
  test.for([
    ['2026-11-22', '2026-11-22'], ['2024-02-29', '2024-02-29'], ['2026-02-29', '!no_such_day'], ['2026-02-30', '!no_such_day'], ['2026-13-01', '!no_such_day'], ['2026-00-10', '!no_such_day'], ['1899-12-31', '!out_of_range'], ['2201-01-01', '!out_of_range'], ['2026-1-2', '!not_a_day'], ['22/11/2026', '!not_a_day'],
  ] as const)('V9 %s', ([text, expected]) => expect(outcome(parseDay(text))).toBe(expected))

  test.for([
    ['2026-11-22', 'Asia/Shanghai', '2026-11-21T16:00:00.000Z'], ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'], ['2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'], ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'], ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z'],
  ] as const)('V10 %s in %s starts at %s', ([day, zone, instant]) => expect(new Date(startOfDay(day, zone)).toISOString()).toBe(instant))

  const zones = fc.constantFrom('Asia/Shanghai', 'America/Sao_Paulo', 'America/New_York', 'Asia/Kathmandu', 'Asia/Beirut', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC')
  test('V10 the instant before belongs to an earlier day', () =>
    fc.assert(fc.property(fc.date({ min: new Date('1985-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }), zones, (date, zone) => {
      const day = date.toISOString().slice(0, 10)
      const start = startOfDay(day, zone)
      expect(dayOf(start, zone)).toBe(day)
      expect(dayOf(start - 1, zone) < day).toBe(true)
    }), { numRuns: 300 }))
  test('V10 an unknown zone is told apart', () => expect([isZone('Asia/Shanghai'), isZone('Mars/Olympus')]).toEqual([true, false]))

  test.for([
    ['2026-11-22T14:05:00+08:00', '2026-11-22T06:05:00.000Z'], ['2026-11-22T06:05:00Z', '2026-11-22T06:05:00.000Z'], ['2026-11-22 14:05:00.123456+08', '2026-11-22T06:05:00.123Z'], ['2026-11-22T14:05:00', '!no_zone'], ['2026-02-30T00:00:00Z', '!no_such_time'], ['2026-11-22T24:00:00Z', '!no_such_time'], ['1812-11-22T00:00:00Z', '!out_of_range'], ['tomorrow', '!not_an_instant'],
  ] as const)('V11 %s', ([text, expected]) => expect(outcome(parseInstant(text))).toBe(expected))
  test('V11 microseconds survive', () =>
    fc.assert(fc.property(fc.integer({ min: -2_208_988_800_000_000, max: 7_289_654_399_999_999 }), (micros) => {
      expect(toMicros(fromMicros(micros))).toBe(micros)
    })))

  test('V12 natural time has a length, working time has not', () => {
    expect([durationMs('72h'), durationMs('3d'), durationMs('2w'), durationMs('25m'), durationMs('30s')]).toEqual([259_200_000, 259_200_000, 1_209_600_000, 1_500_000, 30_000])
    expect([durationDays('3d'), durationDays('2w'), durationDays('72h'), isWorkingTime('8wh'), isWorkingTime('25wm'), isWorkingTime('2w')]).toEqual([3, 14, null, true, true, false])
    expect(() => durationMs('3wd')).toThrow(RangeError)
    expect(addDuration(new Date('2026-11-22T06:00:00Z'), '72h').toISOString()).toBe('2026-11-25T06:00:00.000Z')
    expect([formatDuration('72h'), formatDuration('1d', 'en'), formatDuration('8wh')]).toEqual(['72 小时', '1 day', '8 工作小时'])
  })

  const now = new Date('2026-11-22T06:05:00Z')
  test.for([
    ['2026-11-22T06:04:30Z', '刚刚', 'just now'], ['2026-11-22T04:00:00Z', '2 小时前', '2 hours ago'], ['2026-11-22T06:23:00Z', '18 分钟后', 'in 18 min'], ['2026-11-20T06:05:00Z', '11-20 14:05', '11-20 14:05'], ['2025-11-20T06:05:00Z', '2025-11-20 14:05', '2025-11-20 14:05'],
  ] as const)('V13 %s shows as %s', ([at, zh, en]) => expect([formatInstant(at, now), formatInstant(at, now, 'en')]).toEqual([zh, en]))
  test('V48 seconds read as a length', () =>
    expect([0, 45, 60, 130, 3600, 3700].flatMap((seconds) => [formatSeconds(seconds), formatSeconds(seconds, 'en')])).toEqual(['0 秒', '0 s', '45 秒', '45 s', '1 分', '1 min', '2 分 10 秒', '2 min 10 s', '1 小时', '1 h', '1 小时 1 分', '1 h 1 min']))
  test('V13 deadlines say what is left', () =>
    expect([formatRemaining('2026-11-22T06:23:00Z', now), formatRemaining('2026-11-21T15:05:00Z', now), formatRemaining('2026-11-21T15:05:00Z', now, 'en'), formatRemaining('2026-11-29T06:05:00Z', now), formatRemaining('2026-11-25T06:04:30Z', now)]).toEqual(['剩 18 分钟', '晚了 15 小时', '15 hours late', '剩 7 天', '剩 72 小时']))
})

describe('places, names, text', () => {
  test.for([
    ['上海市', '310000'], ['上海', '310000'], ['江苏苏州', '320500'], ['江苏省苏州市吴中区', '320500'], ['苏州', '320500'], ['310000', '310000'], ['320505', '320505'], ['吉林', '220000'], ['吉林市', '220200'], ['北京市朝阳区', '110000'], ['中国 广东省 深圳市', '440300'], ['新疆伊犁', '654000'], ['内蒙古兴安盟', '152200'], ['香港', '810000'],
    ['', '!empty'], ['火星', '!unknown_region'], ['990000', '!unknown_region'],
  ] as const)('V14 %s', ([text, expected]) => expect(outcome(parseRegion(text))).toBe(expected))

  test('V14 every name in the table is read as its own code', () => {
    const cities = regionsOf().flatMap(({ code }) => regionsOf(code))
    expect([regionsOf().length, cities.length]).toEqual([34, 333])
    for (const { code, full } of [...regionsOf(), ...cities]) expect(outcome(parseRegion(full))).toBe(code)
    for (const { code, short } of cities) expect(outcome(parseRegion(formatRegion(provinceOf(code)) + short.zh))).toBe(code)
  })

  test('V15 a code knows where it lies', () => {
    expect([provinceOf('320505'), areaOf('320505'), areaOf('110000'), areaOf('990000')]).toEqual(['320000', 'east', 'north', null])
    expect([formatRegion('320500'), formatRegion('320505'), formatRegion('310000'), formatRegion('east'), formatRegion('320500', 'en'), formatRegion('990000')]).toEqual(['江苏苏州', '江苏苏州', '上海', '华东', 'Suzhou, Jiangsu', '990000'])
    expect([regionPrefixes('320000'), regionPrefixes('320500'), regionPrefixes('320505'), regionPrefixes('hmt')]).toEqual([['32'], ['3205'], ['320505'], ['71', '81', '82']])
    expect([isRegionCode('320505'), isRegionCode('990000'), isRegionCode('3205')]).toEqual([true, false, false])
  })

  test.for([['张三丰', '三丰'], ['欧阳娜娜', '娜娜'], ['王', '王'], ['Kevin 王', '王'], ['John Smith', 'JS'], ['madonna', 'MA'], ['', '?'], ['阿依古丽·买买提', '买提']] as const)('V16 %s shows %s', ([name, shown]) => expect(avatarText(name)).toBe(shown))

  test('V17 text is cleaned once and for all', () => {
    expect(cleanText('\u3000 e\u0301\u0000\u200b\r\n ')).toBe('é')
    expect(cleanLine('a\n\tb')).toBe('a b')
    expect(cleanText('\ud800a')).toBe('\ufffda')
    expect([outcome(parseText('张三丰', 3)), outcome(parseText('张三丰', 2)), textLength('😀a')]).toEqual(['张三丰', '!too_long', 2])
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = cleanText(text)
      expect(cleanText(clean)).toBe(clean)
      expect(clean.isWellFormed() && !clean.includes('\0')).toBe(true)
    }))
  })

  test('V18 only A–Z are folded', () => {
    expect(foldAscii('HTTP://Ｘ.cn/İÉ\u212a')).toBe('http://Ｘ.cn/İÉ\u212a')
    expect(halfWidth('ＡＢＣ　１２３！')).toBe('ABC 123!')
  })
})

test('V44 the wall clock of a zone is that of the calendar, also where the clocks jump', () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Monrovia', 'UTC']
  const jumps = [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6), Date.UTC(2026, 3, 4, 15), Date.UTC(1972, 0, 7, 0, 44, 30), Date.UTC(1991, 8, 14, 17)]
  fc.assert(fc.property(fc.constantFrom(...zones), fc.oneof(fc.integer({ min: -2e12, max: 4e12 }), fc.tuple(fc.constantFrom(...jumps), fc.integer({ min: -1_000_000, max: 1_000_000 })).map(([at, off]) => at + off)), (zone, ms) => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
    const wall = new Date(wallClock(ms, zone))
    expect([wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate(), wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds()]).toEqual([parts['year'], parts['month'], parts['day'], parts['hour'], parts['minute'], parts['second']])
  }), { numRuns: 2_000 })
})
