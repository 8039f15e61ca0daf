import { expect, it } from 'vitest'
import { refused } from '#contract'
import { createLog } from '#platform/telemetry'
import { addressReader, createApp, isLoopback, languageOf, limiter, networkOf } from './index.ts'

const from = (peer: string, forwarded?: string, trusted: string[] = []) =>
  addressReader(trusted)({ socket: { remoteAddress: peer }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } } as never)

it.each([
  ['a peer without proxies is believed as it is', from('203.0.113.9', '1.1.1.1'), '203.0.113.9'],
  ['IPv4 inside IPv6', from('::ffff:10.0.0.1'), '10.0.0.1'],
  ['the first address that no trusted proxy wrote', from('10.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2', ['10.0.0.0/8']), '198.51.100.7'],
  ['rubbish before the proxy falls back to the last good word', from('10.0.0.1', 'not an address', ['10.0.0.1']), '10.0.0.1'],
  ['all are trusted: the farthest', from('10.0.0.1', '10.0.0.3, 10.0.0.2', ['10.0.0.0/8']), '10.0.0.3'],
  ['no header from the proxy', from('10.0.0.1', undefined, ['10.0.0.1']), '10.0.0.1'],
])('P1 %s', (_what, found, wanted) => expect(found).toBe(wanted))

it('P2 networks, loopback and limits', async () => {
  expect([networkOf('203.0.113.9'), networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2:ffff::1'), networkOf('::ffff:10.0.0.1')]).toEqual(['203.0.113.9', '2001:db8:1:2::/64', '2001:db8:1:2::/64', '10.0.0.1'])
  expect([isLoopback('127.0.0.1'), isLoopback('::1'), isLoopback('10.0.0.1')]).toEqual([true, true, false])
  const limit = limiter('test', { points: 2, seconds: 60 })
  await limit.take('a')
  await limit.take('a')
  await expect(limit.take('a')).rejects.toMatchObject({ refusal: { code: 'RATE_LIMITED', params: { seconds: expect.any(Number) } } })
  await expect(limit.check('a')).rejects.toMatchObject({ refusal: { code: 'RATE_LIMITED' } })
  await limit.take('b')
  await limit.take('b')
  await limit.giveBack('b')
  await limit.take('b')
  await limit.forget('a')
  await limit.take('a')
})

it.each([['en-US,en;q=0.9', '/', 'en'], ['zh-CN,zh;q=0.9,en;q=0.8', '/', 'zh'], ['fr;q=1, en;q=0.5, zh;q=0.4', '/', 'en'], ['', '/', 'zh'], ['zh', '/x?lang=en', 'en']])('P3 %s %s → %s', (header, url, lang) => {
  expect(languageOf({ 'accept-language': header }, url)).toBe(lang)
})

const app = createApp({ log: createLog('silent') })
app.post('/echo', async (request) => ({ got: request.body ?? null, tenant: request.tenantKey, prefix: request.prefix }))
app.get('/broken', async () => { throw new Error('select secret from t_x.member') })
app.get('/refused', async () => refused('DATABASE_AWAY'))
app.setNotFoundHandler(async () => refused('NOT_FOUND'))

const post = (payload: string | Buffer, headers: Record<string, string> = {}, url = '/echo') => app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } })
const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth)

it.each([
  ['broken', '{"a":', 400, 'JSON_INVALID'],
  ['20,000 deep', nested(20_000), 400, 'JSON_TOO_DEEP'],
  ['20,000 deep objects', '{"a":'.repeat(20_000), 400, 'JSON_TOO_DEEP'],
  ['brackets inside text are text', JSON.stringify({ a: nested(500) + '\\"[[[' }), 200, null],
  ['64 deep', nested(64), 200, null],
  ['__proto__', '{"__proto__":{"admin":true}}', 400, 'JSON_INVALID'],
  ['escaped __proto__', '{"\\u005f_proto__":1}', 400, 'JSON_INVALID'],
  ['constructor below', '{"a":[{"constructor":1}]}', 400, 'JSON_INVALID'],
  ['NUL in text', '{"a":"x\\u0000y"}', 400, 'TEXT_INVALID'],
  ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'JSON_INVALID'],
  ['nothing', '', 200, null],
])('P4 %s', async (_what, payload, status, code) => {
  const response = await post(payload)
  expect([response.statusCode, response.json<{ error?: { code: string } }>().error?.code ?? null]).toEqual([status, code])
})

it('P5 too large, and not JSON', async () => {
  const large = await post(JSON.stringify({ a: 'x'.repeat(1_100_000) }))
  expect([large.statusCode, large.json<{ error: { code: string; message: string } }>().error]).toMatchObject([413, { code: 'BODY_TOO_LARGE', message: '提交的内容超过 1 MB' }])
  const form = await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' })
  expect([form.statusCode, form.json<{ error: { code: string } }>().error.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
})

it('P6 P7 errors are sentences in two languages and tell nothing of the inside', async () => {
  const [zh, en] = [await app.inject({ url: '/broken' }), await app.inject({ url: '/broken', headers: { 'accept-language': 'en' } })]
  expect(zh.statusCode).toBe(500)
  expect(zh.json()).toEqual({ error: { code: 'INTERNAL', message: '系统出错了，已记录', path: null, remedy: expect.stringContaining(String(zh.headers['x-request-id'])), requestId: zh.headers['x-request-id'] } })
  expect(en.json<{ error: { message: string } }>().error.message).toBe('Something went wrong; it has been recorded')
  expect(zh.body + en.body).not.toMatch(/select|t_x|at /)
  const away = await app.inject({ url: '/refused' })
  expect([away.statusCode, away.headers['retry-after']]).toEqual([503, '2'])
  expect(zh.headers['content-security-policy']).toMatch(/script-src 'self'; .*frame-ancestors 'none'/)
  expect(zh.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' })
  expect((await app.inject({ url: '/nowhere' })).statusCode).toBe(404)
})

it('P8 the tenant’s prefix comes off', async () => {
  expect((await post('{}', {}, '/t/yun-qi/echo')).json()).toEqual({ got: {}, tenant: 'yun-qi', prefix: '/t/yun-qi' })
  expect((await post('{}')).json()).toEqual({ got: {}, tenant: null, prefix: '' })
  expect((await app.inject({ method: 'POST', url: '/t/Bad!/echo', payload: '{}', headers: { 'content-type': 'application/json' } })).statusCode).toBe(404)
})
