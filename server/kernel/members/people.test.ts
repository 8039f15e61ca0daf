import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesOf } from '#kernel/changes'
import { memberRow } from '#kernel/access'
import { freshTenant } from '../../../test/tenant.ts'
import { avatarOf, checkRole, createMember, createTeam, deleteTeam, found, founderHash, isEmpty, loggedId, loggedObject, profileOf, updateMember, updateProfile, updateTeam, type MemberDraft } from './index.ts'
import { codeOf, office, type Office } from './testing/office.ts'
import { kernelContext } from '#kernel/access'

let home: Office
beforeAll(async () => { home = await office() })
afterAll(() => home.drop())

let made = 0
const draft = (more: Partial<MemberDraft> = {}): MemberDraft => ({ name: `人${++made}`, email: `p${made}@office.example`, roles: ['reader'], team: home.team, ...more })
const create = (more: Partial<MemberDraft> = {}, who: 'chief' | 'clerk' | 'reader' = 'chief') => home.as(who, (ctx) => createMember(ctx, draft(more)))

describe('people', () => {
  it('B12 every edit is a change with before and after, and raises the epoch', async () => {
    const { id } = await create({ name: '甲' })
    const epoch = async () => (await home.rows<{ epoch: number }>(`select epoch from {t}.state`))[0]!.epoch
    const before = await epoch()
    await home.as('chief', (ctx) => updateMember(ctx, id, { name: '乙', roles: ['reader', 'insider'] }))
    expect(await epoch()).toBe(before + 1)
    await home.as('chief', (ctx) => updateMember(ctx, id, { name: '乙' }))
    expect(await epoch()).toBe(before + 1)
    const log = await home.as('chief', (ctx) => changesOf(ctx.tx, loggedObject('member'), loggedId(id), { limit: 10 }))
    expect(log.map(({ event, fields, actor }) => [event, fields['name'], fields['roles'], actor])).toEqual([
      ['changed', ['甲', '乙'], [['reader'], ['reader', 'insider']], { kind: 'member', id: home.ids.chief }],
      ['created', [null, '甲'], [null, ['reader']], { kind: 'member', id: home.ids.chief }],
    ])
    expect((await home.as('kernel', (ctx) => memberRow(ctx.tx, id)))?.name).toBe('乙')
  })

  it('B13 e-mail and phone: one writing, one member, at least one', async () => {
    const first = await create({ email: ' Some.One@Office.Example ', phone: '138 0013 8002' })
    expect([first.email, first.phone]).toEqual(['some.one@office.example', '+8613800138002'])
    expect(await codeOf(create({ email: 'SOME.one@office.example' }))).toBe('VALUE_DUPLICATE')
    expect(await codeOf(create({ phone: '+8613800138002' }))).toBe('VALUE_DUPLICATE')
    expect(await codeOf(create({ email: null, phone: null }))).toBe('VALUE_REQUIRED')
    expect(await codeOf(create({ phone: '12' }))).toBe('PHONE_INVALID')
    expect(await codeOf(home.as('chief', (ctx) => updateMember(ctx, first.id, { email: null, phone: null })))).toBe('VALUE_REQUIRED')
  })

  it.each([
    ['a clerk gives what a clerk may', 'clerk', ['reader'], 'done'],
    ['a clerk makes another clerk', 'clerk', ['clerk'], 'done'],
    ['a clerk makes a chief', 'clerk', ['chief'], 'GRANT_EXCEEDS_OWN'],
    ['a clerk gives a right that is not theirs', 'clerk', ['auditor'], 'GRANT_EXCEEDS_OWN'],
    ['a clerk shows a field that is hidden from them', 'clerk', ['insider'], 'GRANT_EXCEEDS_OWN'],
    ['a role that does not exist', 'chief', ['ghost'], 'VALUE_INVALID'],
    ['a chief gives anything', 'chief', ['chief', 'auditor'], 'done'],
  ] as const)('B14 %s', async (_what, who, roles, outcome) => {
    expect(await codeOf(create({ roles }, who))).toBe(outcome)
  })

  it('B14 neither oneself, nor a member above, nor a role above', async () => {
    const raise = (id: number) => home.as('clerk', (ctx) => updateMember(ctx, id, { roles: ['chief'] }))
    expect(await codeOf(raise(home.ids.clerk))).toBe('GRANT_EXCEEDS_OWN')
    expect(await codeOf(home.as('clerk', (ctx) => updateMember(ctx, home.ids.chief, { email: 'mine@office.example' })))).toBe('GRANT_EXCEEDS_OWN')
    const role = { key: 'clerk', label: { zh: '文员', en: 'Clerk' }, rights: ['members' as const], home: 'tasks' as const, objects: { box: { read: 'all' as const } } }
    expect(await codeOf(home.as('clerk', async (ctx) => checkRole(ctx, role)))).toBe('GRANT_EXCEEDS_OWN')
  })

  it('B15 somebody who manages members remains', async () => {
    const fresh = await office()
    const edit = (id: number, patch: object) => codeOf(fresh.as('chief', (ctx) => updateMember(ctx, id, patch)))
    expect(await edit(fresh.ids.clerk, { roles: ['reader'] })).toBe('done')
    expect(await edit(fresh.ids.chief, { roles: ['reader'] })).toBe('LAST_ADMINISTRATOR')
    expect(await edit(fresh.ids.chief, { state: 'suspended' })).toBe('LAST_ADMINISTRATOR')
    const second = await fresh.as('chief', (ctx) => createMember(ctx, { name: '副', email: 'vice@office.example', roles: ['chief'] }))
    const both = await Promise.all([edit(fresh.ids.chief, { state: 'suspended' }), edit(second.id, { state: 'suspended' })])
    expect(both.filter((each) => each === 'done')).toHaveLength(1)
    await fresh.drop()
  })

  it('B16 no circles of supervisors or teams', async () => {
    const [a, b, c] = [await create(), await create(), await create()]
    const under = (id: number, supervisor: number) => codeOf(home.as('chief', (ctx) => updateMember(ctx, id, { supervisor })))
    expect([await under(a.id, b.id), await under(b.id, c.id), await under(c.id, a.id), await under(a.id, a.id)]).toEqual(['done', 'done', 'VALUE_INVALID', 'VALUE_INVALID'])
    const [x, y] = [await home.as('chief', (ctx) => createTeam(ctx, { name: 'x' })), await home.as('chief', (ctx) => createTeam(ctx, { name: 'y' }))]
    const below = (id: number, parent: number) => codeOf(home.as('chief', (ctx) => updateTeam(ctx, id, { parent })))
    expect([await below(x.id, y.id), await below(y.id, x.id), await below(y.id, y.id), await below(y.id, 9999)]).toEqual(['done', 'VALUE_INVALID', 'VALUE_INVALID', 'VALUE_INVALID'])
  })

  it('B17 a team in use stays', async () => {
    const team = await home.as('chief', (ctx) => createTeam(ctx, { name: '短命' }))
    const member = await create({ team: team.id })
    const remove = () => codeOf(home.as('chief', (ctx) => deleteTeam(ctx, team.id)))
    expect(await remove()).toBe('TEAM_IN_USE')
    await home.as('chief', (ctx) => updateMember(ctx, member.id, { team: home.team, teams: [team.id, home.team] }))
    expect(await remove()).toBe('TEAM_IN_USE')
    await home.as('chief', (ctx) => updateMember(ctx, member.id, { teams: [] }))
    await home.db.mutate(home.tenant, (tx) => tx.query(`insert into {t}.o_box (id, version, created_at, updated_at, owner_team) values (gen_random_uuid(), 1, $1, $1, $2)`, [tx.now, team.id]))
    expect(await remove()).toBe('TEAM_IN_USE')
    await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.o_box set gone_act = 1 where owner_team = $1`, [team.id]))
    expect([await remove(), await remove()]).toEqual(['done', 'NOT_FOUND'])
  })

  it('B18 capacity is the limit of every kind of load', async () => {
    const { id } = await create({ capability: { skills: ['*'], regions: ['310000'], capacity: 7 } })
    const limits = () => home.rows(`select kind, open, "limit" from {t}.member_load where member = $1`, [id])
    expect(await limits()).toEqual([{ kind: 'box', open: 0, limit: 7 }])
    await home.as('chief', (ctx) => updateMember(ctx, id, { capability: { skills: [], regions: [], capacity: 9 } }))
    expect(await limits()).toEqual([{ kind: 'box', open: 0, limit: 9 }])
  })

  it('B19 one’s own particulars', async () => {
    await home.as('reader', (ctx) => updateProfile(ctx, home.ids.reader, { name: '读者甲', phone: '13800138009' }))
    const profile = await home.as('reader', (ctx) => profileOf(ctx, home.ids.reader))
    expect(profile).toMatchObject({ name: '读者甲', phone: '+8613800138009', email: 'reader@office.example', rights: [], roles: [{ key: 'reader' }], home: 'tasks' })
    expect(await codeOf(home.as('reader', (ctx) => updateProfile(ctx, home.ids.reader, { email: 'chief@office.example' })))).toBe('VALUE_DUPLICATE')
  })
})

it('B20 the first member holds every right, and there is one founding', async () => {
  const fresh = await freshTenant({ solution: (await import('../../../solutions/index.ts')).loadSolution('crm') })
  const founder = { name: '创始人', email: 'first@office.example', password: 'a good long phrase' }
  expect(await isEmpty(fresh.db, fresh.tenant)).toBe(true)
  expect(await codeOf(founderHash({ ...founder, password: 'short' }))).toBe('PASSWORD_WEAK')
  const hash = await founderHash(founder)
  const begin = () => fresh.db.mutate(fresh.tenant, async (tx) => found(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'definition' }), founder, hash))
  expect((await begin()).roles).toEqual(['admin'])
  expect([await codeOf(begin()), await isEmpty(fresh.db, fresh.tenant)]).toEqual(['SET_UP_ALREADY', false])
  await fresh.drop()
})

it.each([['陈志远', '志远'], ['欧阳 娜娜', '娜娜'], ['李', '李'], ['Ann Baker', 'AB'], ['bob', 'BO'], ['', '']])('B21 %s → %s', (name, avatar) => {
  expect(avatarOf(name)).toBe(avatar)
})
