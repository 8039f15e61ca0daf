import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { openPast } from '#kernel/replay'
import { advanceClock } from '#platform/db'
import { house, type House, type Person } from '../../api/testing/house.ts'

let home: House
let [sales, rival]: Person[] = []
beforeAll(async () => { home = await house(); ({ sales, rival } = home.people) })
afterAll(() => home.close())

const MINUTE = 60_000
const ABSENCES = '/api/v1/absences'
let offset = 0
const inMinutes = (minutes: number) => new Date(Date.now() + offset + minutes * MINUTE).toISOString()
/** The clock goes on; whether the beginnings and ends are noted is another thing. */
const pass = async (minutes: number) => { await advanceClock(home.db, home.tenant, minutes * MINUTE); offset += minutes * MINUTE }
const draft = (from: number, to: number, more: object = {}) => ({ kind: 'annual', from: inMinutes(from), to: inMinutes(to), standIns: [rival!.id], ...more })
const enter = (who: Person, body: object) => home.ask(who, 'POST', ABSENCES, body)
const titles = async (who: Person) => ((await home.ask(who, 'GET', '/api/v1/notifications')).body.items as { title: string }[]).map(({ title }) => title)

it('E22 what comes for somebody who is away also comes to the stand-in, marked', async () => {
  await enter(sales!, draft(-1, 5000))
  const { body: { record: customer } } = await home.ask(sales!, 'POST', '/api/v1/objects/customer/records', { values: { kind: 'company', name: '华东精工' } })
  const event = await home.ask(sales!, 'POST', '/api/v1/objects/schedule/records', { values: { title: '上门演示', starts_at: inMinutes(60), ends_at: inMinutes(120), remind_minutes: 30 } })
  expect([customer.id.length, event.status]).toEqual([36, 201])
  await drain(home.db, home.tenant)
  await pass(31)
  await drain(home.db, home.tenant)
  const reminded = async (who: Person) => (await titles(who)).filter((title) => title.includes('上门演示'))
  expect(await reminded(sales!)).toHaveLength(1)
  expect(await reminded(rival!)).toEqual([expect.stringMatching(/^代 李思琪：/)])
  // Of then: the past knows who was away.
  const away = await home.db.mutate(home.tenant, async (tx) => {
    const past = await openPast(tx)
    const [last] = await tx.query<{ seq: number }>('select max(seq) as seq from {t}.change')
    await past.advance(last!.seq)
    return (await past.at(tx.now)).tx.query<{ member: number; stand_ins: number[]; state: string }>(`select member, stand_ins, state from {t}.absence where state = 'running'`)
  })
  expect(away).toEqual([{ member: sales!.id, stand_ins: [rival!.id], state: 'running' }])
})
