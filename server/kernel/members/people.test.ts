import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesOf } from '#kernel/changes'
import { memberRow } from '#kernel/access'
import { freshTenant } from '../../../test/tenant.ts'
import { avatarOf, beginViewing, checkRole, createMember, createTeam, deleteTeam, found, founderHash, importMembers, isEmpty, loggedId, loggedObject, memberById, previewImport, profileOf, updateMember, updateProfile, updateTeam, viewContext, type MemberDraft } from './index.ts'
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

describe('from a list', () => {
  const list = (...lines: string[]) => ['姓名\t手机\t邮箱\t角色\t主部门\t直属上级\t承接上限', ...lines].join('\n')

  it('B23 says what is wrong, line by line', async () => {
    await home.as('chief', (ctx) => createTeam(ctx, { name: '重名' }))
    await home.as('chief', (ctx) => createTeam(ctx, { name: '重名', parent: home.team }))
    const rows = await home.as('chief', (ctx) => previewImport(ctx, list(
      '甲\t13900000001\t\t读者\t一部\t乙\t12', '乙\t\tyi@list.example\t读者、审计\t一部>重名\t\t', '\t12\t\t\t重名\t没有的人\t很多', '丙\t139 0000 0001\t\t船长\t\t丙\t', '丁\t\tchief@office.example\t读者\t\tchief\t')))
    expect(rows.map(({ line, problems }) => `${line} ${problems.map(({ column, zh }) => `${column}：${zh}`).join('；')}`)).toEqual([
      '2 ', '3 ',
      '4 姓名：没有填姓名；手机：「12」不是有效的号码或邮箱；角色：没有填角色；部门：没有部门「重名」，或有几个同名的，请写成「上级>部门」；直属上级：没有成员「没有的人」；承接上限：「很多」不是整数',
      '5 手机：+8613900000001 已经有人用了；角色：没有角色「船长」；直属上级：不能是自己',
      '6 邮箱：chief@office.example 已经有人用了',
    ])
    expect(await codeOf(home.as('chief', (ctx) => previewImport(ctx, '张三,13800000000')))).toBe('VALUE_INVALID')
  })

  it('B23 adds all of them with their supervisors, or nobody', async () => {
    const count = async () => (await home.rows<{ n: number }>('select count(*)::int as n from {t}.member'))[0]!.n
    const before = await count()
    expect(await codeOf(home.as('chief', (ctx) => importMembers(ctx, list('戊\t13900000005\t\t读者\t\t\t', '己\t13900000006\t\t船长\t\t\t'))))).toBe('VALUE_INVALID')
    expect(await codeOf(home.as('clerk', (ctx) => importMembers(ctx, list('庚\t13900000007\t\t馆长\t\t\t'))))).toBe('GRANT_EXCEEDS_OWN')
    expect(await count()).toBe(before)
    const made = await home.as('chief', (ctx) => importMembers(ctx, '姓名,手机,角色,部门,直属上级,承接上限\r\n"辛, 小",13900000008,读者,一部,壬,7\r\n\r\n壬,13900000009,读者,一部,chief,\r\n'))
    expect(made.map(({ name }) => name)).toEqual(['辛, 小', '壬'])
    const [first, second] = await Promise.all(made.map(({ id }) => home.as('chief', (ctx) => memberById(ctx, id))))
    expect([first, second]).toMatchObject([{ phone: '+8613900000008', team: home.team, supervisor: second!.id, invited: true, capability: { capacity: 7 } }, { supervisor: home.ids.chief }])
    expect(await home.rows(`select a.reason, count(*)::int as n from {t}.act a join {t}.change c on c.act = a.id where c.record = any($1) group by a.id`, [made.map(({ id }) => loggedId(id))])).toEqual([{ reason: 'house:members_imported 2', n: 4 }])
  })
})

describe("another's view", () => {
  it('B24 is written down, and shows nobody more than they may see', async () => {
    const { chief, reader } = home.ids
    const { expiresAt } = await home.as('chief', (ctx) => beginViewing(ctx, reader))
    const [noted] = await home.rows<{ fields: object; by: string }>(`select c.fields, a.actor_ref as by from {t}.change c join {t}.act a on a.id = c.act where c.fields ? '$viewed'`)
    expect(noted).toEqual({ fields: { $viewed: [null, expiresAt.toISOString()] }, by: String(chief) })
    const seen = await home.as('chief', async (ctx) => { const view = await viewContext(ctx, reader); return [view.principal.kind === 'member' && view.principal.member.id, view.actor] })
    expect(seen).toEqual([reader, { kind: 'member', id: chief }])
    // The clerk manages members, but sees the boxes of one team only.
    expect(await codeOf(home.as('clerk', (ctx) => viewContext(ctx, reader)))).toBe('FORBIDDEN')
    expect(await codeOf(home.as('clerk', (ctx) => viewContext(ctx, chief)))).toBe('GRANT_EXCEEDS_OWN')
    expect(await codeOf(home.as('reader', (ctx) => viewContext(ctx, chief)))).toBe('FORBIDDEN')
    expect(await codeOf(home.as('chief', (ctx) => viewContext(ctx, 99_999)))).toBe('NOT_FOUND')
  })
})
