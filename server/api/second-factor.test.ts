import { afterAll, beforeAll, expect, test } from 'vitest'
import { stepOf, totpAt } from '#platform/crypto'
import { house, PASSWORD, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const decoded = (text: string): Buffer => Buffer.from([...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g)!.map((bits) => Number.parseInt(bits, 2)))

test('H151 a role that asks for a second factor leaves only its set-up open; the password alone then opens nothing, and whoever manages members may reset it', async () => {
  const { admin, sales, supervisor } = home.people
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.definition set body = jsonb_set(body, '{secondFactor}', 'true') where kind = 'role' and key = 'sales'`))
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect(await home.ask(sales, 'GET', '/api/v1/objects/lead/records')).toMatchObject({ status: 403, body: { error: { code: 'SECOND_FACTOR_SETUP_REQUIRED' } } })
  expect((await home.ask(sales, 'GET', '/api/v1/auth/me')).body).toMatchObject({ mustEnroll: true })
  expect((await home.ask(sales, 'POST', '/api/v1/auth/two-factor/begin', { password: 'falsch' })).body.error.code).toBe('PASSWORD_WRONG')
  const { body: { secret, uri } } = await home.ask(sales, 'POST', '/api/v1/auth/two-factor/begin', { password: PASSWORD })
  expect(uri).toContain(secret)
  const confirmed = await home.ask(sales, 'POST', '/api/v1/auth/two-factor/confirm', { code: totpAt(decoded(secret), stepOf(Date.now())) })
  expect(confirmed.body.recovery).toHaveLength(10)
  expect((await home.ask(sales, 'GET', '/api/v1/objects/lead/records')).status).toBe(200)
  const enter = (code?: string) => home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'sales@example.com', password: PASSWORD, ...(code && { code }) })
  expect(await enter()).toMatchObject({ status: 422, body: { error: { code: 'SECOND_FACTOR_REQUIRED' } } })
  expect((await enter()).headers['set-cookie']).toBeUndefined()
  expect((await enter(confirmed.body.recovery[0])).status).toBe(200)
  expect((await home.ask(supervisor, 'POST', `/api/v1/members/${sales.id}/reset-two-factor`, {})).status).toBe(403)
  expect((await home.ask(admin, 'POST', `/api/v1/members/${sales.id}/reset-two-factor`)).body).toEqual({ done: true })
  expect((await enter()).body).toMatchObject({ mustEnroll: true })
})
