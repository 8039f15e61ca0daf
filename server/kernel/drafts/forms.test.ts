import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { writeOrRefuse } from '#kernel/records'
import { decreeIn } from '../access/testing/decree.ts'
import { workshop, type Person, type Workshop } from '../records/testing/workshop.ts'
import { dropForm, giveUpForm, keepForm, openForm, unsavedAbout, unsavedForms, type UnsavedForm } from './index.ts'

let home: Workshop
const [JOB, SECRET] = [ids.next(), ids.next()]
const made = { object: 'job', id: null }
const changed = { object: 'job', id: JOB }
type Of = Parameters<typeof keepForm>[1]
const keep = (who: Person, of: Of, vals: Record<string, unknown>, more = {}) => home.as(who, (ctx) => keepForm(ctx, of, { vals, ...more }))
const open = async (who: Person, of: Of) => (await home.looking(who, (ctx) => openForm(ctx, of)))?.vals ?? null
const shown = (all: readonly UnsavedForm[]) => all.map(({ member, kind, object, vals, givenUp }) => [member, kind, object, vals, givenUp])
const about = (who: Person, id = JOB) => home.looking(who, async (ctx) => shown(await unsavedAbout(ctx, { object: 'job', id })))
const code = (work: Promise<unknown>) => work.then(() => 'ok', (error: { refusal?: { code: string } }) => error.refusal?.code)

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [JOB, SECRET].map((id) => ({ op: 'create', object: 'job', id, values: { name: '修屏', state: id === SECRET ? 'busy' : 'open', note: '机密' }, owner: 2 }))))
  await decreeIn(home, [{ except: { roles: ['chief'] }, when: { field: 'state', op: 'eq', value: 'busy' }, fields: { note: { read: 'star' } } }])
})
afterAll(() => home.drop())

test('DR6 a form of a new record is there again for its writer alone, beside those for other records; saved or emptied, it is gone', async () => {
  await keep('ann', made, { name: '手机' }, { rows: { visit: [{ note: '带工具' }], reading: [{ value: '1' }] } })
  await keep('ann', made, { name: '手机坏了', note: '进水' }, { rows: { visit: [{ note: '带工具' }], reading: [{ value: '1' }] } })
  await keep('ann', { object: 'visit', id: null, about: JOB }, { note: '明天去' })
  expect([await open('ann', made), await open('bob', made), await open('ann', { object: 'visit', id: null }), await open('ann', { object: 'visit', id: null, about: JOB })]).toEqual([{ name: '手机坏了', note: '进水' }, null, null, { note: '明天去' }])
  expect((await home.looking('ann', (ctx) => openForm(ctx, made)))!.rows).toEqual({ visit: [{ note: '带工具' }] })
  await home.as('ann', (ctx) => dropForm(ctx, made))
  await keep('ann', { object: 'visit', id: null, about: JOB }, {})
  expect([await open('ann', made), await open('ann', { object: 'visit', id: null, about: JOB })]).toEqual([null, null])
})

test('DR6 changes of a record are kept by field; what is saved goes, the rest stays, with what the record was like then', async () => {
  await keep('ann', changed, { name: '修屏幕', nick: '小屏' }, { version: 'v1' })
  await home.as('ann', (ctx) => dropForm(ctx, changed, ['name']))
  expect(await home.looking('ann', (ctx) => openForm(ctx, changed))).toMatchObject({ vals: { nick: '小屏' }, version: 'v1' })
  await home.as('ann', (ctx) => dropForm(ctx, changed, ['nick']))
  expect([await open('ann', changed), await about('chief')]).toEqual([null, [[2, 'create', 'visit', { note: '明天去' }, true]]])
  expect([await code(keep('bob', changed, { name: 'x' })), await code(keep('nobody', made, { name: 'x' })), await code(open('bob', changed))]).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'])
})

test('DR6 fields of a record are kept one by one: neither another field nor another device is overwritten; the last to go gives it up', async () => {
  const part = (vals: Record<string, unknown>, gone: string[], version: string) => home.as('ann', (ctx) => keepForm(ctx, changed, { vals, gone, version }))
  const whole = async () => { const found = await home.looking('ann', (ctx) => openForm(ctx, changed)); return found && [found.vals, found.version] }
  await Promise.all([part({ name: '甲' }, [], 'v1'), part({ nick: '小甲' }, [], 'v1'), part({ note: '记' }, [], 'v1')])
  expect(await whole()).toEqual([{ name: '甲', nick: '小甲', note: '记' }, 'v1'])
  await part({ name: '乙' }, [], 'v2')
  await part({ nick: '小乙' }, ['note'], 'v2')
  expect(await whole()).toEqual([{ name: '乙', nick: '小乙' }, 'v1'])
  await home.as('ann', (ctx) => dropForm(ctx, changed, ['nick']))
  await part({ name: '丙' }, ['nick'], 'v3')
  expect(await whole()).toEqual([{ name: '丙' }, 'v3'])
  await part({}, ['nick'], 'v3')
  expect(await whole()).toEqual([{ name: '丙' }, 'v3'])
  await part({}, ['name'], 'v3')
  expect([await whole(), (await about('chief')).filter(([, kind]) => kind === 'edit')]).toEqual([null, [[2, 'edit', 'job', { name: '丙' }, true]]])
  await home.as('kernel', ({ tx }) => tx.query(`delete from {t}.draft where record = $1 and kind = 'edit'`, [JOB]))
})

test('DR7 only what its writer may write and reads in full goes in, and comes out', async () => {
  await keep('ann', { object: 'job', id: SECRET }, { note: '***', secret: '1', price: '2', sealed: 'x', made_up: 1, nick: '绰号' })
  expect(await open('ann', { object: 'job', id: SECRET })).toEqual({ nick: '绰号' })
  await keep('ann', changed, { note: '写到一半' })
  expect(await open('ann', changed)).toEqual({ note: '写到一半' })
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOB, values: { state: 'busy' } }]))
  expect(await open('ann', changed)).toBeNull()
})

test('DR8 whoever may audit reads them, given up or not, as far as they read such fields', async () => {
  await home.as('ann', (ctx) => giveUpForm(ctx, { object: 'job', id: SECRET }))
  await keep('ann', made, { name: '电脑', secret: '9', note: '急' })
  expect(await about('chief', SECRET)).toEqual([[2, 'edit', 'job', { nick: '绰号' }, true]])
  expect(shown(await home.looking('chief', unsavedForms))).toEqual([[2, 'create', 'job', { name: '电脑', note: '急' }, false], [2, 'create', 'visit', { note: '明天去' }, true]])
  expect(await code(home.looking('ann', unsavedForms))).toBe('FORBIDDEN')
  expect((await about('lead')).map(([, , , vals]) => vals)).not.toContainEqual({ note: '写到一半' })
})
