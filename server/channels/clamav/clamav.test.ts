import net, { type AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { clamav, clamavAddress } from './index.ts'

const closing: (() => unknown)[] = []
afterEach(() => { for (const end of closing.splice(0)) end() })

/** clamd as its manual describes it: reads INSTREAM, finds EICAR, answers with a zero byte. */
async function clamd(behave: 'scan' | 'error' | 'silent' | 'hang up' = 'scan') {
  const received: Buffer[] = []
  const server = net.createServer((socket) => {
    let all = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      all = Buffer.concat([all, data])
      const content = contentOf(all)
      if (content === null) return
      received.push(content)
      if (behave === 'hang up') socket.destroy()
      if (behave === 'error') socket.end('INSTREAM size limit exceeded. ERROR\0')
      if (behave === 'scan') socket.end(content.includes('EICAR') ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0')
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => server.close())
  return { at: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, received }
}

/** Null until the final chunk of length 0 has come. */
function contentOf(all: Buffer): Buffer | null {
  const start = 'zINSTREAM\0'.length
  if (all.length < start || all.toString('latin1', 0, start) !== 'zINSTREAM\0') return null
  const parts: Buffer[] = []
  for (let at = start; at + 4 <= all.length;) {
    const length = all.readUInt32BE(at)
    if (length === 0) return Buffer.concat(parts)
    parts.push(all.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return null
}

const content = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)))

test('C1 clean, and not clean', async () => {
  const { at, received } = await clamd()
  expect(await clamav(at)(content('第一段', '第二段'))).toEqual({ clean: true })
  expect(received[0]!.toString()).toBe('第一段第二段')
  expect(await clamav(at)(content('X5O!P%@AP EICAR'))).toEqual({ clean: false, virus: 'Eicar-Signature' })
})

test.each(['error', 'hang up', 'silent'] as const)('C2 %s decides nothing', async (behave) => {
  const { at } = await clamd(behave)
  await expect(clamav(at, { answerMs: 100 })(content('x'))).rejects.toThrow(/clamd|ECONNREFUSED/)
})

test('C2 nobody there decides nothing', async () => {
  await expect(clamav({ host: '127.0.0.1', port: 1 })(content('x'))).rejects.toThrow(/clamd|ECONNREFUSED/)
})

test('C3 addresses', () => {
  expect(clamavAddress('tcp://clam:3310')).toEqual({ host: 'clam', port: 3310 })
  expect(clamavAddress('[::1]:3310')).toEqual({ host: '::1', port: 3310 })
  expect(clamavAddress('/run/clamd.sock')).toEqual({ path: '/run/clamd.sock' })
  for (const bad of ['clam', 'clam:99999', 'http://clam:80/x']) expect(() => clamavAddress(bad)).toThrow(/CLAMAV/)
})
