import { createHmac } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openEgress, parseOpened } from '#platform/egress'
import { webhookChannel } from './index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((end) => end()))))

interface Received { headers: http.IncomingHttpHeaders; body: string }

async function exchange(answer: (response: http.ServerResponse) => void, { open = true } = {}) {
  const received: Received[] = []
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += piece)).on('end', () => { received.push({ headers: request.headers, body }); answer(response) })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const egress = openEgress({ opened: open ? parseOpened('127.0.0.1') : [], answerMs: 200 })
  closing.push(() => { server.closeAllConnections(); server.close() }, () => egress.close())
  const channel = webhookChannel({ egress, secrets: async ({ key }) => [`secret of ${key}`], clock: () => 1_800_000_000 })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const result = await channel.send({ tenant: { key: 'shop', id: 1, incarnation: 1 }, key: '7:rule:0', attempt: 2, body: { url, payload: { 名: '王五' } } })
  return { result, received }
}

test('K1 the receiver can check who sent it, and tell repetitions', async () => {
  const { result, received: [request] } = await exchange((response) => response.writeHead(204).end())
  expect(result).toEqual({ is: 'delivered', detail: { status: 204 } })
  expect(request!.body).toBe('{"名":"王五"}')
  const expected = createHmac('sha256', 'secret of shop').update(`1800000000.${request!.body}`).digest('hex')
  expect(request!.headers).toMatchObject({ 'idempotency-key': '7:rule:0', 'x-nextmove-attempt': '2', 'x-nextmove-signature': `t=1800000000,v1=${expected}` })
})

test.each<[number, Record<string, string>, object]>([
  [200, {}, { is: 'delivered' }], [302, { location: '/' }, { is: 'refused' }], [404, {}, { is: 'refused' }], [408, {}, { is: 'later' }], [429, { 'retry-after': '7' }, { is: 'later', afterMs: 7000 }], [503, { 'retry-after': 'soon' }, { is: 'later' }],
])('K2 %d', async (status, headers, result) => {
  expect((await exchange((response) => response.writeHead(status, headers).end('x'))).result).toMatchObject(result)
})

test('K3 a private address is final', async () => {
  expect((await exchange((response) => response.end(), { open: false })).result).toMatchObject({ is: 'refused' })
})
test('K3 silence is doubtful', async () => {
  expect((await exchange(() => {})).result).toMatchObject({ is: 'unknown' })
})
test('K3 nobody there is tried again', async () => {
  const egress = openEgress({ opened: parseOpened('127.0.0.1') })
  closing.push(() => egress.close())
  const channel = webhookChannel({ egress, secrets: async () => ['s'] })
  expect(await channel.send({ tenant: { key: 'shop', id: 1, incarnation: 1 }, key: 'k', attempt: 1, body: { url: 'http://127.0.0.1:1/', payload: {} } })).toMatchObject({ is: 'later' })
})

test('K3 without the keys that sign it is tried again, and nothing leaves unsigned', async () => {
  const egress = openEgress({ opened: parseOpened('127.0.0.1') })
  closing.push(() => egress.close())
  const channel = webhookChannel({ egress, secrets: () => Promise.reject(new Error('sealed')) })
  expect(await channel.send({ tenant: { key: 'shop', id: 1, incarnation: 1 }, key: 'k', attempt: 1, body: { url: 'http://127.0.0.1:1/', payload: {} } })).toMatchObject({ is: 'later', reason: expect.stringContaining('secrets.key') })
})
