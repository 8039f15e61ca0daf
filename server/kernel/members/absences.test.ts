import { afterAll, beforeAll, expect, it } from 'vitest'
import { advanceClock } from '#platform/db'
import { turnIn } from '../../start/absences.ts'
import { house, type House, type Person } from '../../api/testing/house.ts'

let home: House
let [admin, sales, rival, supervisor]: Person[] = []
beforeAll(async () => { home = await house(); ({ admin, sales, rival, supervisor } = home.people) })
afterAll(() => home.close())

const MINUTE = 60_000
const ABSENCES = '/api/v1/absences'
const LEADS = '/api/v1/objects/lead/records'
let offset = 0
const inMinutes = (minutes: number) => new Date(Date.now() + offset + minutes * MINUTE).toISOString()
/** The clock goes on; whether the beginnings and ends are noted is another thing. */
const pass = async (minutes: number) => { await advanceClock(home.db, home.tenant, minutes * MINUTE); offset += minutes * MINUTE }
const turn = () => turnIn(home.db, home.tenant)
const draft = (from: number, to: number, more: object = {}) => ({ kind: 'annual', from: inMinutes(from), to: inMinutes(to), standIns: [rival!.id], ...more })
const enter = (who: Person, body: object) => home.ask(who, 'POST', ABSENCES, body)
const lead = async (who: Person, name: string) => (await home.ask(who, 'POST', LEADS, { values: { name } })).body.record as { id: string; version: string }
const seen = async (who: Person, id: string) => (await home.ask(who, 'GET', `${LEADS}/${id}`)).status
const titles = async (who: Person) => ((await home.ask(who, 'GET', '/api/v1/notifications')).body.items as { title: string }[]).map(({ title }) => title)
const endAll = async () => { for (const { id, mine } of (await home.ask(admin!, 'GET', ABSENCES)).body.items) if (mine) await home.ask(admin!, 'POST', `${ABSENCES}/${id}/end`) }

it('B27 the stand-in has what is theirs from the instant to the instant, and the log says why', async () => {
  const { id } = await lead(sales!, '代理线索')
  const other = await lead(rival!, '自己的')
  const { status, body } = await enter(sales!, draft(10, 60))
  expect([status, body]).toEqual([201, { id: expect.any(Number), member: sales!.id, kind: 'annual', from: expect.any(String), to: expect.any(String), standIns: [rival!.id], state: 'planned', mine: true }])
  expect(await seen(rival!, id)).toBe(404)
  await pass(11)
  // Not yet noted, and yet in force.
  const { body: { record } } = await home.ask(rival!, 'GET', `${LEADS}/${id}`)
  expect(record.can).toEqual({ edit: true, delete: false, transfer: false, share: false, unlock: false })
  expect((await home.ask(rival!, 'PATCH', `${LEADS}/${id}`, { version: record.version, values: { company: '代理时改的' } })).status).toBe(200)
  expect(await seen(sales!, other.id)).toBe(404)
  expect(await turn()).toEqual({ began: 1, over: 0 })
  expect(await turn()).toEqual({ began: 0, over: 0 })
  expect(await titles(rival!)).toEqual([expect.stringContaining('开始代理 李思琪'), expect.stringContaining('李思琪 请假，由你代理')])
  await pass(50)
  expect(await seen(rival!, id)).toBe(404)
  expect(await turn()).toEqual({ began: 0, over: 1 })
  expect((await titles(rival!))[0]).toBe('李思琪 已回来，代理结束')
  const { items } = (await home.ask(admin!, 'GET', '/api/v1/audit?object=system:absence')).body
  expect(items.map((item: { cause: { kind: string }; title: string; fields: { field: string; after: unknown }[] }) => [item.cause.kind, item.title, item.fields.find(({ field }) => field === 'state')?.after])).toEqual([['timer', '李思琪', '已结束'], ['timer', '李思琪', '请假中'], ['member', '李思琪', '未开始']])
})

it('B26 who enters for whom', async () => {
  expect((await enter(rival!, draft(10, 60, { member: sales!.id, standIns: [] }))).body.error.code).toBe('FORBIDDEN')
  const { body } = await enter(supervisor!, draft(10, 60, { member: sales!.id }))
  expect(body).toMatchObject({ member: sales!.id, state: 'planned' })
  expect(await titles(sales!)).toContainEqual(expect.stringContaining('王海燕 为你登记了请假'))
  expect((await home.ask(rival!, 'POST', `${ABSENCES}/${body.id}/end`)).body.error.code).toBe('FORBIDDEN')
  expect((await home.ask(sales!, 'POST', `${ABSENCES}/${body.id}/end`)).body.state).toBe('cancelled')
  expect((await home.ask(sales!, 'POST', `${ABSENCES}/${body.id}/end`)).body.error.code).toBe('ABSENCE_OVER')
  expect((await titles(rival!))[0]).toBe('李思琪 不再请假，代理取消')
})

it('B26 what is refused, and what is pointed out', async () => {
  const code = async (who: Person, body: object) => (await enter(who, body)).body.error?.code
  expect(await code(sales!, draft(60, 59))).toBe('EVENT_ENDS_EARLY')
  expect(await code(sales!, draft(-60, -10))).toBe('VALUE_INVALID')
  for (const standIns of [[sales!.id], [999]]) expect(await code(sales!, draft(10, 60, { standIns }))).toBe('VALUE_INVALID')
  expect(await code(sales!, draft(100, 200))).toBeUndefined()
  expect(await code(sales!, draft(150, 300))).toBe('ABSENCE_OVERLAPS')
  expect(await code(rival!, draft(120, 180, { standIns: [sales!.id] }))).toBe('STAND_IN_AWAY')
  const look = async (who: Person, body: object) => (await home.ask(who, 'POST', `${ABSENCES}/preview`, body)).body
  expect((await look(rival!, draft(150, 300, { standIns: [sales!.id] }))).warnings.map(({ zh }: { zh: string }) => zh)).toEqual([expect.stringMatching(/^李思琪 在 .* 也请假/), expect.stringMatching(/^原定代理 李思琪/)])
  expect(await look(sales!, draft(1000, 2000, { standIns: [] }))).toMatchObject({ above: supervisor!.id, warnings: [{ zh: '没有选代理人，由上级 王海燕 代理' }] })
  expect((await look(sales!, draft(1000, 2000, { standIns: [home.people.finance.id] }))).warnings).toEqual([{ zh: expect.stringContaining('钱多多 的角色看不到线索'), en: expect.any(String) }])
  await endAll()
})

it('B27 a stand-in who is away gives way to the other, then to whoever is above', async () => {
  const { id } = await lead(sales!, '谁来代')
  await enter(sales!, draft(-1, 500, { standIns: [rival!.id] }))
  expect(await seen(rival!, id)).toBe(200)
  await enter(rival!, draft(-1, 30, { standIns: [] }))
  expect(await seen(rival!, id)).toBe(404)
  const standIns = async (who: Person) => (await home.ask(admin!, 'GET', '/api/v1/definitions')).body.members.find((each: { id: number }) => each.id === who.id).away?.standIns
  expect(await standIns(sales!)).toEqual([supervisor!.id])
  await pass(31)
  expect(await standIns(sales!)).toEqual([rival!.id])
  await turn()
  await endAll()
  expect(await standIns(sales!)).toBeUndefined()
})

it('B27 suspended, nobody is away', async () => {
  const { body } = await enter(sales!, draft(-1, 500))
  await home.ask(admin!, 'PATCH', `/api/v1/members/${sales!.id}`, { state: 'suspended' })
  expect((await home.ask(admin!, 'GET', ABSENCES)).body.items).toEqual([])
  expect((await home.db.read(home.tenant, (tx) => tx.query('select state from {t}.absence where id = $1', [body.id])))).toEqual([{ state: 'over' }])
  await home.ask(admin!, 'PATCH', `/api/v1/members/${sales!.id}`, { state: 'active' })
  const { body: { csrf }, headers } = await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'sales@example.com', password: '一个很长的密码 2026' })
  sales = { id: sales!.id, cookie: String(headers['set-cookie']).split(';')[0]!, csrf }
})
