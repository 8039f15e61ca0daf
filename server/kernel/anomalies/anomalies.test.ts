import { beforeEach, afterEach, expect, test } from 'vitest'
import { noticesOf } from '#kernel/delivery'
import { type Intent, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'
import { reportAnomalies } from './index.ts'

let home: Workshop
beforeEach(async () => { home = await workshop() })
afterEach(() => home.drop())

const does = (who: Person, ...intents: Intent[]) => home.as(who, (ctx) => writeOrRefuse(ctx, intents))
const report = (working = true) => home.as('kernel', (ctx) => reportAnomalies(ctx, () => working))
const told = (who: Person) => home.looking('kernel', ({ tx }) => noticesOf(tx, { member: PEOPLE[who], kind: 'audit', limit: 20 }))
const job = async (who: Person, due = '2026-12-31') => { const id = ids.next(); await does('chief', { op: 'create', object: 'job', id, values: { name: `单 ${id.slice(-3)}`, due }, owner: PEOPLE[who] }); return id }
const move = async (who: Person, id: string, times: number) => { for (let n = 0; n < times; n++) await does(who, { op: 'update', object: 'job', id, values: { due: `2027-0${1 + (n % 8)}-1${n % 9}` } }) }

test('N1 N4 the same date moved again and again is found once and told with its records; ordinary editing is not', async () => {
  const [mine, few, plain] = [await job('ann'), [await job('bob'), await job('bob'), await job('bob')], await job('lead')]
  await move('ann', mine, 5)
  for (const id of few) await move('bob', id, 3)
  await move('lead', plain, 2)
  for (let n = 0; n < 12; n++) await move('ann', await job('ann'), 1)
  const found = await report()
  expect(found.map(({ member, kind, evidence }) => [member, kind, evidence.times]).toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([[PEOPLE.ann, 'repeated', 5], [PEOPLE.bob, 'repeated', 9]])
  expect(await report()).toEqual([])
  expect((await told('chief')).map(({ title, record }) => [title, record])).toEqual(expect.arrayContaining([['ann：7 天内把 1 条维修单的「到期日」改了 5 次', mine], ['bob：7 天内把 3 条维修单的「到期日」改了 9 次', expect.any(String)]]))
  expect(await told('ann')).toEqual([])
})

test('N2 much at once outside the working time', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => job('ann')))
  for (let n = 0; n < 30; n++) await does('ann', ...all.map((id): Intent => ({ op: 'update', object: 'job', id, values: { note: `第 ${n} 次` } })))
  expect(await report(true)).toEqual([])
  expect((await report(false)).map(({ kind, member }) => [kind, member])).toEqual([['offHours', PEOPLE.ann]])
})

test('N3 rights given, then an export', async () => {
  const exported = (member: Person, no: number) => home.as('kernel', ({ tx }) => tx.query(`insert into {t}.export (member, at, object, format, fields, rows) values ($1, $2, 'job', 'csv', '{}', $3)`, [PEOPLE[member], tx.now, no]))
  await exported('bob', 5)
  await home.as('kernel', ({ tx }) => tx.query(`with a as (insert into {t}.act (actor_kind, actor_ref, cause, at) values ('member', '1', '{"kind":"definition"}', $1) returning id) insert into {t}.change (act, object, record, record_version, fields) select id, 'system:member', ('00000000-0000-8000-8000-' || lpad(to_hex($2::int), 12, '0'))::uuid, 2, '{"roles":[["fixer"],["chief"]]}' from a`, [tx.now, PEOPLE.ann]))
  await exported('ann', 77)
  expect((await report()).map(({ kind, member, evidence }) => [kind, member, evidence.times])).toEqual([['grantThenExport', PEOPLE.ann, 77]])
})
