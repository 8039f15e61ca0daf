import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { updateMember } from '#kernel/members'
import { advanceClock } from '#platform/db'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => {
  home = await house()
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
    for (const who of ['sales', 'rival'] as const) await updateMember(ctx, home.people[who].id, { capability: { skills: ['auto'], regions: ['310000'], capacity: 40 } })
  })
})
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const board = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/unassigned/lead')).body
const byPolicy = (who: Person, ids: string[]) => home.ask(who, 'POST', '/api/v1/commands/assign-by-policy', { object: 'lead', ids })
/** A lead that no rule has looked at. */
const waiting = async (name: string, values = {}) => (await home.ask(home.people.admin, 'POST', LEADS, { values: { name, industry: 'auto', region: '310000', ...values }, owner: null })).body.record.id as string

it('H121 what has no owner stands on the board, oldest first, with its age and whom the policy would choose, for those who give it out', async () => {
  const { supervisor, director, sales, finance, rival } = home.people
  const made = [await waiting('甲'), await waiting('乙'), await waiting('丙', { industry: 'food' })]
  const seen = await board(supervisor)
  expect(seen).toMatchObject({ object: 'lead', policy: { key: 'lead_by_capability' }, count: 3, late: 0, alertHours: 24 })
  expect(seen.rows.map(({ record, proposed }: { record: { id: string }; proposed: number | null }) => [record.id, proposed])).toEqual([[made[0], sales.id], [made[1], rival.id], [made[2], null]])
  expect(seen.rows[0].record).toMatchObject({ title: '甲', can: { transfer: true } })
  expect(seen.weeks.at(-1)).toMatchObject({ came: 3, inTime: 0, open: 3 })
  expect((await board(director)).count).toBe(3)
  expect((await board(sales)).rows).toEqual([])
  expect((await home.ask(finance, 'GET', '/api/v1/unassigned/lead')).body.error.code).toBe('NOT_FOUND')
  const assigning = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/definitions')).body.assigning
  expect(await Promise.all([supervisor, director, sales, finance].map(assigning))).toEqual([['lead'], ['lead'], [], []])
})

it('H122 assigned by the policy on somebody’s behalf: a decision is kept, what cannot be given is named, and it can be taken back', async () => {
  const { supervisor, sales, admin } = home.people
  const { rows } = await board(supervisor)
  const ids = rows.map(({ record }: { record: { id: string } }) => record.id)
  const { body } = await byPolicy(supervisor, ids)
  expect(body).toMatchObject({ changed: 2, refused: [{ id: ids[2], title: '丙', code: 'NOBODY_AVAILABLE' }] })
  const { items } = (await home.ask(admin, 'GET', `${LEADS}/${ids[0]}/why`)).body
  expect(items.find(({ about }: { about: string }) => about === 'owner')).toMatchObject({ actor: { name: '王海燕' } })
  const [kept] = await home.db.read(home.tenant, (tx) => tx.query<{ chosen: number; event: number | null }>('select chosen, event from {t}.decision where record = $1', [ids[0]]))
  expect(kept).toEqual({ chosen: sales.id, event: null })
  expect((await byPolicy(supervisor, [ids[0]])).body.refused).toMatchObject([{ code: 'ASSIGNED_MEANWHILE' }])
  for (const who of [home.people.finance, sales]) expect((await byPolicy(who, [ids[2]])).body.error.code).toBe('FORBIDDEN')
  await home.ask(supervisor, 'POST', '/api/v1/commands/undo', { undo: body.undo })
  expect((await board(supervisor)).count).toBe(3)
})

it('H121 after a day it is late, and the share that had an owner in time says so', async () => {
  const { supervisor } = home.people
  await advanceClock(home.db, home.tenant, 25 * 3_600_000)
  const late = await board(supervisor)
  expect([late.count, late.late]).toEqual([3, 3])
  const weeks = late.weeks.filter(({ came }: { came: number }) => came > 0)
  expect(weeks).toMatchObject([{ came: 3, open: 0, inTime: 2 }])
})
