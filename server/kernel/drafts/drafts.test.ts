import { afterAll, beforeAll, expect, test } from 'vitest'
import { definitionOf, publish } from '#kernel/metadata'
import { ids } from '#platform/db'
import { listRecords, timelineOf, writeOrRefuse } from '#kernel/records'
import type { Role } from '#language/definitions'
import { workshop, type Person, type Workshop } from '../records/testing/workshop.ts'
import { dropDraft, giveUpDraft, keepDraft, openDraft, sweepDrafts, unsentDrafts, type DraftKind } from './index.ts'

let home: Workshop
const JOB = ids.next()
const of = (kind: DraftKind = 'comment') => ({ object: 'job', id: JOB, kind })
const write = (who: Person, text: string, kind?: DraftKind, more: Record<string, unknown> | null = null) => home.as(who, (ctx) => keepDraft(ctx, of(kind), { text, more }))
const open = async (who: Person, kind?: DraftKind) => (await home.looking(who, (ctx) => openDraft(ctx, of(kind))))?.text ?? null
const unsent = (who: Person) => home.looking(who, async (ctx) => (await unsentDrafts(ctx, of())).map(({ member, kind, text, givenUp }) => [member, kind, text, givenUp]))
const code = (work: Promise<unknown>) => work.then(() => 'ok', (error: { refusal?: { code: string } }) => error.refusal?.code)

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', id: JOB, values: { name: '修屏' }, owner: 2 }]))
})
afterAll(() => home.drop())

test('DR1 one open draft of a kind for each record one sees, the same on every device, nobody else’s', async () => {
  await write('ann', '客户说')
  await write('ann', '客户说太贵', 'comment', { people: [1] })
  await write('ann', '电话没接', 'activity', { result: 'none' })
  expect([await open('ann'), await open('ann', 'activity'), await open('chief')]).toEqual(['客户说太贵', '电话没接', null])
  expect((await home.looking('ann', (ctx) => openDraft(ctx, of())))!.more).toEqual({ people: [1] })
  expect([await code(write('bob', '偷看')), await code(open('bob')), await code(write('nobody', 'x'))]).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'])
})

test('DR2 DR3 sent, it leaves nothing; emptied or given up, it is out of sight and kept as it stood', async () => {
  await home.as('ann', (ctx) => dropDraft(ctx, of('activity')))
  await write('ann', '')
  expect([await open('ann'), await open('ann', 'activity'), await unsent('chief')]).toEqual([null, null, [[2, 'comment', '客户说太贵', true]]])
  await write('ann', '', 'activity', { result: 'none' })
  await home.as('ann', (ctx) => giveUpDraft(ctx, of('activity')))
  expect(await unsent('chief')).toHaveLength(1)
})

test('DR4 whoever may audit and sees the record reads them, nobody else; no list and no search does', async () => {
  await write('ann', '第二稿')
  expect(await unsent('chief')).toEqual([[2, 'comment', '第二稿', false], [2, 'comment', '客户说太贵', true]])
  expect([await code(unsent('ann')), await code(unsent('lead'))]).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  await home.as('chief', async (ctx) => {
    const role = (await definitionOf(ctx.tx, 'role', 'area'))!.body as Role
    await publish(ctx, 'role', 'area', { ...role, rights: ['audit'], objects: { job: { read: 'none' } } })
  })
  expect(await code(unsent('area'))).toBe('NOT_FOUND')
  expect(JSON.stringify(await home.looking('chief', async (ctx) => [await listRecords(ctx, 'job', { limit: 9, search: '客户说' }), await timelineOf(ctx, 'job', JOB, { limit: 9 })]))).not.toContain('客户说')
})

test('DR5 ninety days after it was last written it is gone', async () => {
  await home.db.mutate(home.tenant, (tx) => sweepDrafts({ ...tx, now: new Date(tx.now.getTime() + 89 * 86_400_000) }))
  expect(await unsent('chief')).toHaveLength(2)
  await home.db.mutate(home.tenant, (tx) => sweepDrafts({ ...tx, now: new Date(tx.now.getTime() + 91 * 86_400_000) }))
  expect(await unsent('chief')).toEqual([])
})
