import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

test('H152 which backups there are, and one more now', async () => {
  const { admin, sales } = home.people
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toEqual({ items: null, late: false, making: false, loss: 24 })
  expect((await home.ask(admin, 'POST', '/api/v1/backups')).status).toBe(404)
  const made: string[] = []
  home.api.backups = { list: () => [{ at: new Date(Date.now() - 3_600_000), rows: 12, bytes: 34 }], making: () => false, make: ({ key }) => void made.push(key) }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ items: [{ rows: 12, bytes: 34 }], late: false })
  expect((await home.ask(admin, 'POST', '/api/v1/backups')).body).toEqual({ done: true })
  expect(made).toEqual(['test'])
  expect((await home.ask(sales, 'GET', '/api/v1/backups')).status).toBe(403)
})
