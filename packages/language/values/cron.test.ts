import { expect, test } from 'vitest'
import { cronOf, formatSchedule, nextCron, parseCron, usualSchedule, withArticles, workingCalendar } from './index.ts'

const next = (text: string, from: string, zone = 'Asia/Shanghai', calendar?: Parameters<typeof nextCron>[3]): string | null => { const at = nextCron(parseCron(text)!, Date.parse(from), zone, calendar); return at === null ? null : new Date(at).toISOString() }

test.for<[string, string, string]>([
  ['0 9 * * *', '2026-11-22T00:59:59Z', '2026-11-22T01:00:00.000Z'], ['0 9 * * *', '2026-11-22T01:00:00Z', '2026-11-23T01:00:00.000Z'], ['0 9 1 * *', '2026-11-22T00:00:00Z', '2026-12-01T01:00:00.000Z'], ['0 9 * * 1', '2026-11-22T00:00:00Z', '2026-11-23T01:00:00.000Z'],
  ['*/15 9-10 * * 1-5', '2026-11-23T01:50:00Z', '2026-11-23T02:00:00.000Z'], ['30 8 29 2 *', '2026-11-22T00:00:00Z', '2028-02-29T00:30:00.000Z'], ['0 0 * * 0', '2026-11-22T00:00:00Z', '2026-11-28T16:00:00.000Z'], ['0 9 15 * 1', '2026-11-22T00:00:00Z', '2026-11-23T01:00:00.000Z'],
])('V40 %s after %s is %s', ([text, from, at]) => expect(next(text, from)).toBe(at))

test('V40 what is no schedule is none; a day that never comes neither', () => {
  for (const text of ['', '* * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '5-1 * * * *', '*/0 * * * *', '@daily', '0 9 * * 8']) expect(parseCron(text)).toBeNull()
  expect(next('0 9 30 2 *', '2026-11-22T00:00:00Z')).toBeNull()
})

test('V40 once for each time of the wall clock, whatever the clock does; on working days where it is asked', () => {
  expect(next('30 2 * * *', '2026-03-29T00:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  expect(next('30 2 * * *', '2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('2026-10-26T01:30:00.000Z')
  const calendar = workingCalendar({ weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', years: [{ year: 2026, source: 'x', holidays: [{ label: { zh: '节', en: 'x' }, from: '2026-11-23', to: '2026-11-23' }], workdays: [] }] })
  expect(next('0 9 * * *', '2026-11-21T00:00:00Z', 'Asia/Shanghai', calendar)).toBe('2026-11-24T01:00:00.000Z')
})

test.for<[string, string, string]>([
  ['0 * * * *', '每小时', 'every hour'], ['30 * * * *', '每小时第 30 分', 'every hour at minute 30'], ['5 9 * * *', '每天 09:05', 'every day at 09:05'], ['0 9 * * 1', '每周一 09:00', 'every Monday at 09:00'], ['0 9 * * 0', '每周日 09:00', 'every Sunday at 09:00'],
  ['0 18 31 * *', '每月 31 日 18:00', 'on day 31 of each month at 18:00'], ['0 9 1 * 1', '0 9 1 * 1', '0 9 1 * 1'], ['*/15 9-10 * * 1-5', '*/15 9-10 * * 1-5', '*/15 9-10 * * 1-5'], ['70 9 * * *', '70 9 * * *', '70 9 * * *'],
])('V47 %s is said %s', ([cron, zh, en]) => {
  expect([formatSchedule(cron, 'zh'), formatSchedule(cron, 'en')]).toEqual([zh, en])
})

test('V47 what is chosen is written, and read back as chosen', () => {
  for (const cron of ['0 * * * *', '5 9 * * *', '0 9 * * 1', '0 18 31 * *']) expect(cronOf(usualSchedule(cron)!)).toBe(cron)
  expect(usualSchedule('0 9 * * 0')).toEqual(usualSchedule('0 9 * * 7'))
})

test('V50 an order, a lead', () => expect(['a Order is created', 'A Event, a Lead', 'brings a Opportunity'].map(withArticles)).toEqual(['an Order is created', 'An Event, a Lead', 'brings an Opportunity']))
