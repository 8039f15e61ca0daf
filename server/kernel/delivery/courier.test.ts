import { afterAll, beforeAll, expect, test } from 'vitest'
import { setNoticeSettings } from '#kernel/members'
import { writeOrRefuse } from '#kernel/records'
import { type NoticeSettings, STANDARD_NOTICES } from '#language/definitions'
import { addDays, dayOf, instantAt, isWorkingDay, dayNumber, DAY_MS, noticeKind, workingCalendar } from '#language/values'
import { advanceClock } from '#platform/db'
import { PEOPLE, type Person, type Workshop, workshop } from '../records/testing/workshop.ts'
import { carryMail, markRead, markUnread, type NoticeDraft, noticesOf, outboxOf, tell, unreadCount } from './index.ts'

let home: Workshop
beforeAll(async () => {
  home = await workshop()
  await home.as('kernel', ({ tx }) => tx.query(`update {t}.member set email = name || '@example.com' where name <> 'nobody'`))
})
afterAll(() => home.drop())

const ADDRESSES = { record: (object: string, id: string) => `https://here/o/${object}/${id}`, notices: 'https://here/notifications', settings: 'https://here/account' }
let events = 100
const notice = (member: number, more: Partial<NoticeDraft> = {}): NoticeDraft => ({ member, kind: 'escalation', title: `超时 ${++events}`, body: null, object: null, record: null, groupKey: null, event: events, rule: 'r', ...more })
const told = (...notices: NoticeDraft[]) => home.as('kernel', ({ tx }) => tell(tx, notices))
const wants = (who: Person, more: Partial<NoticeSettings>) => home.as(who, async (ctx) => setNoticeSettings(ctx, PEOPLE[who], { ...STANDARD_NOTICES, quiet: { ...STANDARD_NOTICES.quiet, on: false }, ...more }))
const byMail = (...kinds: string[]) => ({ ...STANDARD_NOTICES.kinds, ...Object.fromEntries(kinds.map((kind) => [kind, { inside: true, mail: true }])) }) as NoticeSettings['kinds']
const carry = () => carryMail(home.db, home.tenant, ADDRESSES)
const letters = async (who: Person) => {
  await carry()
  const rows = await home.looking('kernel', ({ tx }) => tx.query<{ body: { to: string; subject: string; text: string } }>(`select body from {t}.outbox where channel = 'email' order by id`))
  return rows.map(({ body }) => body).filter(({ to }) => to === `${who}@example.com`)
}

const calendar = workingCalendar()
const ZONE = 'Asia/Shanghai'
const now = () => home.looking('kernel', async (ctx) => ctx.now.getTime())
/** Moves the clock to this hour on the next day that is (not) worked, the next one that follows such a day. */
async function until(hour: number, fits: (day: string) => boolean = () => true): Promise<void> {
  const present = await now()
  for (let day = dayOf(present, ZONE); ; day = addDays(day, 1)) {
    const instant = instantAt(dayNumber(day) * DAY_MS + hour * 3_600_000, ZONE)
    if (instant > present && fits(day)) return void (await advanceClock(home.db, home.tenant, instant - present))
  }
}
const worked = (day: string) => isWorkingDay(day, calendar)

test('O12 every kind has its place, whatever a rule calls it', () => {
  expect(['new_lead', 'transferred', 'red_alert', 'schedule_reminder', 'mention', 'followed_comment', 'followed_change', 'unlock', 'risk', 'parked', 'delivery'].map(noticeKind))
    .toEqual(['assigned', 'assigned', 'escalated', 'reminder', 'mention', 'comment', 'follow', 'approval', 'audit', 'system', 'other'])
})

test('O12 a kind that a member switched off is not shown to them, and comes by mail only if they asked for it', async () => {
  await wants('bob', { kinds: { ...STANDARD_NOTICES.kinds, escalated: { inside: false, mail: false }, mention: { inside: false, mail: true } } })
  await told(notice(PEOPLE.bob), notice(PEOPLE.bob, { kind: 'mention', title: '提到你' }), notice(PEOPLE.bob, { kind: 'reminder', title: '到期' }), notice(PEOPLE.ann))
  expect((await home.looking('bob', ({ tx }) => noticesOf(tx, { member: PEOPLE.bob, limit: 9 }))).map(({ title }) => title)).toEqual(['到期'])
  expect([await home.looking('bob', ({ tx }) => unreadCount(tx, PEOPLE.bob)), await home.looking('ann', ({ tx }) => unreadCount(tx, PEOPLE.ann))]).toEqual([1, 1])
  expect((await letters('bob')).map(({ subject }) => subject)).toEqual(['下一步：提到你'])
  expect(await letters('ann')).toEqual([])
})

test('O13 one letter for what came together; each with the address of its record and of the settings', async () => {
  const id = await home.as('chief', async (ctx) => (await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '修屏' } }]))[0]!.id)
  await wants('chief', { kinds: byMail('escalated') })
  await told(notice(PEOPLE.chief, { title: '第一', object: 'job', record: id }), notice(PEOPLE.chief, { title: '第二', body: '原因' }))
  const [letter, ...others] = await letters('chief')
  expect([letter!.subject, others]).toEqual(['下一步：2 条通知', []])
  expect(letter!.text).toContain(`第一\nhttps://here/o/job/${id}`)
  expect(letter!.text).toContain('第二\n原因')
  expect(letter!.text).toContain(ADDRESSES.settings)
  await told(notice(PEOPLE.chief, { title: '第三' }))
  expect((await letters('chief')).map(({ subject }) => subject)).toEqual(['下一步：2 条通知', '下一步：第三'])
})

test('O13 what a member may not read any more is not in their mail; who has no address or is suspended gets none', async () => {
  const id = await home.as('chief', async (ctx) => (await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '别人的' } }]))[0]!.id)
  for (const who of ['lead', 'nobody', 'gone'] as const) await home.as('kernel', (ctx) => setNoticeSettings(ctx, PEOPLE[who], { ...STANDARD_NOTICES, quiet: { ...STANDARD_NOTICES.quiet, on: false }, kinds: byMail('escalated') }))
  await told(notice(PEOPLE.lead, { title: '看不到的', object: 'job', record: id }), notice(PEOPLE.lead, { title: '看得到的' }), notice(PEOPLE.nobody), notice(PEOPLE.gone))
  const mine = await letters('lead')
  expect(mine.map(({ subject }) => subject)).toEqual(['下一步：看得到的'])
  expect(mine[0]!.text).not.toContain('看不到的')
  expect([await letters('nobody'), await letters('gone')]).toEqual([[], []])
})

test('O14 mail waits for the end of quiet hours and of rest days, and is not lost', async () => {
  await wants('area', { kinds: byMail('escalated'), quiet: { on: true, from: '20:00', to: '08:00', restDays: true } })
  await until(21, (day) => worked(day) && !worked(addDays(day, 1)))
  await told(notice(PEOPLE.area, { title: '夜里' }))
  expect(await letters('area')).toEqual([])
  await until(12, (day) => !worked(day))
  await told(notice(PEOPLE.area, { title: '周末' }))
  expect(await letters('area')).toEqual([])
  await until(8.9, worked)
  expect(await letters('area')).toEqual([])
  await until(9.1, worked)
  const [letter] = await letters('area')
  expect(letter!.text).toMatch(/夜里[^]*周末/)
})

test('O14 who ends their quiet hours gets at once what waited', async () => {
  await wants('watcher', { kinds: byMail('escalated'), quiet: { on: true, from: '20:00', to: '08:00', restDays: false } })
  await until(23)
  await told(notice(PEOPLE.watcher, { title: '等着' }))
  expect(await letters('watcher')).toEqual([])
  await wants('watcher', { kinds: byMail('escalated') })
  expect((await letters('watcher')).map(({ subject }) => subject)).toEqual(['下一步：等着'])
})

test('O15 the daily mail: once a day at the member’s hour in their zone, what is unread by kind, nothing when nothing is', async () => {
  await until(7)
  await wants('ann', { digest: { on: true, at: '08:30' } })
  await home.as('ann', ({ tx }) => markRead(tx, PEOPLE.ann, 'all'))
  const before = (await letters('ann')).length
  await until(8.6)
  expect(await letters('ann')).toHaveLength(before)
  await told(...Array.from({ length: 12 }, (_, i) => notice(PEOPLE.ann, { title: `第 ${i} 条` })), notice(PEOPLE.ann, { kind: 'mention', title: '有人提到你' }))
  await until(8.4)
  expect(await letters('ann')).toHaveLength(before)
  await until(8.6)
  const letter = (await letters('ann')).at(-1)!
  expect(letter.subject).toBe('下一步：今日摘要，13 条未读通知')
  expect(letter.text).toMatch(/【升级与预警】12 条[^]*还有 2 条[^]*【@我的】1 条\n· 有人提到你/)
  await until(20)
  expect(await letters('ann')).toHaveLength(before + 1)
  await until(8.6)
  expect(await letters('ann')).toHaveLength(before + 2)
  await wants('ann', { digest: { on: true, at: '08:30' }, zone: 'America/New_York' })
  await until(8.6)
  expect(await letters('ann')).toHaveLength(before + 2)
  await until(22.6)
  expect(await letters('ann')).toHaveLength(before + 3)
})

test('O15 several processes leave one daily mail', async () => {
  await wants('ann', { digest: { on: true, at: '08:30' } })
  await until(9)
  const before = (await home.looking('kernel', ({ tx }) => outboxOf(tx))).length
  await Promise.all([carry(), carry(), carry()])
  expect((await home.looking('kernel', ({ tx }) => outboxOf(tx))).length).toBe(before + 1)
})

test('O15 a daily mail that left late, in the night, takes none from the next day', async () => {
  await wants('ann', { digest: { on: true, at: '08:30' } })
  await until(8.4)
  const before = (await letters('ann')).length
  await until(0.5)
  expect(await letters('ann')).toHaveLength(before + 1)
  await until(8.6)
  expect(await letters('ann')).toHaveLength(before + 2)
})

test('O16 sorted by kind, searched, marked as read and taken back', async () => {
  await home.as('ann', ({ tx }) => markRead(tx, PEOPLE.ann, 'all'))
  await told(notice(PEOPLE.ann, { kind: 'mention', title: '张三提到你', body: '100%_确定' }), notice(PEOPLE.ann, { title: '升级' }))
  const found = (query: object) => home.looking('ann', async ({ tx }) => (await noticesOf(tx, { member: PEOPLE.ann, unread: true, limit: 9, ...query })).map(({ title }) => title))
  expect([await found({ kind: 'mention' }), await found({ search: '0%_确' }), await found({ search: '0__确' }), await found({})]).toEqual([['张三提到你'], ['张三提到你'], [], ['升级', '张三提到你']])
  const at = await home.as('ann', async ({ tx }) => { await markRead(tx, PEOPLE.ann, 'all'); return tx.now })
  expect(await found({})).toEqual([])
  await home.as('ann', ({ tx }) => markUnread(tx, PEOPLE.ann, at))
  expect(await found({})).toEqual(['升级', '张三提到你'])
})
