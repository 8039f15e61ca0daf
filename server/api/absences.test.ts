import { afterAll, beforeAll, expect, it } from 'vitest'
import { house, type House, type Person } from './testing/house.ts'

let home: House
let [admin, sales, rival, supervisor]: Person[] = []
beforeAll(async () => { home = await house(); ({ admin, sales, rival, supervisor } = home.people) })
afterAll(() => home.close())

const MINUTE = 60_000
const ABSENCES = '/api/v1/absences'
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString()
const draft = (from: number, to: number, more: object = {}) => ({ kind: 'annual', from: inMinutes(from), to: inMinutes(to), standIns: [rival!.id], ...more })
const enter = (who: Person, body: object) => home.ask(who, 'POST', ABSENCES, body)
const endAll = async () => { for (const { id, mine } of (await home.ask(admin!, 'GET', ABSENCES)).body.items) if (mine) await home.ask(admin!, 'POST', `${ABSENCES}/${id}/end`) }

it('H75 to everybody busy, to those above the reason', async () => {
  await enter(sales!, draft(-1, 500, { kind: 'sick' }))
  const kinds = async (who: Person) => (await home.ask(who, 'GET', ABSENCES)).body.items.map(({ kind }: { kind: string | null }) => kind)
  expect([await kinds(sales!), await kinds(supervisor!), await kinds(rival!), await kinds(home.people.finance)]).toEqual([['sick'], ['sick'], [null], []])
  const { items } = (await home.ask(rival!, 'GET', `/api/v1/busy?object=schedule&from=${inMinutes(0)}&to=${inMinutes(60)}&members=${sales!.id}`)).body
  expect(items).toEqual([{ member: sales!.id, from: expect.any(String), to: expect.any(String), id: null, title: '请假' }])
  await endAll()
})

it('H75 the stand-in finds it on the home page, everybody sees who is away', async () => {
  const { id } = (await home.ask(sales!, 'POST', '/api/v1/objects/lead/records', { values: { name: '代理线索' } })).body.record
  const bench = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/workbench')).body
  expect((await bench(rival!)).standing).toBeUndefined()
  const { body } = await enter(sales!, draft(-1, 500))
  const { standing, blocks } = await bench(rival!)
  expect(standing).toEqual([{ member: sales!.id, until: body.to, object: 'lead', count: 1 }])
  expect(blocks[0].rows.map((row: { id: string; owner: number }) => [row.id, row.owner])).toContainEqual([id, sales!.id])
  expect((await bench(sales!)).standing).toBeUndefined()
  const { members } = (await home.ask(home.people.finance, 'GET', '/api/v1/definitions')).body
  expect(members.find((each: { id: number }) => each.id === sales!.id).away).toEqual({ until: body.to, standIns: [rival!.id] })
  await endAll()
})

it('H75 a wish to unlock also reaches the next one up while the supervisor is away', async () => {
  const { id } = (await home.ask(sales!, 'POST', '/api/v1/objects/lead/records', { values: { name: '锁着的线索' } })).body.record
  const { version } = (await home.ask(admin!, 'GET', `/api/v1/objects/lead/records/${id}`)).body.record
  await home.ask(admin!, 'PATCH', `/api/v1/objects/lead/records/${id}`, { version, values: { locked: true } })
  const wish = async () => (await home.ask(sales!, 'POST', '/api/v1/commands/request-unlock', { object: 'lead', id, reason: '改电话' })).body.told
  const [at, ...others] = await wish()
  expect(others).toEqual([])
  await enter(supervisor!, draft(-1, 500, { standIns: [] }))
  const told = await wish()
  expect(told[0]).toBe(at)
  expect(told.length).toBeGreaterThan(1)
  await endAll()
})
