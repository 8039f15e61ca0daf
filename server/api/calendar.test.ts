import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain, startEngine } from '#kernel/automation'
import { advanceClock } from '#platform/db'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const WORKING = '/api/v1/working-calendar'
const BODY = { key: 'working', label: { zh: '工作日历', en: 'Working calendar' }, weekdays: [1, 2, 3, 4, 5, 6], opens: '08:30', closes: '17:30', years: [] as object[] }
const put = (who: keyof House['people'], body: object) => home.ask(home.people[who], 'PUT', '/api/v1/definitions/calendar/working', { body })

it('H33 the standard week with the published years, their notices, and what is missing ahead', async () => {
  const { body } = await home.ask(home.people.sales, 'GET', WORKING)
  expect(body).toMatchObject({ weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', version: 0 })
  expect(body.years.map(({ year, own }: { year: number; own: boolean }) => [year, own])).toEqual([[2026, false], [2025, false]])
  expect(body.years[0].source).toContain('国务院办公厅关于2026年')
  const soon = new Date(Date.now() + 60 * 86_400_000 + 8 * 3_600_000).getUTCFullYear()
  expect(body.missing).toEqual([...new Set([new Date().getUTCFullYear(), soon])].filter((year) => year > 2026))
})

it('H33 who may set it sets it, a year of its own included; others may not', async () => {
  expect((await put('sales', BODY)).status).toBe(403)
  const years = [2027, 2028, 2029].map((year) => ({ year, source: '本公司安排', holidays: [{ label: { zh: '元旦', en: 'New Year' }, from: `${year}-01-01`, to: `${year}-01-03` }], workdays: [] }))
  expect((await put('admin', { ...BODY, years })).status).toBe(200)
  const { body } = await home.ask(home.people.sales, 'GET', WORKING)
  expect(body).toMatchObject({ weekdays: [1, 2, 3, 4, 5, 6], opens: '08:30', missing: [], version: 1 })
  expect(body.years.map(({ year, own }: { year: number; own: boolean }) => [year, own])).toEqual([[2029, true], [2028, true], [2027, true], [2026, false], [2025, false]])
})

const EVENTS = '/api/v1/objects/schedule/records'
const inMinutes = (minutes: number) => new Date(Date.now() + offset + minutes * 60_000).toISOString()
let offset = 0
const pass = async (minutes: number) => { await advanceClock(home.db, home.tenant, minutes * 60_000); offset += minutes * 60_000; await drain(home.db, home.tenant) }
async function event(who: keyof House['people'], values: object): Promise<{ id: string; version: string }> {
  const { status, body } = await home.ask(home.people[who], 'POST', EVENTS, { values: { title: '演示', starts_at: inMinutes(60), ends_at: inMinutes(120), ...values } })
  expect([status, body.error]).toEqual([201, undefined])
  await drain(home.db, home.tenant)
  return body.record
}
const told = async (who: keyof House['people'], title: string) => ((await home.ask(home.people[who], 'GET', '/api/v1/notifications')).body.items as { kind: string; title: string }[]).filter((each) => each.kind === 'schedule_reminder' && each.title.includes(title)).length

it('H31 who takes part sees the event, nobody else at that level does, and it ends when they are taken out', async () => {
  const { sales, rival, finance } = home.people
  const { id, version } = await event('sales', { title: '内部评审', participants: [rival.id] })
  const seen = async (who: keyof House['people']) => (await home.ask(home.people[who], 'GET', `${EVENTS}/${id}`)).status
  expect([await seen('sales'), await seen('rival'), await seen('finance')]).toEqual([200, 200, 404])
  const listed = (await home.ask(rival, 'GET', `${EVENTS}?filter=${encodeURIComponent(JSON.stringify({ field: 'participants', op: 'has', value: { me: true } }))}`)).body
  expect(listed.error).toBeUndefined()
  expect(listed.records).toHaveLength(1)
  expect((await home.ask(rival, 'PATCH', `${EVENTS}/${id}`, { version, values: { title: '改' } })).status).not.toBe(200)
  expect((await home.ask(sales, 'PATCH', `${EVENTS}/${id}`, { version, values: { participants: [finance.id] } })).status).toBe(200)
  expect([await seen('rival'), await seen('finance')]).toEqual([404, 200])
})

it('H31 nobody is entered who is not a colleague', async () => {
  for (const participants of [[999_999], ['x'], [1.5], 7]) expect((await home.ask(home.people.sales, 'POST', EVENTS, { values: { title: 'x', starts_at: inMinutes(1), ends_at: inMinutes(2), participants } })).body.error.code).toBe('VALUE_INVALID')
})

it('H31 everybody in an event is reminded once, by the tenant’s clock, so many minutes before it', async () => {
  await event('sales', { title: '按时提醒', participants: [home.people.rival.id] })
  await pass(44)
  expect([await told('sales', '按时提醒'), await told('rival', '按时提醒')]).toEqual([0, 0])
  await pass(2)
  expect([await told('sales', '按时提醒'), await told('rival', '按时提醒'), await told('finance', '按时提醒')]).toEqual([1, 1, 0])
  await pass(60)
  expect(await told('rival', '按时提醒')).toBe(1)
})

it('H31 a reminder moves with its event and its minutes, and goes when either goes', async () => {
  const { sales } = home.people
  const [moved, earlier, silent, gone] = [await event('sales', { title: '改期' }), await event('sales', { title: '提早' }), await event('sales', { title: '不提醒' }), await event('sales', { title: '取消' })]
  const patch = async ({ id, version }: { id: string; version: string }, values: object) => expect((await home.ask(sales, 'PATCH', `${EVENTS}/${id}`, { version, values })).status).toBe(200)
  await patch(moved, { starts_at: inMinutes(300), ends_at: inMinutes(360) })
  await patch(earlier, { remind_minutes: 50 })
  await patch(silent, { remind_minutes: null })
  expect((await home.ask(sales, 'DELETE', `${EVENTS}/${gone.id}`, undefined)).status).toBe(200)
  await drain(home.db, home.tenant)
  const count = async () => [await told('sales', '改期'), await told('sales', '提早'), await told('sales', '不提醒'), await told('sales', '取消')]
  await pass(12)
  expect(await count()).toEqual([0, 1, 0, 0])
  await pass(60)
  expect(await count()).toEqual([0, 1, 0, 0])
  await pass(230)
  expect(await count()).toEqual([1, 1, 0, 0])
})

it('H31 a reminder waits through a restart: the engine that is there when it comes due tells it, once', async () => {
  const channels = {}
  const first = startEngine({ db: home.db, channels, repairMs: 50 })
  await event('sales', { title: '隔夜提醒', starts_at: inMinutes(600), ends_at: inMinutes(660) })
  await first.stop()
  await advanceClock(home.db, home.tenant, 590 * 60_000)
  offset += 590 * 60_000
  expect(await told('sales', '隔夜提醒')).toBe(0)
  const engines = [startEngine({ db: home.db, channels, repairMs: 50 }), startEngine({ db: home.db, channels, repairMs: 50 })]
  await expect.poll(() => told('sales', '隔夜提醒'), { timeout: 10_000 }).toBe(1)
  for (const engine of engines) await engine.stop()
  await drain(home.db, home.tenant)
  expect(await told('sales', '隔夜提醒')).toBe(1)
})

it('H35 an event ends after it starts, whichever end is moved', async () => {
  const { sales } = home.people
  const refusedWith = async (method: string, url: string, body: object) => { const { status, body: { error } } = await home.ask(sales, method, url, body); return [status, error?.code, error?.path] }
  const turned = [422, 'EVENT_ENDS_EARLY', 'ends_at']
  const start = inMinutes(60)
  for (const end of [inMinutes(30), start]) expect(await refusedWith('POST', EVENTS, { values: { title: '倒着', starts_at: start, ends_at: end } })).toEqual(turned)
  const { id, version } = await event('sales', { title: '顺着' })
  for (const values of [{ starts_at: inMinutes(200) }, { ends_at: inMinutes(10) }]) expect(await refusedWith('PATCH', `${EVENTS}/${id}`, { version, values })).toEqual(turned)
  expect((await home.ask(sales, 'PATCH', `${EVENTS}/${id}`, { version, values: { starts_at: inMinutes(200), ends_at: inMinutes(230) } })).status).toBe(200)
})

it('H32 colleagues are shown as busy; what with, only to those who may read it', async () => {
  const { sales, rival, finance } = home.people
  const { id } = await event('sales', { title: '保密会谈', starts_at: inMinutes(5000), ends_at: inMinutes(5060), participants: [rival.id] })
  const ask = (who: keyof House['people'], more = '') => home.ask(home.people[who], 'GET', `/api/v1/busy?object=schedule&from=${encodeURIComponent(inMinutes(4990))}&to=${encodeURIComponent(inMinutes(5070))}&members=${sales.id},${rival.id},${finance.id}${more}`)
  expect((await ask('rival')).body.items.map(({ member, id: seen, title }: { member: number; id: string | null; title: string | null }) => [member, seen, title])).toEqual([[sales.id, id, '保密会谈'], [rival.id, id, '保密会谈']].sort((a, b) => Number(a[0]) - Number(b[0])))
  const stranger = (await ask('finance')).body
  expect(stranger.items.map(({ id: seen, title }: { id: string | null; title: string | null }) => [seen, title])).toEqual([[null, null], [null, null]])
  expect(JSON.stringify(stranger)).not.toContain('保密')
  expect((await home.ask(finance, 'GET', `/api/v1/busy?object=schedule&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&members=${sales.id}`)).status).toBe(400)
  expect((await home.ask(finance, 'GET', `/api/v1/busy?object=task&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&members=${sales.id}`)).status).toBe(400)
})

it('H33 what is counted in working time follows it', async () => {
  const { sales } = home.people
  await event('sales', { title: '两周以后', starts_at: inMinutes(14 * 1440), ends_at: inMinutes(14 * 1440 + 30) })
  const soon = async () => {
    const filter = { all: [{ field: 'title', op: 'eq', value: '两周以后' }, { field: 'starts_at', op: 'withinNext', value: '10wh' }] }
    return (await home.ask(sales, 'GET', `${EVENTS}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.records.length as number
  }
  for (const [closes, found] of [['23:59', 0], ['00:01', 1]] as const) {
    expect((await put('admin', { ...BODY, weekdays: [1, 2, 3, 4, 5, 6, 7], opens: '00:00', closes })).status).toBe(200)
    expect(await soon()).toBe(found)
  }
})
