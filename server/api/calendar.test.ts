import { afterAll, beforeAll, expect, it } from 'vitest'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const WORKING = '/api/v1/working-calendar'
const BODY = { key: 'working', label: { zh: '工作日历', en: 'Working calendar' }, weekdays: [1, 2, 3, 4, 5, 6], opens: '08:30', closes: '17:30', years: [] as object[] }
const put = (who: keyof House['people'], body: object) => home.ask(home.people[who], 'PUT', '/api/v1/definitions/calendar/working', { body })

it('H30 the standard week with the published years, their notices, and what is missing ahead', async () => {
  const { body } = await home.ask(home.people.sales, 'GET', WORKING)
  expect(body).toMatchObject({ weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', version: 0 })
  expect(body.years.map(({ year, own }: { year: number; own: boolean }) => [year, own])).toEqual([[2026, false], [2025, false]])
  expect(body.years[0].source).toContain('国务院办公厅关于2026年')
  const soon = new Date(Date.now() + 60 * 86_400_000 + 8 * 3_600_000).getUTCFullYear()
  expect(body.missing).toEqual([...new Set([new Date().getUTCFullYear(), soon])].filter((year) => year > 2026))
})

it('H30 who may set it sets it, a year of its own included; others may not', async () => {
  expect((await put('sales', BODY)).status).toBe(403)
  const years = [2027, 2028, 2029].map((year) => ({ year, source: '本公司安排', holidays: [{ label: { zh: '元旦', en: 'New Year' }, from: `${year}-01-01`, to: `${year}-01-03` }], workdays: [] }))
  expect((await put('admin', { ...BODY, years })).status).toBe(200)
  const { body } = await home.ask(home.people.sales, 'GET', WORKING)
  expect(body).toMatchObject({ weekdays: [1, 2, 3, 4, 5, 6], opens: '08:30', missing: [], version: 1 })
  expect(body.years.map(({ year, own }: { year: number; own: boolean }) => [year, own])).toEqual([[2029, true], [2028, true], [2027, true], [2026, false], [2025, false]])
})
