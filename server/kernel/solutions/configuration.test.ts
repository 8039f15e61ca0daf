import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Context, kernelContext, memberContext } from '#kernel/access'
import { createMember, createTeam } from '#kernel/members'
import { definitionOf, metadataOf, publish, publishAll } from '#kernel/metadata'
import { bringIn, type Choices, exportConfiguration, isUntouched, planConfiguration, planSolution, readConfiguration, takeBack } from '#kernel/solutions'
import { type ConfigurationFile, DEFINITION_KINDS, type DefinitionKind, type Rule, SECRET_LEFT_OUT } from '#language/definitions'
import { loadSolution } from '../../../solutions/index.ts'
import { LIBRARY } from '../../../test/library.ts'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

let [there, here]: FreshTenant[] = []
beforeEach(async () => { [there, here] = await Promise.all([freshTenant({ solution: LIBRARY }), freshTenant()]) })
afterEach(() => Promise.all([there!.drop(), here!.drop()]))

const KINDS = Object.keys(DEFINITION_KINDS) as DefinitionKind[]
const NOTHING: Choices = { skip: [], take: {}, back: [], remove: [], members: {}, teams: {} }
const EVERYTHING = (): boolean => true
const label = (zh: string) => ({ zh, en: zh })

const as = <T>(home: FreshTenant | undefined, work: (ctx: Context) => Promise<T>) => home!.db.mutate(home!.tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'definition' })))
const exported = (home = there, kinds = KINDS) => as(home, (ctx) => exportConfiguration(ctx, kinds, EVERYTHING))
const planned = (file: ConfigurationFile, choices: Partial<Choices> = {}, home = here) => as(home, (ctx) => planConfiguration(ctx, { file, choices: { ...NOTHING, ...choices }, allowed: () => null, sees: EVERYTHING }))
const brought = (file: ConfigurationFile, choices: Partial<Choices> = {}, home = here) => as(home, async (ctx) => bringIn(ctx, await planConfiguration(ctx, { file, choices: { ...NOTHING, ...choices }, allowed: () => null, sees: EVERYTHING }), { file, name: 'library.json' }))
const put = (home: FreshTenant | undefined, kind: DefinitionKind, key: string, change: (body: any) => unknown, state?: 'active' | 'paused') => as(home, async (ctx) => { // eslint-disable-line @typescript-eslint/no-explicit-any
  const stored = await definitionOf(ctx.tx, kind, key)
  const body = structuredClone(stored!.body)
  change(body)
  expect(await publish(ctx, kind, key, body, { state })).toMatchObject({ ok: true })
})
const standing = ({ items }: Awaited<ReturnType<typeof planned>>) => Object.fromEntries(items.filter((each) => each.standing !== 'same').map((each) => [`${each.kind}:${each.key}`, each.standing]))
const bytes = ({ definitions, states, lineage, digest }: ConfigurationFile) => JSON.stringify({ definitions, states, lineage, digest })

test('S14 what is exported of the case, brought into an empty workspace and exported again is the same, byte for byte, and still the solution’s', async () => {
  const home = await freshTenant({ solution: loadSolution('yunqi') })
  const first = await as(home, async (ctx) => {
    const rule = [...ctx.metadata.rules.values()].find(({ state }) => state === 'active')!
    const { state: _, version: _version, ...body } = rule
    await publish(ctx, 'rule', rule.key, { ...body, note: label('我们的说明') }, { state: 'paused' })
    return exportConfiguration(await kernelContext(ctx.tx, ctx.actor, ctx.cause), KINDS, EVERYTHING)
  })
  const parsed = readConfiguration(JSON.parse(JSON.stringify(first)))
  const { file } = parsed as Extract<typeof parsed, { ok: true }>
  expect([isUntouched(file), file.states.paused.length, Object.keys(file.lineage).length]).toEqual([true, 1, Object.values(file.definitions).flat().length])
  expect(await brought(file)).toMatchObject({ n: Object.values(file.definitions).flat().length })
  expect(bytes(await exported(here))).toBe(bytes(first))
  const upgrade = (of: FreshTenant | undefined) => as(of, async ({ tx }) => Object.fromEntries((await planSolution(tx, loadSolution('yunqi'))).map(({ kind, key, verdict }) => [`${kind}:${key}`, verdict])))
  expect(await upgrade(here)).toEqual(await upgrade(home))
  await home.drop()
})

test('S15 no secret leaves: what stands here is put in its place, else the rule waits for it', async () => {
  const secret = 'https://hooks.example.com/services/T0001/abcdef0123456789abcdef?key=hunter2'
  const rule = LIBRARY.rule[0]!
  await put(there, 'rule', rule.key, (body) => { body.actions = [{ do: 'webhook', url: secret }] }, 'active')
  const file = await exported()
  expect(JSON.stringify(file)).not.toMatch(/abcdef0123|hunter2/)
  const item = (await planned(file)).items.find(({ key }) => key === rule.key)!
  expect([item.missing, item.state.next, JSON.stringify(item.next).includes(SECRET_LEFT_OUT)]).toEqual([['secret'], 'paused', true])
  await brought(file)
  await put(here, 'rule', rule.key, (body) => { body.actions[0].url = secret; body.priority = 7 }, 'active')
  expect((await planned(await exported())).items.find(({ key }) => key === rule.key)).toMatchObject({ missing: [], standing: 'keep' })
  expect((await as(here, ({ tx }) => definitionOf(tx, 'rule', rule.key)))!.body).toMatchObject({ actions: [{ url: secret }] })
})

const emailOf = (name: string) => `m${[...name].map((each) => each.codePointAt(0)).join('')}@example.com`
const person = (home: FreshTenant | undefined, name: string, role: string) => as(home, async (ctx) => (await createMember(ctx, { name, email: emailOf(name), roles: [role], team: null, supervisor: null, capability: { skills: [], regions: [], capacity: 1 } })).id)

test('S16 members and teams are found again by name and by role; for whom nobody stands is asked, and what names them waits', async () => {
  await brought(await exported())
  const team = await as(there, (ctx) => createTeam(ctx, { name: '一楼' }))
  const [chief, helper] = [await person(there, '周敏', 'librarian'), await person(there, '小李', 'helper')]
  await put(there, 'rule', 'overdue', (rule: Rule) => { rule.team = team.id; rule.actions = [{ do: 'notify', to: [{ member: chief }, { member: helper }], kind: 'overdue', title: '到期', if: { field: 'clerk', op: 'in', value: [chief, helper] } }, { do: 'create', object: 'loan', values: { clerk: helper, reader: { field: 'reader' }, book: { field: 'book' } } }] })
  const file = await exported()
  expect([file.people.members.map(({ name, roles }) => [name, ...roles]), file.people.teams.map(({ name }) => name)]).toEqual([[['周敏', 'librarian'], ['小李', 'helper']], ['一楼']])
  await person(here, '旁人', 'helper')
  const boss = await person(here, '王芳', 'librarian')
  const [first, second] = [await person(here, '小赵', 'helper'), await as(here, (ctx) => createTeam(ctx, { name: '二楼' }))]
  const waiting = await planned(file)
  expect(waiting.people.map(({ name, chosen }) => [name, chosen])).toEqual([['周敏', boss], ['小李', null], ['一楼', null]])
  expect(waiting.items.find(({ key }) => key === 'overdue')).toMatchObject({ draft: null, stopped: [{ code: 'CONFIGURATION_PEOPLE', params: { name: '小李' } }, { code: 'CONFIGURATION_PEOPLE', params: { name: '一楼' } }] })
  await brought(file, { members: { 2: first }, teams: { 1: second.id } })
  expect((await as(here, ({ tx }) => definitionOf(tx, 'rule', 'overdue')))!.body).toMatchObject({ team: second.id, actions: [{ to: [{ member: boss }, { member: first }], if: { value: [boss, first] } }, { values: { clerk: first } }] })
  expect(bytes(await exported(here))).toBe(bytes(file))
})

test('S20 what members made and shared comes along as theirs: the same e-mail, else the same name, else whoever brings it in; private ones stay, on both sides', async () => {
  await brought(await exported())
  const [ann, lee, team] = [await person(there, '安然', 'librarian'), await person(there, '李想', 'helper'), await as(there, (ctx) => createTeam(ctx, { name: '一楼' }))]
  const view = LIBRARY.view[0]!
  const tile = { key: 'a', title: label('在借'), object: 'loan', filter: { field: 'owner', op: 'empty' }, width: 3, height: 1, kind: 'number', measure: { of: 'count' } }
  await as(there, (ctx) => publishAll(ctx, [
    { kind: 'view', key: 'all', body: { ...view, key: 'all', owner: ann } }, { kind: 'view', key: 'floor', body: { ...view, key: 'floor', owner: lee, shared: false, teams: [team.id] } }, { kind: 'view', key: 'mine', body: { ...view, key: 'mine', owner: ann, shared: false } },
    { kind: 'dashboard', key: 'board', body: { key: 'board', label: label('在借'), owner: lee, shared: true, order: 1, tiles: [tile] } }, { kind: 'dashboard', key: 'own', body: { key: 'own', label: label('我的'), owner: lee, shared: true, instead: 'board', order: 2, tiles: [] } },
  ]))
  const file = await exported()
  expect([file.definitions.view!.map(({ key }) => key), file.definitions.dashboard!.map(({ key }) => key), JSON.stringify(file).includes('@')]).toEqual([['all', 'floor', 'out'], ['board'], false])
  const [boss, other] = [await person(here, '王芳', 'librarian'), await as(here, async (ctx) => (await createMember(ctx, { name: '安小然', email: emailOf('安然').toUpperCase(), roles: ['helper'], team: null, supervisor: null, capability: { skills: [], regions: [], capacity: 1 } })).id)]
  await as(here, (ctx) => createTeam(ctx, { name: '一楼' }))
  const byBoss = <T>(work: (ctx: Context) => Promise<T>) => here!.db.mutate(here!.tenant, async (tx) => work(await memberContext(tx, boss)))
  const plan = () => byBoss((ctx) => planConfiguration(ctx, { file, choices: NOTHING, allowed: () => null, sees: EVERYTHING }))
  expect((await plan()).people.map(({ name, chosen, made }) => [name, chosen, made])).toEqual([['安然', other, true], ['李想', boss, true], ['一楼', expect.any(Number), false]])
  await byBoss(async (ctx) => bringIn(ctx, await planConfiguration(ctx, { file, choices: NOTHING, allowed: () => null, sees: EVERYTHING }), { file, name: 'library.json' }))
  const { views, dashboards } = await here!.db.read(here!.tenant, metadataOf)
  expect([views.get('all'), views.get('floor'), dashboards.get('board')].map((each) => [each!.owner, each!.shared, each!.teams?.length])).toEqual([[other, true, undefined], [boss, false, 1], [boss, true, undefined]])
  expect([bytes(await exported(here)) === bytes(file), standing(await plan())]).toEqual([true, {}])
  await put(here, 'view', 'all', (body) => { body.owner = boss; body.shared = false })
  await put(here, 'view', 'floor', (body) => { body.owner = other })
  await put(there, 'view', 'floor', (body) => { body.label = label('一楼在借') })
  const second = await exported()
  const again = await byBoss((ctx) => planConfiguration(ctx, { file: second, choices: NOTHING, allowed: () => null, sees: EVERYTHING }))
  expect(standing(again)).toEqual({ 'view:all': 'keep', 'view:floor': 'update' })
  expect(again.items.find(({ key }) => key === 'floor')!.next).toMatchObject({ owner: other, label: label('一楼在借') })
  // What was made private here is nobody else's to read of.
  await put(here, 'view', 'all', (body) => { body.label = label('离职谈话') })
  expect((await plan()).items.find(({ key }) => key === 'all')).toMatchObject({ standing: 'keep', label: view.label, mine: null, next: null, draft: null })
})

test('S20 whoever made a view and is named elsewhere too: it goes to nobody who is only like them, and does not wait for whom the rest asks; a mark only for who made something, another one for every workspace', async () => {
  await brought(await exported())
  const [ann, lee] = [await person(there, '安然', 'librarian'), await person(there, '李想', 'librarian')]
  await as(there, (ctx) => publishAll(ctx, [{ kind: 'view', key: 'all', body: { ...LIBRARY.view[0]!, key: 'all', owner: ann } }]))
  await put(there, 'rule', 'overdue', (rule: Rule) => { rule.actions = [{ do: 'notify', to: [{ member: ann }, { member: lee }], kind: 'overdue', title: '到期' }] })
  const file = await exported()
  expect(file.people.members.map(({ name, mark }) => [name, mark !== undefined])).toEqual(expect.arrayContaining([['安然', true], ['李想', false]]))
  const me = await person(here, '小赵', 'helper')
  const byMe = <T>(work: (ctx: Context) => Promise<T>) => here!.db.mutate(here!.tenant, async (tx) => work(await memberContext(tx, me)))
  const plan = (choices: Partial<Choices> = {}) => byMe((ctx) => planConfiguration(ctx, { file, choices: { ...NOTHING, ...choices }, allowed: () => null, sees: EVERYTHING }))
  const [item, of] = [(found: Awaited<ReturnType<typeof plan>>, key: string) => found.items.find((each) => each.key === key)!, (found: Awaited<ReturnType<typeof plan>>) => found.people.find(({ name }) => name === '安然')!]
  const alone = await plan()
  expect([of(alone).chosen, of(alone).made, item(alone, 'overdue').stopped.length, item(alone, 'all').stopped, item(alone, 'all').draft!.body]).toEqual([null, false, 2, [], expect.objectContaining({ owner: me })])
  const stranger = await person(here, '王芳', 'librarian')
  const guessed = await plan()
  expect([of(guessed).chosen, item(guessed, 'overdue').stopped, item(guessed, 'all').draft!.body]).toEqual([stranger, [], expect.objectContaining({ owner: me })])
  expect(item(await plan({ members: { [of(guessed).ref]: stranger } }), 'all').draft!.body).toMatchObject({ owner: stranger })
  await byMe(async (ctx) => bringIn(ctx, await planConfiguration(ctx, { file, choices: NOTHING, allowed: () => null, sees: EVERYTHING }), { file, name: 'library.json' }))
  const known = await as(here, async (ctx) => (await createMember(ctx, { name: '安小然', email: emailOf('安然'), roles: ['helper'], team: null, supervisor: null, capability: { skills: [], regions: [], capacity: 1 } })).id)
  await put(here, 'view', 'all', (body) => { body.owner = known })
  const marks = [file, await exported(here)].map(({ people }) => people.members.flatMap(({ mark }) => mark ?? []))
  expect([marks.map(({ length }) => length), marks[0]![0] === marks[1]![0], of(await plan()).chosen]).toEqual([[1, 1], false, known])
})

test('S20 whose one is that stands here stays so whatever the file says; a private one or one in somebody’s place is in no file; what is not seen neither leaves nor changes', async () => {
  await brought(await exported())
  const [ann, boss, team] = [await person(there, '安然', 'librarian'), await person(here, '王芳', 'librarian'), await as(here, (ctx) => createTeam(ctx, { name: '一楼' }))]
  const view = LIBRARY.view[0]!
  await as(there, (ctx) => publishAll(ctx, [{ kind: 'view', key: 'out', body: { ...view, key: 'out', owner: ann, label: label('我的在借') } }, { kind: 'view', key: 'floor', body: { ...view, key: 'floor', label: label('全馆') } }]))
  await as(here, (ctx) => publishAll(ctx, [{ kind: 'view', key: 'floor', body: { ...view, key: 'floor', owner: boss, shared: false, teams: [team.id] } }]))
  const [file, company] = [await exported(), (await as(here, ({ tx }) => definitionOf(tx, 'view', 'out')))!.body]
  const take = { take: { 'view:floor': ['label.zh', 'label.en'] } }
  const plan = await planned(file, take)
  const bodies = plan.items.filter(({ kind }) => kind === 'view').map(({ key, next, stopped }) => [key, next, stopped])
  expect(bodies).toEqual([['floor', { ...view, key: 'floor', label: label('全馆'), owner: boss, shared: false, teams: [team.id] }, []], ['out', { ...company, label: label('我的在借') }, []]])
  const own = (change: (made: ConfigurationFile) => void) => { const made = structuredClone(file); change(made); const read = readConfiguration(made); return read.ok ? null : read.refusal.code }
  expect([own(() => undefined), own(({ definitions }) => { definitions.view![1]!['shared'] = false }), own(({ definitions }) => { definitions.dashboard = [{ key: 'own', owner: 1, shared: true, instead: 'board' }] })]).toEqual([null, 'CONFIGURATION_UNREADABLE', 'CONFIGURATION_UNREADABLE'])
  const blind = await as(here, (ctx) => planConfiguration(ctx, { file: { ...file, definitions: { view: file.definitions.view!.filter(({ key }) => key === 'floor') } }, choices: { ...NOTHING, ...take, remove: ['view:out'] }, allowed: () => null, sees: ({ kind }) => kind !== 'view' }))
  expect(blind.items).toMatchObject([{ key: 'floor', standing: 'keep', label: label('全馆'), mine: null, next: null, draft: null }])
  expect((await as(here, (ctx) => exportConfiguration(ctx, ['view'], ({ body }) => body.key !== 'out'))).definitions.view!.map(({ key }) => key)).toEqual(['floor'])
})

test('S17 three ways: only there changed comes, only here changed stays, both the same is asked, and nothing goes without being told', async () => {
  await brought(await exported())
  await put(there, 'object', 'book', (book) => { book.label = label('馆藏'); book.fields.push({ key: 'pages', label: label('页数'), kind: 'integer' }) })
  await put(there, 'tag', '常客', (tag) => { tag.colour = 'green' })
  await put(there, 'rule', 'welcome', () => undefined, 'paused')
  await as(there, (ctx) => publishAll(ctx, [{ kind: 'view', key: 'out', body: null }]))
  await put(here, 'object', 'book', (book) => { book.label = label('图书（我们的）'); book.fields.push({ key: 'shelf', label: label('书架'), kind: 'text' }) })
  await put(here, 'rule', 'overdue', (rule) => { rule.priority = 77 })
  await as(here, (ctx) => publishAll(ctx, [{ kind: 'rule', key: 'returned', body: null }]))
  const file = await exported()
  const plan = await planned(file)
  expect(standing(plan)).toEqual({ 'object:book': 'merge', 'tag:常客': 'update', 'rule:overdue': 'keep', 'rule:returned': 'removed', 'rule:welcome': 'merge', 'view:out': 'lost' })
  expect(plan.items.filter(({ conflicts }) => conflicts.length > 0).map(({ key, conflicts }) => [key, conflicts.map(({ path }) => path)])).toEqual([['book', ['label.zh', 'label.en']], ['welcome', ['$state']]])
  await brought(file, { take: { 'object:book': ['label.zh'] }, back: ['rule:returned'], skip: ['tag:常客'] })
  const now = await here!.db.read(here!.tenant, metadataOf)
  const book = now.objects.get('book')!
  expect([book.label.zh, book.label.en, book.field.has('shelf'), book.field.has('pages')]).toEqual(['馆藏', '图书（我们的）', true, true])
  expect([now.rules.get('welcome')!.state, now.rules.get('overdue')!.priority, now.rules.has('returned'), now.views.has('out'), now.tags.byKey.get('常客')!.colour]).toEqual(['active', 77, true, true, undefined])
  expect(standing(await planned(file))).toEqual({ 'object:book': 'keep', 'tag:常客': 'update', 'rule:overdue': 'keep', 'rule:welcome': 'merge', 'view:out': 'lost' })
  await brought(file, { take: { 'rule:welcome': ['$state'] }, remove: ['view:out'] })
  expect(standing(await planned(file))).toEqual({ 'object:book': 'keep', 'rule:overdue': 'keep' })
})

test('S18 what cannot be published is stopped and says why, and the rest comes', async () => {
  const file = await exported()
  const broken = structuredClone(file)
  broken.definitions.rule!.push({ ...structuredClone(broken.definitions.rule![0]!), key: 'unknown', actions: [{ do: 'dance' }] }, { ...structuredClone(broken.definitions.rule![0]!), key: 'lost', actions: [{ do: 'tag', add: ['没有这个标签'] }] })
  expect(isUntouched(broken)).toBe(false)
  const barred = await as(here, (ctx) => planConfiguration(ctx, { file: broken, choices: NOTHING, allowed: ({ kind }) => (kind === 'calendar' ? { code: 'FORBIDDEN' } : null), sees: EVERYTHING }))
  expect(barred.items.filter(({ stopped }) => stopped.length > 0).map(({ key, stopped }) => [key, stopped[0]!.code])).toEqual([['unknown', 'DEFINITION_INVALID'], ['lost', 'DEFINITION_INVALID'], ['working', 'FORBIDDEN']])
  expect(await brought(broken)).toMatchObject({ n: Object.values(file.definitions).flat().length })
  expect([readConfiguration({ format: 'csv' }), readConfiguration([]), readConfiguration({ ...file, version: 9 })].map((each) => (each.ok ? null : each.refusal.code))).toEqual(['CONFIGURATION_UNREADABLE', 'CONFIGURATION_UNREADABLE', 'CONFIGURATION_NEWER'])
  expect(readConfiguration({ ...file, definitions: { secrets: [] } }).ok).toBe(false)
})

test('S19 one import is one act, and is taken back: what it made goes, what it changed is as before, what moved on since stays and is named', async () => {
  const first = await brought(await exported())
  await put(there, 'rule', 'overdue', (rule) => { rule.priority = 3 }, 'paused')
  await put(there, 'tag', '常客', (tag) => { tag.colour = 'green' })
  await put(there, 'role', 'helper', (role) => { role.home = 'workbench' })
  const second = await as(here, async (ctx) => bringIn(ctx, await planConfiguration(ctx, { file: await exported(), choices: { ...NOTHING, take: { 'rule:overdue': ['$state'] } }, allowed: () => null, sees: EVERYTHING }), { file: await exported(), name: 'second.json' }))
  expect(second.n).toBe(3)
  expect(await as(here, ({ tx }) => tx.query(`select a.reason, count(*)::int as n from {t}.act a join {t}.change c on c.act = a.id join {t}.configuration_import i on i.act = a.id where i.id = $1 group by 1`, [second.id]))).toEqual([{ reason: 'house:configuration_imported "second.json" "Test"', n: 3 }])
  await put(here, 'tag', '常客', (tag) => { tag.label = label('老读者') })
  expect(await as(here, (ctx) => takeBack(ctx, second.id, () => null))).toEqual({ n: 2, left: [{ kind: 'tag', key: '常客', why: null }] })
  const rule = await as(here, ({ tx }) => definitionOf(tx, 'rule', 'overdue'))
  expect([rule!.state, rule!.body.priority]).toEqual(['active', 10])
  await expect(as(here, (ctx) => takeBack(ctx, second.id, () => null))).rejects.toMatchObject({ refusal: { code: 'CONFIGURATION_UNDONE' } })
  await person(here, '小赵', 'helper')
  const { left } = await as(here, (ctx) => takeBack(ctx, first.id, () => null))
  expect(left.map(({ kind, key, why }) => [kind, key, why?.code ?? null])).toEqual(expect.arrayContaining([['rule', 'overdue', null], ['tag', '常客', null], ['role', 'helper', null]]))
  expect((await here!.db.read(here!.tenant, metadataOf)).views.size).toBe(0)
})
