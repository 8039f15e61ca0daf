import { afterAll, beforeAll, expect, it } from 'vitest'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const PNG = Buffer.concat([Buffer.from([0x89]), Buffer.from('PNG\r\n'), Buffer.from([0x1a]), Buffer.from('\n'), Buffer.alloc(200, 7)])
const upload = (who: Person, name: string, body: Buffer | string, type = 'application/octet-stream') =>
  home.ask(who, 'POST', `/api/v1/files?name=${encodeURIComponent(name)}`, body, { 'content-type': type })
const lead = async (who: Person, attachments: string[]) => (await home.ask(who, 'POST', LEADS, { values: { name: '赵工', attachments } })).body.record

it('H40 uploaded, attached, listed, shown, downloaded', async () => {
  const { sales, rival } = home.people
  const made = await upload(sales, '现场 照片.png', PNG)
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ name: '现场 照片.png', type: 'image/png', bytes: PNG.length, inline: true, scan: 'unscanned', uploadedBy: sales.id })])
  const { id, values } = await lead(sales, [made.body.id])
  expect(values.attachments).toEqual([made.body.id])
  const list = await home.ask(sales, 'GET', `${LEADS}/${id}/files`)
  expect(list.body.items).toEqual([{ ...made.body, field: 'attachments' }])
  const at = `${LEADS}/${id}/files/attachments/${made.body.id}`
  const shown = await home.ask(sales, 'GET', `${at}?inline=1`)
  expect([shown.status, shown.raw]).toEqual([200, PNG])
  expect(shown.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/), 'content-disposition': expect.stringMatching(/^inline; .*filename\*=UTF-8''%E7%8E%B0%E5%9C%BA%20/) })
  const down = await home.ask(sales, 'GET', at)
  expect(down.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': expect.stringMatching(/^attachment; /) })
  expect((await home.ask(sales, 'GET', at, undefined, { 'if-none-match': String(down.headers['etag']) })).status).toBe(304)
  // A colleague who cannot see the lead cannot see its file, cached or not.
  expect((await home.ask(rival, 'GET', at, undefined, { 'if-none-match': String(down.headers['etag']) })).status).toBe(404)
  expect((await home.ask(null, 'GET', at)).status).toBe(401)
})

it.each([['page.html', '<!doctype html><script>alert(1)</script>'], ['logo.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], ['notes.txt', '甲方：<script>alert(1)</script>']])('H40 %s is never a page', async (name, body) => {
  const made = await upload(home.people.sales, name, Buffer.from(body))
  const { id } = await lead(home.people.sales, [made.body.id])
  const shown = await home.ask(home.people.sales, 'GET', `${LEADS}/${id}/files/attachments/${made.body.id}?inline=1`)
  expect(shown.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': expect.stringMatching(/^attachment/), 'x-content-type-options': 'nosniff' })
})

it('H40 what is not taken', async () => {
  const { sales } = home.people
  const code = async (answer: ReturnType<typeof upload>) => { const { status, body } = await answer; return [status, body.error.code] }
  expect(await code(upload(sales, '安装.pdf', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1')))).toEqual([422, 'FILE_TYPE_REFUSED'])
  expect(await code(upload(sales, '空.txt', Buffer.alloc(0)))).toEqual([422, 'FILE_EMPTY'])
  expect(await code(upload(sales, '大.png', Buffer.concat([PNG, Buffer.alloc(31 * 1_048_576)])))).toEqual([413, 'FILE_TOO_LARGE'])
  expect(await code(upload(sales, 'x.json', '{}', 'application/json'))).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
  expect(await code(upload({ ...sales, csrf: 'wrong' }, '图.png', PNG))).toEqual([403, 'CSRF_FAILED'])
})
