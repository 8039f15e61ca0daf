import fc from 'fast-check'
import { expect, test } from 'vitest'
import { after, assumedYears, before, DAY_MS, dayNumber, durationMs, formatDuration, instantAt, isWorkingDay, isWorkingTime, missingYears, nextWorkingDay, PUBLIC_HOLIDAYS, readNotice, STANDARD_WEEK, weekdayOf, workedBetween, workingCalendar, type Workplace } from './index.ts'

const calendar = workingCalendar()
const place: Workplace = { zone: 'Asia/Shanghai', calendar }
const at = (text: string) => Date.parse(`${text}:00+08:00`)
const shown = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)

test.for([
  ['2026-10-01', false], ['2026-10-07', false], ['2026-10-08', true], ['2026-09-20', true], ['2026-10-10', true], ['2026-09-19', false], ['2026-10-11', false],
  ['2026-02-14', true], ['2026-02-16', false], ['2026-02-23', false], ['2026-02-28', true], ['2026-01-02', false], ['2026-01-04', true],
  ['2025-01-26', true], ['2025-02-04', false], ['2025-10-08', false], ['2025-10-11', true], ['2025-01-01', false], ['2025-01-02', true],
] as const)('V19 %s is worked: %s', ([day, worked]) => expect(isWorkingDay(day, calendar)).toBe(worked))

test('V19 every shifted workday falls on a weekend, every holiday lies in its year, and the notice is named', () => {
  for (const { year, source, holidays, workdays } of PUBLIC_HOLIDAYS) {
    expect(workdays.map(weekdayOf).every((weekday) => weekday >= 6)).toBe(true)
    expect(holidays.every(({ from, to }) => from <= to && from.startsWith(`${year}`) && to.startsWith(`${year}`))).toBe(true)
    expect(source).toContain(`国务院办公厅关于${year}年部分节假日安排的通知`)
  }
})

test('V19 a company has its own week, and its own year before the published one', () => {
  const own = workingCalendar({ weekdays: [1, 2, 3, 4, 5, 6], opens: '08:30', closes: '17:30', years: [{ year: 2026, source: '本公司', holidays: [{ label: { zh: '厂庆', en: 'Founding day' }, from: '2026-11-23', to: '2026-11-23' }], workdays: [] }] })
  expect([isWorkingDay('2026-11-23', own), isWorkingDay('2026-11-28', own), isWorkingDay('2026-10-01', own), isWorkingDay('2025-10-01', own)]).toEqual([false, true, true, false])
  expect(shown(after(at('2026-11-24T08:00'), '1wh', { ...place, calendar: own }))).toBe('2026-11-24T09:30')
})

test.for([
  ['2026-11-23T10:00', '2wh', '2026-11-23T12:00'], ['2026-11-23T17:50', '25wm', '2026-11-24T09:15'], ['2026-11-27T22:00', '30wm', '2026-11-30T09:30'], ['2026-11-23T17:00', '2wh', '2026-11-24T10:00'], ['2026-11-27T17:30', '1wh', '2026-11-30T09:30'],
  ['2026-11-22T12:00', '9wh', '2026-11-23T18:00'], ['2026-11-27T15:00', '3wd', '2026-12-02T15:00'], ['2026-11-23T10:00', '72h', '2026-11-26T10:00'],
  // 国庆 and its shifted Saturday
  ['2026-09-30T17:00', '2wh', '2026-10-08T10:00'], ['2026-10-08T15:00', '2wd', '2026-10-10T15:00'], ['2026-10-09T17:00', '2wh', '2026-10-10T10:00'], ['2026-09-30T12:00', '4wd', '2026-10-12T12:00'],
  // 春节: Saturday the 14th is worked, nine days are not
  ['2026-02-13T15:00', '1wd', '2026-02-14T15:00'], ['2026-02-14T17:30', '1wh', '2026-02-24T09:30'], ['2026-02-27T12:00', '1wd', '2026-02-28T12:00'],
  // The turn of the year: the first of January, then Sunday the 4th is worked
  ['2025-12-31T17:00', '2wh', '2026-01-04T10:00'], ['2025-12-31T10:00', '1wd', '2026-01-04T10:00'], ['2025-01-24T10:00', '1wd', '2025-01-26T10:00'],
] as const)('V20 %s + %s = %s', ([from, length, to]) => expect(shown(after(at(from), length, place))).toBe(to))

test('V46 what begins on a day that is not worked ends with the day: a Saturday’s third working day is Wednesday, to its end', () => {
  expect([['2026-11-21T15:00', '3wd'], ['2026-11-22T00:00', '1wd'], ['2026-11-20T23:59', '1wd'], ['2026-11-23T00:00', '1wd']].map(([from, length]) => shown(after(at(from!), length!, place)))).toEqual(['2026-11-25T23:59', '2026-11-23T23:59', '2026-11-23T23:59', '2026-11-24T00:00'])
})

test('V46 later beginnings never end earlier, nor does the way back', () => {
  const [first, last] = [at('2025-01-01T00:00'), at('2026-12-31T23:59')]
  fc.assert(fc.property(fc.integer({ min: first, max: last }), fc.integer({ min: 0, max: 4 * 86_400_000 }), fc.integer({ min: 1, max: 30 }), fc.constantFrom('wm', 'wh', 'wd'), (ms, later, amount, unit) => {
    const length = `${amount}${unit}`
    expect(after(ms + later, length, place)).toBeGreaterThanOrEqual(after(ms, length, place))
    expect(before(ms + later, length, place)).toBeGreaterThanOrEqual(before(ms, length, place))
  }), { numRuns: 1_000 })
})

test('V20 the next working day, and working time between two instants', () => {
  expect([nextWorkingDay('2026-09-30', calendar), nextWorkingDay('2026-10-09', calendar), nextWorkingDay('2025-12-31', calendar)]).toEqual(['2026-10-08', '2026-10-10', '2026-01-04'])
  expect(workedBetween(at('2026-09-30T17:00'), at('2026-10-08T10:30'), place) / 3_600_000).toBe(2.5)
})

test('V20 clocks that change at night leave working hours where they are', () => {
  const berlin: Workplace = { zone: 'Europe/Berlin', calendar: workingCalendar({ ...STANDARD_WEEK }) }
  expect(new Date(after(Date.parse('2025-03-28T16:00:00Z'), '2wh', berlin)).toISOString()).toBe('2025-03-31T08:00:00.000Z')
})

test('V21 back from what was reached: the length has passed, and a moment later it has not', () => {
  const [first, last] = [at('2025-01-01T00:00'), at('2026-12-31T23:59')]
  fc.assert(fc.property(fc.integer({ min: first, max: last }), fc.integer({ min: 1, max: 60 }), fc.constantFrom('wm', 'wh', 'wd'), (ms, amount, unit) => {
    const length = `${amount}${unit}`
    const start = before(ms, length, place)
    expect(after(start, length, place)).toBeLessThanOrEqual(ms)
    expect(after(start + 1, length, place)).toBeGreaterThan(ms)
  }), { numRuns: 300 })
})

test('V22 an unannounced year is named by working lengths that cross it, and by nothing else', () => {
  expect(missingYears('2025-06-01', '2028-02-01', calendar)).toEqual([2027, 2028])
  const [from, to] = [at('2026-12-30T10:00'), after(at('2026-12-30T10:00'), '5wd', place)]
  expect([shown(to), assumedYears(from, to, '5wd', place), assumedYears(from, to, '5d', place)]).toEqual(['2027-01-06T10:00', [2027], []])
})

/** As published on 2024-11-12 and 2025-11-04. */
const NOTICES: Record<number, string> = {
  2025: `国务院办公厅关于2025年部分节假日安排的通知 国办发明电〔2024〕12号 各省、自治区、直辖市人民政府，国务院各部委、各直属机构： 按照上述原则，现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。`,
  2026: `国务院办公厅关于2026年部分节假日安排的通知 一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。 二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。2月14日(周六)、2月28日(周六)上班。 三、清明节:4月4日(周六)至6日(周一)放假,共3天。 四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。 五、端午节:6月19日(周五)至21日(周日)放假,共3天。 六、中秋节:9月25日(周五)至27日(周日)放假,共3天。 七、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。 鼓励单位和个人结合落实带薪年休假等制度,实际形成较长假期。`,
}

test.for([2025, 2026])('V23 the notice of %s says what the product ships', (year) => {
  const [read, shipped] = [readNotice(NOTICES[year]!)!, PUBLIC_HOLIDAYS.find((each) => each.year === year)!]
  expect([read.year, read.holidays.map(({ label, from, to }) => [label.zh, from, to]), [...read.workdays].sort()]).toEqual([year, shipped.holidays.map(({ label, from, to }) => [label.zh, from, to]), [...shipped.workdays].sort()])
})

test('V23 a notice may begin in the year before; what is no notice is none', () => {
  expect(readNotice('关于2023年部分节假日安排的通知 一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。')?.holidays[0]).toMatchObject({ from: '2022-12-31', to: '2023-01-02' })
  expect([readNotice(''), readNotice('明天放假'), readNotice('关于2027年部分节假日安排的通知 一、元旦：13月41日放假')]).toEqual([null, null, null])
})

test.for([
  ['2026-01-31', '1mo', '2026-02-28'], ['2028-01-31', '1mo', '2028-02-29'], ['2026-08-31', '3mo', '2026-11-30'], ['2026-11-30', '3mo', '2027-02-28'], ['2026-02-28', '1mo', '2026-03-28'], ['2026-05-15', '12mo', '2027-05-15'], ['2026-05-15', '0mo', '2026-05-15'],
] as const)('V49 %s and %s end on %s, at the same time of day, also where clocks change', ([from, length, to]) => {
  for (const zone of ['Asia/Shanghai', 'America/New_York', 'Pacific/Auckland']) {
    const place = { zone, calendar: calendar }
    for (const hours of [0, 9.5, 23]) expect(after(instantAt(dayNumber(from) * DAY_MS + hours * 3_600_000, zone), length, place)).toBe(instantAt(dayNumber(to) * DAY_MS + hours * 3_600_000, zone))
  }
})

test('V49 months are counted onwards alone, have no length of their own, and read as months', () => {
  const place = { zone: 'Asia/Shanghai', calendar: calendar }
  expect(() => before(Date.UTC(2026, 4, 31), '1mo', place)).toThrow(RangeError)
  expect(() => durationMs('1mo')).toThrow(RangeError)
  expect([formatDuration('3mo'), formatDuration('1mo', 'en'), formatDuration('3mo', 'en'), isWorkingTime('3mo')]).toEqual(['3 个月', '1 month', '3 months', false])
})
