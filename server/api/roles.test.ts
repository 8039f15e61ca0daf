import { afterAll, beforeAll, expect, it } from 'vitest'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const role = async (key: string) => (await home.ask(home.people.admin, 'GET', `/api/v1/definitions/role/${key}`)).body

it('H33 a role is reckoned, live in the next answer, and taken back', async () => {
  const { admin, sales } = home.people
  const before = await role('sales')
  const wider = { ...before.body, objects: { ...before.body.objects, lead: { ...before.body.objects.lead, read: 'all', delete: 'own' } } }
  const preview = await home.ask(admin, 'POST', '/api/v1/roles/preview', { role: wider })
  expect(preview.body).toEqual({ holders: 2, widens: [{ zh: '2 名成员的 2 项操作范围将变大', en: expect.any(String) }], narrows: [] })
  const hidden = { ...before.body, objects: { ...before.body.objects, lead: { ...before.body.objects.lead, fields: { company: { read: 'hidden' }, phone: { read: 'hidden' } } } } }
  expect((await home.ask(admin, 'POST', '/api/v1/roles/preview', { role: hidden })).body.narrows.map(({ zh }: { zh: string }) => zh)).toEqual(['2 名成员将不再可读 2 个字段', '2 名成员将不再可改 2 个字段'])
  const theirs = (await home.ask(home.people.rival, 'POST', LEADS, { values: { name: '他的', phone: '13800138777' } })).body.record
  const look = () => home.ask(sales, 'GET', `${LEADS}/${theirs.id}`)
  expect((await look()).status).toBe(404)
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/role/sales', { body: wider, expectVersion: before.version })).status).toBe(200)
  expect((await look()).body.record.values.name).toBe('他的')
  const { versions } = (await home.ask(admin, 'GET', '/api/v1/definitions/role/sales/versions')).body
  const earlier = versions.find(({ version }: { version: number }) => version === before.version)
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/role/sales', { body: earlier.body })).status).toBe(200)
  expect((await look()).status).toBe(404)
  expect((await home.ask(sales, 'POST', '/api/v1/roles/preview', { role: wider })).body.error.code).toBe('FORBIDDEN')
  expect((await home.ask(admin, 'POST', '/api/v1/roles/preview', { role: { key: 'x' } })).body.error.code).toBe('DEFINITION_INVALID')
})

it('H33 through another’s eyes', async () => {
  const { admin, sales, rival, director } = home.people
  const mine = (await home.ask(sales, 'POST', LEADS, { values: { name: '思琪的' } })).body.record
  const theirs = (await home.ask(rival, 'POST', LEADS, { values: { name: '一鸣的' } })).body.record
  const begun = await home.ask(admin, 'POST', '/api/v1/view-as', { member: sales.id })
  expect(begun.body).toMatchObject({ member: sales.id, name: '李思琪' })
  const as = { 'x-view-as': begun.body.token as string }
  const ids = (await home.ask(admin, 'GET', LEADS, undefined, as)).body.records.map(({ id }: { id: string }) => id)
  expect([ids.includes(mine.id), ids.includes(theirs.id)]).toEqual([true, false])
  expect((await home.ask(admin, 'GET', `${LEADS}/${theirs.id}`, undefined, as)).status).toBe(404)
  expect((await home.ask(admin, 'GET', '/api/v1/definitions', undefined, as)).body.me).toMatchObject({ id: sales.id, rights: [] })
  expect((await home.ask(admin, 'GET', '/api/v1/workbench', undefined, as)).body.kind).toBe('own')
  for (const [method, url, body] of [['POST', LEADS, { values: { name: 'x' } }], ['PATCH', `${LEADS}/${mine.id}`, { version: mine.version, values: { name: 'x' } }], ['GET', '/api/v1/notifications', undefined], ['GET', '/api/v1/auth/me', undefined]] as const)
    expect((await home.ask(admin, method, url, body, as)).body.error.code).toBe('VIEW_ONLY')
  for (const token of [begun.body.token.replace(/^\d+/, String(rival.id)), begun.body.token.replace(/\.\d+\./, '.1.'), 'x']) expect((await home.ask(admin, 'GET', LEADS, undefined, { 'x-view-as': token })).body.error.code).toBe('VIEW_ENDED')
  expect((await home.ask(director, 'GET', LEADS, undefined, as)).body.error.code).toBe('VIEW_ENDED')
  expect((await home.ask(director, 'POST', '/api/v1/view-as', { member: sales.id })).body.error.code).toBe('FORBIDDEN')
  const { items } = (await home.ask(admin, 'GET', '/api/v1/audit?object=system:member')).body
  expect(items[0]).toMatchObject({ actor: { name: '周敏' }, fields: [{ field: '$viewed', label: '被以其视角查看，直到' }] })
})

it('H29 members from a list come with their links', async () => {
  const { admin } = home.people
  const send = (commit: boolean, rows: string) => home.ask(admin, 'POST', '/api/v1/members/import', { text: `姓名,手机,角色,部门,直属上级\n${rows}`, commit })
  const bad = await send(true, '新甲,13911112222,销售,火星部,王海燕')
  expect(bad.body).toMatchObject({ rows: [{ line: 2, name: '新甲', problems: [{ column: '部门' }] }], made: [] })
  expect((await send(false, '新甲,13911112222,销售,华东区,王海燕')).body).toMatchObject({ rows: [{ problems: [] }], made: [] })
  const made = await send(true, '新甲,13911112222,销售,华东区,王海燕')
  expect(made.body.made).toMatchObject([{ name: '新甲', line: 2, link: { url: expect.stringContaining('/invite#') } }])
  expect((await home.ask(admin, 'GET', `/api/v1/members/${made.body.made[0].id}`)).body).toMatchObject({ supervisor: home.people.supervisor.id, invited: true })
})

it('H131 the check of permissions names what is risky with the page to mend it, and nothing when it is mended', async () => {
  const { admin, sales } = home.people
  const scan = async () => (await home.ask(admin, 'GET', '/api/v1/policies/scan')).body.risks as { severity: string; kind: string; message: { zh: string }; fixes: { kind: string; key: string }[] }[]
  const before = await scan()
  expect(before.filter(({ kind }) => kind === 'everybodyEdits' || kind === 'allEdit')).toEqual([])
  const label = { zh: '大家都能改', en: 'All change' }
  const put = (body: object | null) => home.ask(admin, body ? 'PUT' : 'DELETE', '/api/v1/definitions/policy/everybody', body ? { body } : undefined)
  expect((await put({ key: 'everybody', label, object: 'product', effect: 'allow', fields: {}, actions: ['read', 'edit'] })).status).toBe(200)
  const found = (await scan()).filter((risk) => !before.some(({ message }) => message.zh === risk.message.zh))
  expect(found.map(({ severity, kind, message, fixes }) => [severity, kind, message.zh, fixes.map(({ key }) => key)])).toEqual([['high', 'everybodyEdits', '策略「大家都能改」：全员都能修改所有记录：误改、误删没有人拦得住', ['everybody']]])
  await put(null)
  expect(await scan()).toEqual(before)
  expect((await home.ask(sales, 'GET', '/api/v1/policies/scan')).status).toBe(403)
})

