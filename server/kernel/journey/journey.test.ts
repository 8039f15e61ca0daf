import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { readRecords, writeOrRefuse, type RecordImage } from '#kernel/records'
import { ids, type Tx } from '#platform/db'
import { openIntakeDesk, type Desk } from '../intake/testing/desk.ts'
import { linkAt, noteOpening, openingsOf, recordVisit, type Visit } from './index.ts'

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

const kernel = (tx: Tx) => kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
async function link(values: object, tags: string[] = []): Promise<{ id: string; token: string; target: string }> {
  const target = 'https://www.example.com/video?v=1'
  const [made] = await desk.write(async (tx) => writeOrRefuse(await kernel(tx), [{ op: 'create', object: 'tracking_link', values: { name: '展会二维码', target, ...values }, tags }]))
  return { id: made!.id, token: String(made!.after.values['token']), target }
}
const open = async (token: string, visitor: string, machine = false): Promise<void> => {
  const found = await desk.write((tx) => linkAt(tx, token))
  if (found) await desk.write((tx) => noteOpening(tx, found, { visitor, machine }, ids.next))
}
const recordOf = async (object: string, id: string): Promise<RecordImage> => (await desk.write(async (tx) => readRecords(await kernel(tx), object, [id]))).get(id)!
const submitted = async (body: Record<string, unknown>): Promise<string> => { const result = await desk.send(body); return result.ok ? result.answer.id : expect.fail('refused') }

test('J5 whoever came by a tracking link brings its tags, campaign and channel once they have a name', async () => {
  const [campaign] = await desk.write(async (tx) => writeOrRefuse(await kernel(tx), [{ op: 'create', object: 'campaign', values: { name: '工博会' } }]))
  const [made, second, visitor, mobile] = [await link({ campaign: campaign!.id, channel: 'exhibition' }, ['高意向']), await link({ name: '图文', channel: 'wechat' }, ['抖音意向']), newVisitor(), phone()]
  await open(made.token, visitor)
  await visit(visitor, 'view')
  const id = await submitted({ phone: mobile, _visitor: newVisitor(), _visit: visitor })
  const lead = await recordOf('lead', id)
  expect([lead.tags, lead.values['campaign'], lead.values['channel'], lead.values['tracking_link']]).toEqual([['高意向'], campaign!.id, 'exhibition', made.id])
  expect(await kindsOf(visitor)).toEqual(['open_link', 'view'])
  const acts = await desk.rows<{ kind: string; ref: string }>(`select a.actor_kind as kind, a.actor_ref as ref from {t}.act a join {t}.change c on c.act = a.id where c.record = $1 and c.fields ? 'tags'`, [id])
  expect(acts).toEqual([{ kind: 'source', ref: 'link:展会二维码' }])
  // Known by now: at once; what stands is not overwritten.
  await open(second.token, visitor)
  const later = await recordOf('lead', id)
  expect([later.tags.toSorted(), later.values['channel'], later.values['tracking_link']]).toEqual([['抖音意向', '高意向'], 'exhibition', made.id])
  // Somebody known comes by another browser.
  const other = newVisitor()
  await open((await link({}, ['价格敏感型'])).token, other)
  await desk.write(async (tx) => writeOrRefuse(await kernel(tx), [{ op: 'update', object: 'lead', id, removeTags: ['高意向'] }]))
  expect(await submitted({ phone: mobile, _visitor: other, _visit: visitor })).toBe(id)
  expect((await recordOf('lead', id)).tags.toSorted()).toEqual(['价格敏感型', '抖音意向'])
})

test('J6 a link to one record tells of that record when it is opened', async () => {
  const id = await submitted({ phone: phone() })
  const [made, visitor] = [await link({ name: '产品视频', kind: 'video', subject: { object: 'lead', id } }, ['高意向']), newVisitor()]
  expect((await recordOf('tracking_link', made.id)).values['first_opened_at'] ?? null).toBeNull()
  await open(made.token, visitor)
  await open(made.token, visitor)
  const { values } = await recordOf('tracking_link', made.id)
  expect([values['opens'], values['first_opened_at'], values['last_opened_at']]).toEqual([1, expect.any(String), values['first_opened_at']])
  expect(await kindsOf(visitor)).toEqual(['open_link'])
  expect((await recordOf('lead', id)).tags).toEqual(['高意向'])
  // Who was called by a number keeps their name out of the log.
  expect(await desk.rows(`select from {t}.act where actor_ref = $1`, [`link:${made.token}`])).toHaveLength(1)
})

test('J7 machines are counted and no more, and a link that is off leads nowhere', async () => {
  const [made, visitor] = [await link({}), newVisitor()]
  await open(made.token, visitor, true)
  expect(await desk.rows('select from {t}.visitor_event where visitor = $1', [visitor])).toHaveLength(0)
  for (const values of [{ active: false }, { active: true, target: 'https://a.example' }]) await desk.write(async (tx) => writeOrRefuse(await kernel(tx), [{ op: 'update', object: 'tracking_link', id: made.id, values }]))
  expect(await desk.write((tx) => linkAt(tx, made.token))).toMatchObject({ id: made.id, target: 'https://a.example', carries: true })
  await desk.write(async (tx) => writeOrRefuse(await kernel(tx), [{ op: 'update', object: 'tracking_link', id: made.id, values: { active: false } }]))
  expect([await desk.write((tx) => linkAt(tx, made.token)), await desk.write((tx) => linkAt(tx, 'unheard'))]).toEqual([null, null])
})

test('J8 how often, by how many, and by whom it is known', async () => {
  const [made, one] = [await link({}), newVisitor()]
  for (const visitor of [one, one, newVisitor()]) await open(made.token, visitor)
  await open(made.token, newVisitor(), true)
  await submitted({ phone: phone(), _visitor: one })
  expect(await desk.write((tx) => openingsOf(tx, made.id, 'Asia/Shanghai'))).toEqual({ clicks: 3, visitors: 2, machines: 1, known: 1, days: [{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), clicks: 3 }] })
})
