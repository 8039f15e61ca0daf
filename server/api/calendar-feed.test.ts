import ICAL from 'ical.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { updateMember } from '#kernel/members'
import { createTenant } from '#platform/db'
import { calendarText } from './ics.ts'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const FEED = '/t/test/api/v1/calendar-feed'
const EVENTS = '/t/test/api/v1/objects/schedule/records'
type Who = keyof House['people']
const at = (hours: number) => new Date(Date.UTC(2026, 10, 23, 2) + hours * 3_600_000).toISOString()
const addressOf = async (who: Who): Promise<string> => new URL((await home.ask(home.people[who], 'POST', FEED)).body.url as string).pathname
const make = async (who: Who, values: object) => (await home.ask(home.people[who], 'POST', EVENTS, { values: { title: '演示', starts_at: at(0), ends_at: at(1), ...values } })).body.record as { id: string; version: string }
const textAt = async (address: string) => (await home.ask(null, 'GET', address)).raw.toString('utf8')

function eventsIn(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as never)
  return calendar.getAllSubcomponents('vevent').map((each) => new ICAL.Event(each)).map((event) => ({
    title: event.summary, place: event.location, uid: event.uid, sequence: event.sequence, starts: event.startDate.toJSDate().toISOString(), ends: event.endDate.toJSDate().toISOString(), status: event.component.getFirstPropertyValue('status') as string, url: event.component.getFirstPropertyValue('url') as string | null,
  }))
}
const titlesAt = async (address: string) => eventsIn(await textAt(address)).map(({ title }) => title)

it('H36 the address is told once, and another calendar reads through it one’s own events and those one takes part in', async () => {
  const { rival, finance } = home.people
  expect((await home.ask(home.people.sales, 'GET', FEED)).body).toEqual({ feed: null })
  const address = await addressOf('sales')
  await make('sales', { title: '拜访；报价, 合同\\附件\n第二行', place: '上海市徐汇区漕溪北路 88 号', meeting_url: 'https://meet.example/a?b=1,2;3' })
  await make('rival', { title: '一起去', participants: [home.people.sales.id] })
  await make('rival', { title: '与我无关' })
  const answer = await home.ask(null, 'GET', address)
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
  const events = eventsIn(answer.raw.toString('utf8'))
  expect(events.map(({ title }) => title).toSorted()).toEqual(['一起去', '拜访；报价, 合同\\附件 第二行'].toSorted())
  expect(events.find(({ title }) => title.startsWith('拜访'))).toMatchObject({ place: '上海市徐汇区漕溪北路 88 号', url: 'https://meet.example/a?b=1,2;3', starts: at(0), ends: at(1), sequence: 0, status: 'CONFIRMED' })
  const shown = (await home.ask(home.people.sales, 'GET', FEED)).body
  expect(shown.feed.readAt).not.toBeNull()
  expect(JSON.stringify(shown)).not.toContain(address.slice(-47, -4))
  expect(await home.db.read(home.tenant, (tx) => tx.query(`select from {t}.calendar_feed where hash::text like '%' || $1 || '%'`, [address.slice(-47, -4)]))).toEqual([])
  expect([rival.id === finance.id, (await home.ask(null, 'GET', address, undefined, { 'if-none-match': String(answer.headers['etag']) })).status]).toEqual([false, 304])
})

it('H36 one event stays one: its name is lasting, its number rises with every change, and what is called off says so', async () => {
  const address = await addressOf('rival')
  const { id, version } = await make('rival', { title: '改来改去' })
  const now = async () => eventsIn(await textAt(address)).find(({ uid }) => uid.startsWith(id))!
  const first = await now()
  await home.ask(home.people.rival, 'PATCH', `${EVENTS}/${id}`, { version, values: { starts_at: at(5), ends_at: at(6) } })
  const moved = await now()
  expect([moved.uid, moved.sequence > first.sequence, moved.starts, moved.status]).toEqual([first.uid, true, at(5), 'CONFIRMED'])
  expect((await home.ask(home.people.rival, 'DELETE', `${EVENTS}/${id}`)).status).toBe(200)
  const gone = await now()
  expect([gone.uid, gone.sequence > moved.sequence, gone.status]).toEqual([first.uid, true, 'CANCELLED'])
})

it('H36 an address ends when it is ended, replaced, or its member leaves; another tenant knows nothing of it', async () => {
  const first = await addressOf('finance')
  const second = await addressOf('finance')
  const call = async (method: string) => (await home.ask(home.people.finance, method, FEED)).status
  const status = async (address: string) => (await home.ask(null, 'GET', address)).status
  expect([await status(first), await status(second)]).toEqual([404, 200])
  await createTenant(home.db, { key: 'other', name: '别家' })
  const other = second.replace('/t/test/', '/t/other/')
  expect([await status(other), await status(second.replace('.ics', '')), await status('/t/test/calendar/feed/x.ics')]).toEqual([404, 404, 404])
  expect(await call('DELETE')).toBe(200)
  expect([await status(second), await call('DELETE')]).toEqual([404, 404])
  const third = await addressOf('finance')
  await home.db.mutate(home.tenant, async (tx) => updateMember(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), home.people.finance.id, { state: 'suspended' }))
  expect(await status(third)).toBe(404)
  expect((await home.ask(null, 'GET', FEED)).status).toBe(401)
})

it('H36 what a role hides is not in the feed', async () => {
  const address = await addressOf('director')
  await make('director', { title: '绝密项目' })
  expect(await titlesAt(address)).toContain('绝密项目')
  const { body } = (await home.ask(home.people.admin, 'GET', '/t/test/api/v1/definitions/role/director')).body
  const objects = { ...body.objects, schedule: { ...body.objects.schedule, fields: { title: { read: 'hidden' } } } }
  expect((await home.ask(home.people.admin, 'PUT', '/t/test/api/v1/definitions/role/director', { body: { ...body, objects } })).status).toBe(200)
  expect(await textAt(address)).not.toContain('绝密')
})

it('H36 guessing ends: too many wrong addresses from one place are refused, and so is reading without end', async () => {
  const address = await addressOf('supervisor')
  const statuses: number[] = []
  for (let i = 0; i < 62; i += 1) statuses.push((await home.ask(null, 'GET', address)).status)
  expect([statuses.slice(0, 60).every((each) => each === 200), statuses.slice(60)]).toEqual([true, [429, 429]])
  const guesses: number[] = []
  for (let i = 0; i < 40; i += 1) guesses.push((await home.ask(null, 'GET', `/t/test/calendar/feed/${'x'.repeat(41)}${i + 10}.ics`)).status)
  expect(guesses.at(-1)).toBe(429)
})

it('H36 lines end with CRLF, are 75 octets at most, and no character is cut in two', () => {
  const starts = new Date('2026-11-23T02:00:00.000Z')
  for (const unit of ['汉', '😀', 'é', 'ab', '汉a', ';', '\\', '，\n']) for (let n = 1; n < 60; n += 7) {
    const title = unit.repeat(n)
    const text = calendarText('名'.repeat(40), [{ uid: 'u@x', sequence: 3, starts, ends: starts, title, place: title, link: null, changed: starts, cancelled: false }], 'PT15M')
    const lines = text.split('\r\n')
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    expect([lines.at(-1), /[^\r]\n|\r[^\n]/.test(text), text.includes('\uFFFD')]).toEqual(['', false, false])
    expect(new ICAL.Event(new ICAL.Component(ICAL.parse(text) as never).getFirstSubcomponent('vevent')!).summary).toBe(title)
  }
})
