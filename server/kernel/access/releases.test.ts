import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { kernelContext, lintPolicy, memberContext, type Context } from '#kernel/access'
import { publishAll } from '#kernel/metadata'
import { ids } from '#platform/db'
import { undoActs, write, writeOrRefuse, type Intent } from '#kernel/records'
import type { Policy, TagDefinition } from '#language/definitions'
import { decreeIn } from './testing/decree.ts'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
const label = { zh: '策略', en: 'Policy' }
const [SITE, BUSY, IDLE] = [ids.next(), ids.next(), ids.next()]

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'site', id: SITE, values: { name: '总店' } }]))
})
afterAll(() => home.drop())

const decree = (...policies: Partial<Policy>[]): Promise<void> => decreeIn(home, policies)
beforeEach(async () => {
  await decree()
  await home.as('chief', async (ctx) => {
    for (const id of [BUSY, IDLE]) await write(ctx, [{ op: 'delete', object: 'job', id }])
  })
  ;[BUSY_NOW, IDLE_NOW] = [ids.next(), ids.next()]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [
    { op: 'create', object: 'job', id: BUSY_NOW, values: { name: '忙', state: 'busy', note: '机密', count: 5, nick: '小忙', site: SITE, urgent: true }, owner: PEOPLE.ann },
    { op: 'create', object: 'job', id: IDLE_NOW, values: { name: '闲', state: 'open', note: '平常', count: 5, site: SITE }, owner: PEOPLE.ann },
  ]))
})
let [BUSY_NOW, IDLE_NOW] = [BUSY, IDLE]

const tell = (result: Awaited<ReturnType<typeof write>>) => (result.ok ? 'ok' : `${result.refusals[0]!.refusal.code} ${result.refusals[0]!.refusal.path ?? ''}`)
const carry = (who: Person | 'kernel' | ((tx: Context['tx']) => Promise<Context>), intents: Intent[]) =>
  typeof who === 'string' ? home.as(who, async (ctx) => tell(await write(ctx, intents))) : home.db.mutate(home.tenant, async (tx) => tell(await write(await who(tx), intents)))
const set = (who: Parameters<typeof carry>[0], id: string, values: Record<string, unknown>, object = 'job') => carry(who, [{ op: 'update', object, id, values }])
const NO = 'POLICY_FIELD_PROTECTED state'
const BUSY_ONLY: Partial<Policy> = { except: { roles: ['chief'] }, when: { field: 'state', op: 'eq', value: 'busy' }, fields: { note: { read: 'hidden' } } }

test('A39 whom a limit holds back does not end it by changing what it is decided by; other values and other records are theirs to change', async () => {
  await decree(BUSY_ONLY)
  expect(await set('ann', BUSY_NOW, { state: 'closed' })).toBe(NO)
  expect([await set('ann', BUSY_NOW, { state: null }), await set('ann', BUSY_NOW, { state: 'closed', nick: 'x' })]).toEqual([NO, NO])
  expect([await set('ann', BUSY_NOW, { nick: '改' }), await set('ann', IDLE_NOW, { state: 'closed' }), await set('ann', IDLE_NOW, { state: 'busy' })]).toEqual(['ok', 'ok', 'ok'])
  // It has just begun: in another act there is no way back.
  expect(await set('ann', IDLE_NOW, { state: 'open' })).toBe(NO)
  expect(await carry('ann', [{ op: 'update', object: 'job', id: BUSY_NOW, values: { nick: 'a' } }, { op: 'update', object: 'job', id: BUSY_NOW, values: { state: 'open' } }])).toBe(NO)
  expect(await set('chief', BUSY_NOW, { state: 'closed' })).toBe('ok')
})

test('A39 nor does anybody who does not see in full what it keeps, though it does not hold them back', async () => {
  await decree({ who: { roles: ['fixer'] }, when: { field: 'state', op: 'eq', value: 'busy' }, fields: { secret: { read: 'hidden' } } }, { effect: 'allow', who: { roles: ['watcher', 'lead'] }, fields: { state: { write: true } }, actions: ['edit', 'read'] })
  expect([await set('watcher', BUSY_NOW, { state: 'closed' }), await set('lead', BUSY_NOW, { state: 'closed' })]).toEqual([NO, 'ok'])
  await decree({ except: { relations: ['owner'] }, when: { field: 'state', op: 'eq', value: 'busy' }, fields: { note: { write: false } } }, { effect: 'allow', who: { roles: ['lead'] }, fields: {}, actions: ['edit', 'read'] })
  await set('chief', BUSY_NOW, { state: 'busy' })
  expect([await set('lead', BUSY_NOW, { state: 'closed' }), await set('ann', BUSY_NOW, { state: 'closed' })]).toEqual([NO, 'ok'])
})

test('A39 it is so in whatever circumstances the limit holds, and whatever the condition is like', async () => {
  await decree({ ...BUSY_ONLY, scenarios: ['export'] })
  expect(await set('ann', BUSY_NOW, { state: 'closed' })).toBe(NO)
  await decree({ ...BUSY_ONLY, when: { not: { any: [{ field: 'state', op: 'eq', value: 'closed' }, { field: 'count', op: 'gt', value: 9 }] } } })
  expect([await set('ann', BUSY_NOW, { state: 'open' }), await set('ann', BUSY_NOW, { state: 'closed' }), await set('ann', BUSY_NOW, { count: 10 })]).toEqual(['ok', NO, 'POLICY_FIELD_PROTECTED count'])
  await decree({ ...BUSY_ONLY, when: { all: [{ parent: 'site', where: { field: 'name', op: 'eq', value: '总店' } }, { field: 'state', op: 'ne', value: 'closed' }] } })
  expect(await set('ann', BUSY_NOW, { state: 'closed' })).toBe(NO)
  await decree({ ...BUSY_ONLY, when: { all: [{ parent: 'site', where: { field: 'name', op: 'eq', value: '分店' } }, { field: 'state', op: 'ne', value: 'closed' }] } })
  expect(await set('ann', BUSY_NOW, { state: 'closed' })).toBe('ok')
})

test('A39 what the records pointed to say, and a tag that follows its condition, count as well', async () => {
  await decree({ ...BUSY_ONLY, when: { parent: 'site', where: { field: 'name', op: 'eq', value: '总店' } } }, { effect: 'allow', object: 'site', who: { roles: ['fixer'] }, fields: { name: { write: true } }, actions: ['edit', 'delete'] })
  expect(await set('ann', SITE, { name: '分店' }, 'site')).toBe('POLICY_FIELD_PROTECTED name')
  expect(await carry('ann', [{ op: 'delete', object: 'site', id: SITE }])).toBe('POLICY_FIELD_PROTECTED ')
  expect(await set('chief', SITE, { name: '总店' }, 'site')).toBe('ok')
  const tag: TagDefinition = { key: '大单', label, segment: { object: 'job', condition: { field: 'count', op: 'ge', value: 5 } } }
  await home.as('chief', async (ctx) => expect(await publishAll(ctx, [{ kind: 'tag', key: '大单', body: tag }])).toMatchObject({ ok: true }))
  await home.as('kernel', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: BUSY_NOW, addTags: ['大单'] }]))
  await decree({ ...BUSY_ONLY, when: { field: 'tags', op: 'has', value: '大单' } })
  expect([await set('ann', BUSY_NOW, { count: 4 }), await set('ann', BUSY_NOW, { count: 6 }), await set('ann', IDLE_NOW, { count: 4 })]).toEqual(['POLICY_FIELD_PROTECTED count', 'ok', 'ok'])
  // … and where its absence speaks for the limit: the tag that comes would end it.
  for (const when of [{ field: 'tags', op: 'hasNot', value: '大单' }, { not: { field: 'tags', op: 'has', value: '大单' } }, { not: { any: [{ field: 'tags', op: 'hasAny', value: ['大单', '急'] }] } }, { field: 'tags', op: 'hasNone', value: ['急', '大单'] }] as Policy['when'][]) {
    await decree()
    await home.as('kernel', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: IDLE_NOW, values: { count: 2 }, addTags: ['保密'] }]))
    await decree({ ...BUSY_ONLY, when: when! })
    expect([when, await set('ann', IDLE_NOW, { count: 7 }), await set('ann', IDLE_NOW, { count: 3 }), await set('ann', BUSY_NOW, { count: 4 })]).toEqual([when, 'POLICY_FIELD_PROTECTED count', 'ok', 'ok'])
  }
})

test('A39 a form does not end it; rules and whoever may set such tags do', async () => {
  await decree(BUSY_ONLY)
  expect(await set((tx) => kernelContext(tx, { kind: 'source', form: 'site' }, { kind: 'source', form: 'site' }), BUSY_NOW, { state: 'closed' })).toBe(NO)
  expect(await set('kernel', BUSY_NOW, { state: 'closed' })).toBe('ok')
})

test('A39 whoever is told no learns nothing of what they do not see', async () => {
  const secretly: Partial<Policy> = { who: { roles: ['fixer'] }, when: { all: [{ field: 'state', op: 'eq', value: 'busy' }, { field: 'secret', op: 'gt', value: '5' }] }, fields: { note: { read: 'hidden' } } }
  for (const secret of ['3', '9']) {
    await decree()
    await set('chief', BUSY_NOW, { secret, state: 'busy' })
    await decree(secretly)
    expect([secret, await set('ann', BUSY_NOW, { state: 'closed' })]).toEqual([secret, NO])
  }
})

test('A39 taking back: one’s own mistake, as long as nothing that is kept has changed; of others’, it is kept', async () => {
  await decree(BUSY_ONLY)
  const acted = (who: Person, values: Record<string, unknown>) => home.as(who, async (ctx) => (await writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: IDLE_NOW, values }]))[0]!.act!)
  const undone = (who: Person, act: number) => home.as(who, async (ctx) => { const answer = await undoActs(ctx, [act]).catch((error: { refusal?: { code: string } }) => error.refusal?.code); return typeof answer === 'string' ? answer : JSON.stringify(answer) })
  expect(await undone('ann', await acted('ann', { state: 'busy' }))).not.toContain('POLICY')
  expect(await home.looking('chief', async ({ tx }) => (await tx.query<{ f_state: string }>('select f_state from {t}.o_job where id = $1', [IDLE_NOW]))[0]!.f_state)).toBe('open')
  const act = await acted('ann', { state: 'busy' })
  await set('chief', IDLE_NOW, { note: '现在机密' })
  expect(await undone('ann', act)).toContain('POLICY_FIELD_PROTECTED')
  await set('chief', IDLE_NOW, { state: 'open' })
  const others = await acted('chief', { state: 'busy' })
  expect(await undone('ann', others)).toContain('"why":"rights"')
  expect(await home.looking('chief', async ({ tx }) => (await tx.query<{ f_state: string }>('select f_state from {t}.o_job where id = $1', [IDLE_NOW]))[0]!.f_state)).toBe('busy')
})

test('A30 the linter names what the held back could have changed, and what they still can', async () => {
  const found = (when: Policy['when']) => home.looking('chief', async (ctx) => (await lintPolicy(ctx, { key: 'p0', label, object: 'job', effect: 'limit', who: { roles: ['fixer'] }, when: when!, fields: { note: { read: 'star' } }, actions: [] })).map(({ kind, field, object }) => [kind, object, field].filter(Boolean).join(' ')))
  expect(await found({ some: { object: 'visit', via: 'job' }, where: { all: [{ field: 'note', op: 'eq', value: 'x' }, { parent: 'job', where: { field: 'count', op: 'eq', value: 5 } }] } })).toEqual(expect.arrayContaining(['guarded visit note', 'escapes count']))
  expect(await found({ all: [{ parent: 'site', where: { field: 'name', op: 'eq', value: '总店' } }, { field: 'state', op: 'eq', value: 'busy' }] })).toEqual(['guarded state'])
})

test('A39 nothing is asked of the database unless something could end', async () => {
  await decree({ ...BUSY_ONLY, when: { field: 'count', op: 'le', value: 9 } })
  const asked = async (values: Record<string, unknown>, id = IDLE_NOW) => home.db.mutate(home.tenant, async (tx) => {
    let count = 0
    const ctx = await memberContext(tx, PEOPLE.ann)
    const counting = { ...ctx, tx: new Proxy(tx, { get: (target, key) => (key === 'query' ? (...given: Parameters<typeof tx.query>) => { count++; return target.query(...given) } : Reflect.get(target, key)) }) }
    await write(counting, [{ op: 'update', object: 'job', id, values }])
    return count
  })
  expect(await asked({ count: 6 })).toBe(await asked({ nick: '甲' }))
})
