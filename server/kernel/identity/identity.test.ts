import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { freshTenant, type FreshTenant } from '../../../test/tenant.ts'
import { resolveContacts, type ContactPoint } from './index.ts'

let home: FreshTenant
beforeAll(async () => { home = await freshTenant() })
afterAll(() => home.drop())

const point = (value: string): ContactPoint => ({ kind: 'phone', value, record: ids.next() })
const resolve = (points: ContactPoint[]) => home.db.mutate(home.tenant, (tx) => resolveContacts(tx, 'book', points))

test('I1 I2 the first proposal stands', async () => {
  const first = point('+861')
  expect((await resolve([first])).get('phone:+861')).toEqual({ record: first.record, fresh: true })
  expect((await resolve([point('+861')])).get('phone:+861')).toEqual({ record: first.record, fresh: false })
})

test('I3 the second waits for the first', async () => {
  const [a, b] = await Promise.all([resolve([point('+862')]), resolve([point('+862')])])
  expect(a.get('phone:+862')!.record).toBe(b.get('phone:+862')!.record)
})

test('I4 opposite orders do not deadlock', async () => {
  const values = Array.from({ length: 40 }, (_, i) => `+8613${i}`)
  const rounds = Array.from({ length: 12 }, (_, round) => resolve((round % 2 === 0 ? values : values.toReversed()).map(point)))
  expect(await Promise.all(rounds)).toHaveLength(12)
})
