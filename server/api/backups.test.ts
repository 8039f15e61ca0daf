import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Facts } from '#platform/recovery'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

test('H152 which backups there are, and one more now', async () => {
  const { admin, sales } = home.people
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toEqual({ items: null, late: false, making: false, loss: 1_440, whole: null })
  expect((await home.ask(admin, 'POST', '/api/v1/backups')).status).toBe(404)
  const made: string[] = []
  let whole: Facts | null = null
  home.api.backups = { list: () => [{ at: new Date(Date.now() - 3_600_000), rows: 12, bytes: 34 }], making: () => false, make: ({ key }) => void made.push(key), whole: () => Promise.resolve(whole) }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ items: [{ rows: 12, bytes: 34 }], late: false })
  expect((await home.ask(admin, 'POST', '/api/v1/backups')).body).toEqual({ done: true })
  expect(made).toEqual(['test'])
  const hour = new Date(Date.now() - 3_600_000)
  whole = { state: 'kept', copies: [{ at: new Date(), bytes: 5 }, { at: hour, bytes: 5 }], logAt: hour, bytes: 15, sameDisk: true }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ loss: 5, whole: { state: 'kept', since: hour.toISOString(), logAt: hour.toISOString(), copies: 2, bytes: 15, sameDisk: true } })
  whole = { ...whole, state: 'gap' }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ loss: 1_440, whole: { state: 'gap' } })
  expect((await home.ask(sales, 'GET', '/api/v1/backups')).status).toBe(403)
})
