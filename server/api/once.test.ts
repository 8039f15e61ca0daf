import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshTenant, type FreshTenant } from '../../test/tenant.ts'
import { materialFile } from '../start/web-form.ts'
import { onceFor } from './idempotency.ts'

let home: FreshTenant
beforeAll(async () => { home = await freshTenant() })
afterAll(() => home.drop())

it('H4 work with transactions of its own happens once too, and a failed one gives the key back', async () => {
  let done = 0
  const work = async () => { done++; await new Promise((resolve) => setTimeout(resolve, 50)); return { status: 201, answer: { n: done } } }
  const once = (key: string, request: unknown, act = work) => onceFor(home.db, home.tenant, { key, route: 'r', request }, act)
  await expect(once('a', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  const both = await Promise.allSettled([once('a', 1), once('a', 1)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await once('a', 1)).toEqual({ status: 201, answer: { n: 1 } })
  await expect(once('a', 2)).rejects.toMatchObject({ refusal: { code: 'IDEMPOTENCY_CONFLICT' } })
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.idempotency set status = null, at = at - interval '2 minutes'`))
  expect(await once('a', 1)).toEqual({ status: 201, answer: { n: 2 } })
  expect(done).toBe(2)
})

it('H28 a material is a file that ships with a solution, whatever a form calls it', () => {
  expect(materialFile('materials/mes-whitepaper.pdf')).toMatch(/solutions\/crm\/materials\/mes-whitepaper\.pdf$/)
  for (const file of ['../../package.json', 'materials/../role.json', '/etc/passwd', 'role.json', 'materials/..', 'materials/.hidden', 'materials/gone.pdf']) expect([file, materialFile(file)]).toEqual([file, null])
})
