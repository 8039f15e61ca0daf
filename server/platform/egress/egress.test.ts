import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Egress, mayReach, openEgress, parseOpened } from './index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((each) => each()))))

const LOCAL = parseOpened('127.0.0.1, ::1/128')

function egress(options: Parameters<typeof openEgress>[0] = {}): Egress {
  const opened = openEgress({ opened: LOCAL, ...options })
  closing.push(() => opened.close())
  return opened
}

async function receiver(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => { server.closeAllConnections(); server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const failed = (attempt: Promise<unknown>) => attempt.then(() => 'answered', (error: { kind: string }) => error.kind)

test.each(['10.1.2.3', '127.0.0.1', '169.254.169.254', '192.168.0.1', '100.64.0.1', '0.0.0.0', '224.0.0.1', '::1', '::ffff:10.0.0.1', 'fe80::1', 'fd00::1', '64:ff9b::a00:1', 'nonsense'])(
  'X1 %s is not reached', (address) => expect(mayReach(address, [])).toBe(false))
test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('X1 %s is reached', (address) => expect(mayReach(address, [])).toBe(true))

test.each(['http://127.0.0.1:1/', 'http://[::1]/', 'http://2130706433/', 'file:///etc/passwd', 'http://u:p@8.8.8.8/', 'nothing'])('X1 %s is refused before anything is sent', async (url) => {
  expect(await failed(egress({ opened: [] }).send({ method: 'GET', url }))).toBe('refused')
})

test('X2 a name that leads inside is refused, also when only one of its addresses does', async () => {
  const lookup = ((_: string, __: unknown, done: (...given: unknown[]) => void) => done(null, [{ address: '8.8.8.8', family: 4 }, { address: '10.0.0.1', family: 4 }])) as never
  expect(await failed(egress({ opened: [], lookup }).send({ method: 'GET', url: 'http://trap.example/' }))).toBe('refused')
})

test('X3 an opened network is reached', async () => {
  const url = await receiver((request, response) => { response.setHeader('x-method', request.method!); response.end('ok') })
  expect(await egress().send({ method: 'POST', url, body: '{}' })).toMatchObject({ status: 200, headers: { 'x-method': 'POST' }, body: 'ok', cut: false })
})

test('X3 a typo in the list is an error', () => expect(() => parseOpened('10.0.0.0/99')).toThrow('CIDR'))

test('X4 a redirect is not followed', async () => {
  const url = await receiver((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end())
  expect(await egress().send({ method: 'GET', url })).toMatchObject({ status: 302 })
})

test('X5 a large answer is cut', async () => {
  const url = await receiver((_, response) => void response.end('x'.repeat(100_000)))
  expect(await egress({ maxBytes: 10 }).send({ method: 'GET', url })).toMatchObject({ body: 'xxxxxxxxxx', cut: true })
})

test('X5 X6 a silent receiver ends in time, ambiguously', async () => {
  const url = await receiver(() => {})
  expect(await failed(egress({ answerMs: 100 }).send({ method: 'GET', url }))).toBe('ambiguous')
})

test('X6 nobody there means that nothing was sent', async () => {
  expect(await failed(egress().send({ method: 'GET', url: 'http://127.0.0.1:1/' }))).toBe('unreachable')
})
