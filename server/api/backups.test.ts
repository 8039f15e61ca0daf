import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { publish } from '#kernel/metadata'
import type { ConfigurationFile, Form, Rule } from '#language/definitions'
import type { Facts } from '#platform/recovery'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

test('H152 which backups there are, and one more now', async () => {
  const { admin, sales } = home.people
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toEqual({ items: null, late: false, making: false, loss: 1_440, whole: null })
  expect((await home.ask(admin, 'POST', '/api/v1/backups')).status).toBe(404)
  const made: string[] = []
  let whole: Facts | null = null
  home.api.backups = { list: () => [{ at: new Date(Date.now() - 3_600_000), rows: 12, bytes: 34 }], making: () => false, make: ({ key }) => void made.push(key), whole: () => Promise.resolve(whole) }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ items: [{ rows: 12, bytes: 34 }], late: false })
  expect((await home.ask(admin, 'POST', '/api/v1/backups')).body).toEqual({ done: true })
  expect(made).toEqual(['test'])
  const hour = new Date(Date.now() - 3_600_000)
  whole = { state: 'kept', copies: [{ at: new Date(), bytes: 5 }, { at: hour, bytes: 5 }], logAt: hour, bytes: 15, sameDisk: true }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ loss: 5, whole: { state: 'kept', since: hour.toISOString(), logAt: hour.toISOString(), copies: 2, bytes: 15, sameDisk: true } })
  whole = { ...whole, state: 'gap' }
  expect((await home.ask(admin, 'GET', '/api/v1/backups')).body).toMatchObject({ loss: 1_440, whole: { state: 'gap' } })
  expect((await home.ask(sales, 'GET', '/api/v1/backups')).status).toBe(403)
})

test('H152 a workspace that is in earnest is alarmed when the newest backup, of its own or of everything, is older than 26 hours; a young one that has none is not', async () => {
  const [old, young] = [27, 25].map((hours) => ({ at: new Date(Date.now() - hours * 3_600_000), rows: 1, bytes: 1 })) as [Made, Made]
  const late = async (mine: Made[], copies: Made[] | null) => {
    home.api.backups = { list: () => mine, making: () => false, make: () => undefined, whole: () => Promise.resolve(copies && { state: 'kept', copies, logAt: null, bytes: 1, sameDisk: false }) }
    return (await home.ask(home.people.admin, 'GET', '/api/v1/backups')).body.late
  }
  const become = (change: string) => home.db.pool.query(`update nextmove.tenant set ${change}`)
  expect(await late([old], [old])).toBe(false)
  await become('demo = false')
  // What is known of workspaces is a second old at most.
  await expect.poll(() => late([old], [old]), { timeout: 5_000 }).toBe(true)
  expect([await late([young], [young]), await late([old, old], [young]), await late([young, old], [old]), await late([old], null), await late([young], null), await late([], []), await late([], null)]).toEqual([false, true, true, true, false, false, false])
  await become(`created_at = now() - interval '27 hours'`)
  expect([await late([], null), await late([young], []), await late([young], [young])]).toEqual([true, true, false])
  await become('demo = true')
})
interface Made { at: Date; rows: number; bytes: number }

const NOTHING = { skip: [], take: {}, back: [], remove: [], members: {}, teams: {} }

test('H186 what is configured leaves as a file and comes in by a plan in words, with the rights that publishing takes, and goes back', async () => {
  const { admin, director, sales } = home.people
  const exported = await home.ask(admin, 'POST', '/api/v1/configuration/export', { parts: ['data', 'automation', 'rights', 'views', 'dashboards', 'forms', 'papers', 'calendar'] })
  const file = exported.body as ConfigurationFile
  expect([exported.status, (await home.ask(sales, 'POST', '/api/v1/configuration/export', { parts: ['views'] })).status, (await home.ask(sales, 'GET', '/api/v1/configuration')).status]).toEqual([200, 403, 403])
  expect((await home.ask(admin, 'GET', '/api/v1/audit?about=taken')).body.items[0]).toMatchObject({ object: 'system:export', actor: { name: '周敏' } })
  const plan = (who: typeof admin, body: object) => home.ask(who, 'POST', '/api/v1/configuration/plan', { file, choices: NOTHING, ...body })
  expect(new Set((await plan(admin, {})).body.items.map(({ standing }: { standing: string }) => standing))).toEqual(new Set(['same']))
  const rule = file.definitions.rule!.find(({ key }) => key === 'r3_escalate') as unknown as Rule
  const lead = file.definitions.object!.find(({ key }) => key === 'lead') as { label?: unknown }
  rule.priority = 901
  rule.condition = { all: [] }
  lead.label = { zh: '商机线索', en: 'Leads' }
  const seen = (await plan(admin, {})).body
  expect([seen.untouched, seen.items.filter(({ planned }: { planned: boolean }) => planned).map(({ id, standing }: { id: string; standing: string }) => [id, standing])]).toEqual([false, [['object:lead', 'update'], ['rule:r3_escalate', 'update']]])
  const [object, changed] = ['object:lead', 'rule:r3_escalate'].map((id) => seen.items.find((each: { id: string }) => each.id === id).changes)
  expect(object).toEqual([{ where: { zh: '名称', en: 'Name' }, before: { zh: '线索', en: expect.any(String) }, after: { zh: '商机线索', en: 'Leads' } }])
  expect(changed.map(({ where }: { where: { zh: string } }) => where.zh)).toEqual(['规则', '先后'])
  expect(changed[0].after.zh).toMatch(/^当.*，就/)
  const bring = (body: object) => home.ask(admin, 'POST', '/api/v1/configuration/import', { file, choices: NOTHING, name: 'a.json', stamp: seen.stamp, ...body })
  expect((await bring({ choices: { ...NOTHING, skip: ['object:lead'] } })).body.error.code).toBe('CONFIGURATION_MOVED')
  const { id, n } = (await bring({})).body
  expect([n, (await home.ask(admin, 'GET', '/api/v1/definitions/rule/r3_escalate')).body.body.priority]).toEqual([2, 901])
  expect((await home.ask(admin, 'GET', '/api/v1/configuration')).body.imports).toMatchObject([{ id, n: 2, name: 'a.json', by: { name: '周敏' }, undoneAt: null }])
  expect((await home.ask(admin, 'POST', `/api/v1/configuration/imports/${id}/undo`)).body).toEqual({ n: 2, left: [] })
  expect((await home.ask(admin, 'GET', '/api/v1/definitions/object/lead')).body.body.label.zh).toBe('线索')
  expect((await home.ask(director, 'POST', '/api/v1/configuration/plan', { file: { format: 'x' }, choices: NOTHING })).status).toBeGreaterThanOrEqual(403)
  expect((await plan(admin, { file: { ...file, version: 3 } })).body.error.code).toBe('CONFIGURATION_NEWER')
})

test('H186 what members share comes with whose it is; who shares is told, and a form whose download is not here', async () => {
  const { admin, sales } = home.people
  const view = { label: { zh: '我盯的客户', en: 'Mine' }, object: 'customer', filter: { all: [] }, sort: [], columns: ['name'], owner: sales.id, shared: false, order: 9 }
  expect((await home.ask(sales, 'PUT', '/api/v1/definitions/view/quiet-mine', { body: { ...view, key: 'quiet-mine' } })).status).toBe(200)
  const parts = async () => (await home.ask(admin, 'GET', '/api/v1/configuration')).body.parts.find(({ part }: { part: string }) => part === 'views')
  const [before, exported] = [await parts(), async () => (await home.ask(admin, 'POST', '/api/v1/configuration/export', { parts: ['views', 'forms'] })).body as ConfigurationFile]
  expect([before.theirs, (await exported()).definitions.view!.some(({ key }) => key === 'quiet-mine')]).toEqual([0, false])
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/view/quiet-ours', { body: { ...view, key: 'quiet-ours', shared: true } })).status).toBe(200)
  expect(await parts()).toMatchObject({ n: before.n + 1, theirs: 1 })
  const file = await exported()
  ;(file.definitions.view!.find(({ key }) => key === 'quiet-ours') as { key: string }).key = 'quiet-new'
  ;(file.definitions.form![0] as unknown as Form).materials![0]!.file = 'materials/other.pdf'
  const plan = (await home.ask(admin, 'POST', '/api/v1/configuration/plan', { file, choices: NOTHING })).body
  const item = (id: string) => plan.items.find((each: { id: string }) => each.id === id)
  expect([item('view:quiet-new').whose, item('view:quiet-new').planned, item(`form:${file.definitions.form![0]!.key}`).missing]).toEqual([{ zh: `归 李思琪，所有人可见`, en: `李思琪’s, everybody sees it` }, true, ['file']])
})

test('H186 what whoever configures may not look at neither leaves with the file nor is told of nor changed by one', async () => {
  const { admin, finance } = home.people
  const money = (await home.ask(admin, 'POST', '/api/v1/teams', { name: '财务部' })).body
  const view = { key: 'quiet-money', label: { zh: '坏账名单', en: 'Bad debts' }, object: 'customer', filter: { all: [] }, sort: [], columns: ['name'], owner: finance.id, shared: false, teams: [money.id], order: 9 }
  const parts = async () => (await home.ask(admin, 'GET', '/api/v1/configuration')).body.parts
  const before = await parts()
  await home.db.mutate(home.tenant, async (tx) => publish(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'definition' }), 'view', view.key, view))
  expect([(await home.ask(admin, 'GET', `/api/v1/definitions/view/${view.key}`)).status, await parts()]).toEqual([404, before])
  const file = (await home.ask(admin, 'POST', '/api/v1/configuration/export', { parts: ['views'] })).body as ConfigurationFile
  expect(JSON.stringify(file)).not.toContain('坏账名单')
  const theirs = { ...view, label: { zh: '猜到的', en: 'Guessed' }, owner: null, shared: true, teams: undefined }
  const given = { file: { ...file, definitions: { view: [...file.definitions.view!, theirs] } }, choices: NOTHING }
  const plan = (await home.ask(admin, 'POST', '/api/v1/configuration/plan', given)).body
  expect(plan.items.find(({ key }: { key: string }) => key === view.key)).toMatchObject({ standing: 'keep', label: theirs.label, planned: false, whose: null, changes: [], stopped: [] })
  expect((await home.ask(admin, 'POST', '/api/v1/configuration/import', { ...given, name: 'b.json', stamp: plan.stamp })).status).toBe(200)
  expect((await home.ask(finance, 'GET', `/api/v1/definitions/view/${view.key}`)).body.body).toMatchObject({ label: view.label, owner: finance.id, shared: false, teams: [money.id] })
  // What an import brought goes back whoever it is shared with.
  const people = { members: [{ ref: 1, name: '钱多多', roles: ['finance'] }], teams: [{ ref: 1, name: '财务部' }] }
  const fresh = { file: { ...file, people, definitions: { view: [...file.definitions.view!, { ...view, key: 'quiet-fresh', owner: 1, teams: [1] }] } }, choices: NOTHING }
  const { items, stamp } = (await home.ask(admin, 'POST', '/api/v1/configuration/plan', fresh)).body
  expect(items.find(({ key }: { key: string }) => key === 'quiet-fresh')).toMatchObject({ standing: 'new', planned: true, whose: { zh: '归 钱多多，与 财务部 共享' } })
  const brought = (await home.ask(admin, 'POST', '/api/v1/configuration/import', { ...fresh, name: 'c.json', stamp })).body
  expect([brought.n, (await home.ask(admin, 'GET', '/api/v1/definitions/view/quiet-fresh')).status, (await home.ask(admin, 'POST', `/api/v1/configuration/imports/${brought.id}/undo`)).body]).toEqual([1, 404, { n: 1, left: [] }])
  expect((await home.ask(finance, 'GET', '/api/v1/definitions/view/quiet-fresh')).status).toBe(404)
})
