import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { openIntakeDesk, type Desk } from '../intake/testing/desk.ts'
import { recordVisit, type Visit } from './index.ts'

let desk: Desk
beforeAll(async () => { desk = await openIntakeDesk() })
afterAll(() => desk.drop())

let next = 10_000_000
const phone = (): string => `139${(next++).toString().padStart(8, '0')}`
const newVisitor = (): string => crypto.randomUUID()
const formOf = async () => (await desk.intake.form(desk.tenant, 'pricing'))!
async function visit(visitor: string, kind: Visit['kind']): Promise<void> {
  const form = await formOf()
  await desk.write((tx) => recordVisit(tx, form, visitor, { kind, page: '/pricing', seconds: null, material: null }, ids.next))
}
const kindsOf = async (visitor: string) => (await desk.rows<{ f_kind: string }>('select f_kind from {t}.o_behaviour where f_visitor = $1 order by f_occurred_at, id', [visitor])).map(({ f_kind }) => f_kind)

test('J1 an unknown visitor makes no record', async () => {
  const visitor = newVisitor()
  await visit(visitor, 'view')
  expect(await kindsOf(visitor)).toEqual([])
  expect(await desk.rows('select 1 from {t}.visitor_event where visitor = $1', [visitor])).toHaveLength(1)
})

test('J2 a submission takes what was kept, once', async () => {
  const visitor = newVisitor()
  await visit(visitor, 'view')
  await visit(visitor, 'download')
  await desk.send({ phone: phone(), _visitor: visitor })
  expect(await kindsOf(visitor)).toEqual(['view', 'download'])
  expect(await desk.rows('select 1 from {t}.visitor_event where visitor = $1', [visitor])).toHaveLength(0)
})

test('J3 a known visitor is recorded at once', async () => {
  const visitor = newVisitor()
  await desk.send({ phone: phone(), _visitor: visitor })
  await visit(visitor, 'return')
  expect(await kindsOf(visitor)).toEqual(['return'])
})

test('J4 a kind without a word is left out', async () => {
  const visitor = newVisitor()
  await desk.send({ phone: phone(), _visitor: visitor })
  await visit(visitor, 'unheard' as Visit['kind'])
  expect(await kindsOf(visitor)).toEqual([])
})
