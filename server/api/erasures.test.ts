import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { carryAll } from '../start/erasures.ts'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

test('H150 copies and requests about a person take their own right; another decides; the answer says what went', async () => {
  const { admin, director, sales } = home.people
  const { body: { record } } = await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '欧阳若琳', phone: '13912345678' } })
  const draft = () => home.ask(sales, 'GET', '/api/v1/objects/lead/form-draft')
  expect((await home.ask(sales, 'PUT', '/api/v1/objects/lead/form-draft', { vals: { name: '同一个人', phone: '139-1234-5678', core_need: '没保存的需求' } })).body).toEqual({ kept: true })
  expect((await draft()).body.draft.vals.core_need).toBe('没保存的需求')
  const copy = await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${record.id}/personal-copy`)
  expect(copy.status).toBe(200)
  const parts = unzipSync(copy.raw)
  expect(Buffer.from(parts['个人信息副本.html']!).toString()).toContain('139 1234 5678')
  expect(Buffer.from(parts['个人信息副本.html']!).toString()).toContain('没保存的需求')
  expect(JSON.parse(Buffer.from(parts['data.json']!).toString())).toMatchObject({ title: '欧阳若琳' })
  for (const path of [`/api/v1/objects/lead/records/${record.id}/personal-copy`, '/api/v1/erasures']) expect((await home.ask(sales, 'GET', path)).status).toBe(403)
  expect((await home.ask(admin, 'POST', `/api/v1/objects/lead/records/${record.id}/erasure-plan`, {}, { 'idempotency-key': 'p1' })).body).toMatchObject({ candidates: [], counts: { records: 1 }, namesakes: 0, open: null })
  const wish = { object: 'lead', id: record.id, records: [], everywhere: true, reason: '来函' }
  expect((await home.ask(sales, 'POST', '/api/v1/erasures', wish)).status).toBe(403)
  const { body: { erasure } } = await home.ask(admin, 'POST', '/api/v1/erasures', wish)
  expect(erasure).toMatchObject({ state: 'waiting', n: 1, can: { decide: false, withdraw: true } })
  expect((await home.ask(director, 'GET', `/api/v1/erasures/${erasure.id}`)).body).toMatchObject({ can: { decide: true, withdraw: false }, plan: { records: 1 }, records: [{ title: '欧阳若琳' }] })
  expect((await home.ask(director, 'POST', `/api/v1/erasures/${erasure.id}/decide`, { agree: true, reason: '属实' })).body.erasure).toMatchObject({ state: 'agreed' })
  await carryAll(home.db, home.tenant, { anchorDir: '/tmp/nextmove-h120', store: home.api.files.store })
  expect((await draft()).body.draft).toBeNull()
  expect((await home.ask(director, 'GET', '/api/v1/erasures')).body.items).toMatchObject([{ state: 'done', title: null, counts: { records: 1 } }])
  expect((await home.ask(admin, 'GET', `/api/v1/audit?object=system:copy`)).body.items).toHaveLength(1)
})
