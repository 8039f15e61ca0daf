import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sealNext } from '#kernel/sealing'
import { openSigner } from '#platform/crypto'
import { house, type House, type Person } from './testing/house.ts'

let home: House
const folder = mkdtempSync(path.join(tmpdir(), 'nextmove-auditing-'))
beforeAll(async () => { home = await house() })
afterAll(async () => { await home.close(); rmSync(folder, { recursive: true, force: true }) })

const get = async (who: Person, url: string) => (await home.ask(who, 'GET', url)).body
const audit = (who: Person, query: string) => get(who, `/api/v1/audit?${query}`)
const made = async (who: Person, values: object) => (await home.ask(who, 'POST', '/api/v1/objects/lead/records', { values })).body.record.id as string

it('H110 each line names its block, and how far the log is sealed', async () => {
  const id = await made(home.people.admin, { name: '封存我', phone: '13800139001' })
  expect((await audit(home.people.director, `record=${id}`)).items.at(-1)).toMatchObject({ block: null })
  expect((await get(home.people.director, '/api/v1/audit/seal')).waiting).toBeGreaterThan(0)
  await home.db.mutate(home.tenant, (tx) => sealNext(tx, openSigner(folder)))
  expect((await audit(home.people.director, `record=${id}`)).items.at(-1)).toMatchObject({ block: 1 })
  expect(await get(home.people.director, '/api/v1/audit/seal')).toMatchObject({ block: { number: 1 } })
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit/seal')).status).toBe(403)
})

it('H160 who made a record anew that was there already', async () => {
  const customer = (who: Person, name: string, phone: string) => home.ask(who, 'POST', '/api/v1/objects/customer/records', { values: { name, kind: 'company', phone } })
  await customer(home.people.sales, '重复一', '13800138801')
  for (const name of ['重复一（新）', '重复一（又）']) expect((await customer(home.people.rival, name, '13800138801')).status).toBe(201)
  await customer(home.people.admin, '独此一家', '13800138802')
  const { rows } = await get(home.people.director, '/api/v1/audit/twice?object=customer&field=phone')
  expect(rows).toMatchObject([{ member: home.people.rival.id, times: 2, title: '重复一（又）' }])
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit/twice?object=customer&field=phone')).status).toBe(403)
  expect((await get(home.people.director, '/api/v1/audit/twice?object=customer&field=owner')).error.code).toBe('FIELD_NOT_AVAILABLE')
})

it('H110 by cause, address and subject; and taken along', async () => {
  const id = await made(home.people.admin, { name: '=1+1', phone: '13800139002' })
  expect((await audit(home.people.director, `record=${id}&ip=127.0.0.1`)).items.length).toBeGreaterThan(0)
  expect((await audit(home.people.director, `record=${id}&ip=10.0.0.9`)).items).toEqual([])
  expect((await audit(home.people.director, `record=${id}&cause=import`)).items).toEqual([])
  const rights = (await audit(home.people.admin, 'about=rights&limit=200')).items as { object: string }[]
  expect(new Set(rights.map(({ object }) => object)).has('definition:role')).toBe(true)
  expect(rights.every(({ object }) => object !== 'lead')).toBe(true)
  const taken = await home.ask(home.people.director, 'GET', `/api/v1/audit/file?record=${id}`)
  expect([taken.status, taken.headers['content-disposition']]).toEqual([200, expect.stringContaining('.csv')])
  const text = taken.raw.toString()
  expect(text.split('\r\n')[0]).toContain('时间,谁,对象')
  expect(text).toContain(`'=1+1`)
  expect((await audit(home.people.admin, 'about=taken')).items[0]).toMatchObject({ object: 'system:export', actor: { id: home.people.director.id } })
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit/file')).status).toBe(403)
})

it('H111 refused attempts are in the log', async () => {
  const id = await made(home.people.admin, { name: '别删我', phone: '13800139003' })
  expect((await home.ask(home.people.director, 'DELETE', `/api/v1/objects/lead/records/${id}`)).status).toBe(200)
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit')).status).toBe(403)
  expect((await home.ask(home.people.finance, 'POST', '/api/v1/objects/lead/records', { values: { name: 'x' } })).status).toBeGreaterThanOrEqual(400)
  const refused = (await audit(home.people.admin, 'about=refused&limit=50')).items as { actor: { id: number }; fields: { field: string; after: unknown }[]; ip: string }[]
  const mine = refused.find(({ actor }) => actor.id === home.people.sales.id)!
  expect(mine.ip).toBe('127.0.0.1')
  expect(Object.fromEntries(mine.fields.map(({ field, after }) => [field, after]))).toMatchObject({ code: '你没有权限做这件事' })
  for (let n = 0; n < 60; n++) await home.ask(home.people.sales, 'GET', '/api/v1/audit')
  const all = (await audit(home.people.admin, `about=refused&member=${home.people.sales.id}&limit=200`)).items
  expect(all.length).toBeLessThanOrEqual(45)
})

it('W110 through the door: as it stood', async () => {
  const born = await made(home.people.admin, { name: '旧名', phone: '13800139004' })
  const { record } = await get(home.people.admin, `/api/v1/objects/lead/records/${born}`)
  const at = new Date().toISOString()
  // A moment is in milliseconds: what changes in the same one has already happened.
  await expect.poll(() => new Date().toISOString()).not.toBe(at)
  await home.ask(home.people.admin, 'PATCH', `/api/v1/objects/lead/records/${born}`, { version: record.version, values: { name: '新名' } })
  const then = await get(home.people.admin, `/api/v1/objects/lead/records/${born}/as-of?at=${encodeURIComponent(at)}`)
  expect([then.title, then.values.name, then.moments.length]).toEqual(['旧名', '旧名', 2])
  expect((await home.ask(home.people.finance, 'GET', `/api/v1/objects/lead/records/${born}/as-of?at=${encodeURIComponent(at)}`)).status).toBe(404)
})
