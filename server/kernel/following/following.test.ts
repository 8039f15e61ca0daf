import { afterAll, beforeAll, expect, it } from 'vitest'
import { Refused } from '#contract'
import { noticesOf, tell } from '#kernel/delivery'
import { bumpEpoch, publishAll } from '#kernel/metadata'
import { writeOrRefuse } from '#kernel/records'
import { mention } from '#language/values'
import { PEOPLE, type Person, type Workshop, WORKSHOP, workshop } from '../records/testing/workshop.ts'
import { follow, followingOf, readersOf, tellNews } from './index.ts'

let home: Workshop
const label = (zh: string, en: string) => ({ zh, en })
beforeAll(async () => {
  home = await workshop()
  const roles = WORKSHOP.role.map((role) => ({ kind: 'role' as const, key: role.key, body: { ...role, objects: { ...role.objects, comment: { read: 'own', create: 'own' } } } }))
  await home.as('kernel', (ctx) => publishAll(ctx, [
    { kind: 'object', key: 'comment', body: { key: 'comment', label: label('评论', 'Comment'), title: 'text', timeline: ['about'], scopeVia: 'about', comment: { subject: 'about', text: 'text', withdrawn: 'gone' }, fields: [
      { key: 'about', label: label('关联', 'About'), kind: 'anyReference', to: '*', required: true }, { key: 'text', label: label('内容', 'Text'), kind: 'long', required: true }, { key: 'gone', label: label('撤回', 'Withdrawn'), kind: 'boolean' }] } },
    ...roles,
  ] as never))
})
afterAll(() => home.drop())

const job = (by: Person, values: object = {}) => home.as(by, async (ctx) => (await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '修屏', ...values } }]))[0]!.id)
const edit = (by: Person | 'kernel', id: string, values: Record<string, unknown>, object = 'job') => home.as(by, (ctx) => writeOrRefuse(ctx, [{ op: 'update', object, id, values }]))
const comment = (by: Person, id: string, text: string) => home.as(by, async (ctx) => (await writeOrRefuse(ctx, [{ op: 'create', object: 'comment', values: { about: { object: 'job', id }, text } }]))[0]!.id)
const watch = (who: Person, id: string, on = true) => home.as(who, (ctx) => follow(ctx, { object: 'job', id }, on))
const drain = async () => { while ((await tellNews(home.db, home.tenant, tell)) > 0) { /* all of it */ } }
const told = async (who: Person, record: string) => {
  await drain()
  return (await home.looking(who, (ctx) => noticesOf(ctx.tx, { member: PEOPLE[who], limit: 100 }))).filter((notice) => notice.record === record).map(({ kind, title, body }) => [kind, title, body])
}

it('Y1 following what one sees', async () => {
  const id = await job('ann')
  await expect(watch('bob', id)).rejects.toThrow(Refused)
  expect(await watch('ann', id)).toEqual({ following: true, followers: 1 })
  expect(await watch('ann', id)).toEqual({ following: true, followers: 1 })
  expect(await watch('chief', id)).toEqual({ following: true, followers: 2 })
  expect(await watch('ann', id, false)).toEqual({ following: false, followers: 1 })
  expect(await watch('ann', id)).toEqual({ following: true, followers: 2 })
  expect(await home.looking('chief', (ctx) => followingOf(ctx, { object: 'job', id }))).toEqual({ following: true, followers: 2 })
  const rows = await home.looking('chief', ({ tx }) => tx.query<{ open: boolean }>('select closed_at is null as open from {t}.follow where record = $1 and member = $2 order by opened_at', [id, PEOPLE.ann]))
  expect(rows.map(({ open }) => open)).toEqual([false, true])
  expect(await home.looking('ann', (ctx) => readersOf(ctx, { object: 'job', id }, [PEOPLE.chief, PEOPLE.bob, PEOPLE.gone, 999]))).toEqual([PEOPLE.chief])
})

it('Y2 Y3 with their own eyes, and not of one\'s own deeds', async () => {
  const id = await job('ann', { price: '1' }).catch(() => job('ann'))
  for (const who of ['ann', 'watcher', 'chief'] as const) await watch(who, id)
  await edit('chief', id, { price: '500', secret: '300', note: '换屏' })
  expect(await told('ann', id)).toEqual([['followed_change', 'chief修改了「修屏」', '报价：无 → ¥500']])
  expect(await told('watcher', id)).toEqual([['followed_change', 'chief修改了「修屏」', '报价：无 → ¥500']])
  expect(await told('chief', id)).toEqual([])
  await edit('chief', id, { note: '只是备注' })
  await edit('chief', id, { owner: PEOPLE.bob })
  // It left ann's reach with that very change.
  expect(await told('ann', id)).toHaveLength(1)
  expect((await told('watcher', id))[0]).toEqual(['followed_change', 'chief修改了「修屏」', '负责人：ann → bob'])
  await comment('chief', id, '请尽快')
  expect((await told('watcher', id))[0]).toEqual(['followed_comment', 'chief评论了「修屏」', '请尽快'])
  expect(await told('ann', id)).toHaveLength(1)
})

it('Y6 who stands in for the mentioned one', async () => {
  const id = await job('ann')
  const away = (to: string) => home.as('kernel', async ({ tx, now }) => { await tx.query(`insert into {t}.absence (member, kind, from_at, to_at, stand_ins, state) values ($1, 'other', $3::timestamptz - interval '1 hour', $3::timestamptz + $4::interval, array[$2::int], 'running')`, [PEOPLE.chief, PEOPLE.watcher, now, to]); await bumpEpoch(tx) })
  await away('1 hour')
  await comment('ann', id, `${mention(PEOPLE.chief, 'x')} 看一下`)
  expect([await told('chief', id), await told('watcher', id)]).toEqual([[['mention', 'ann在「修屏」中提到你', '@chief 看一下']], [['mention', '代 chief：ann在「修屏」中提到你', '@chief 看一下']]])
  await home.as('kernel', async ({ tx }) => { await tx.query('truncate {t}.absence'); await bumpEpoch(tx) })
  await comment('ann', id, `${mention(PEOPLE.chief, 'x')} 再看`)
  expect([(await told('chief', id)).length, (await told('watcher', id)).length]).toEqual([2, 1])
})

it('Y4 mentioned once, by an edit too, and not by what was withdrawn', async () => {
  const id = await job('ann')
  await watch('chief', id)
  const said = await comment('ann', id, `${mention(PEOPLE.chief, '旧名')} 看一下`)
  expect(await told('chief', id)).toEqual([['mention', 'ann在「修屏」中提到你', '@chief 看一下']])
  await edit('kernel', said, { text: `${mention(PEOPLE.chief, 'chief')} 和 ${mention(PEOPLE.watcher, 'watcher')} 看一下` }, 'comment')
  expect(await told('chief', id)).toHaveLength(1)
  expect((await told('watcher', id)).map(([kind]) => kind)).toEqual(['mention'])
  const slip = await comment('ann', id, `${mention(PEOPLE.chief, 'chief')} 写错了`)
  await edit('kernel', slip, { gone: true, text: '撤回' }, 'comment')
  expect(await told('chief', id)).toHaveLength(1)
  // Bob does not see the job: a mention that reached the log anyway does not reach him.
  await comment('ann', id, `${mention(PEOPLE.bob, 'bob')} 看`)
  expect(await told('bob', id)).toEqual([])
})

it('Y5 told once by however many', async () => {
  const id = await job('ann')
  await watch('ann', id)
  for (let price = 1; price <= 12; price++) await edit('chief', id, { price: String(price) })
  await expect(home.as('ann', async (ctx) => { await tellNews({ mutate: (_tenant, work) => work(ctx.tx) }, home.tenant, tell); throw new Error('the process ends') })).rejects.toThrow('the process ends')
  await Promise.all([drain(), drain(), drain()])
  expect(await told('ann', id)).toHaveLength(12)
})
