import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { smtpMailer } from './index.ts'

/** As much of RFC 5321 as one message needs; recipients beginning with `no` are refused. */
function mailServer(): Promise<{ port: number; received: string[]; close(): void }> {
  const received: string[] = []
  const server = net.createServer((socket) => {
    let data: string | null = null
    socket.write('220 test ESMTP\r\n')
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        if (data !== null) {
          if (line !== '.') { data += `${line}\n`; continue }
          received.push(data)
          data = null
          socket.write('250 taken\r\n')
        } else if (/^EHLO|^HELO/.test(line)) socket.write('250-test\r\n250 8BITMIME\r\n')
        else if (line.startsWith('RCPT TO:<no')) socket.write('550 no such person\r\n')
        else if (line === 'DATA') { data = ''; socket.write('354 go on\r\n') } else if (line === 'QUIT') socket.end('221 bye\r\n')
        else socket.write('250 fine\r\n')
      }
    })
    socket.on('error', () => {})
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port, received, close: () => server.close() })))
}

let server: Awaited<ReturnType<typeof mailServer>>
beforeAll(async () => { server = await mailServer() })
afterAll(() => server.close())

it('EM1 subject and text arrive as given', async () => {
  const mailer = smtpMailer(`smtp://127.0.0.1:${server.port}?from=crm@example.com`)
  expect(await mailer.check()).toBeNull()
  await mailer.send({ to: 'lina@example.com', subject: '重设密码', text: '请打开链接\nhttps://crm.example/reset#abc' })
  const [mail] = server.received
  expect(mail).toMatch(/^From: crm@example\.com$/m)
  expect(mail).toMatch(/^To: lina@example\.com$/m)
  const [, charset, encoded] = /^Subject: =\?(UTF-8)\?B\?(.+)\?=$/m.exec(mail!)!
  expect([charset, Buffer.from(encoded!, 'base64').toString()]).toEqual(['UTF-8', '重设密码'])
})

it('EM2 refusals and absence say why', async () => {
  await expect(smtpMailer(`smtp://127.0.0.1:${server.port}?from=crm@example.com`).send({ to: 'nobody@example.com', subject: 'x', text: 'x' })).rejects.toThrow('no such person')
  expect(await smtpMailer('smtp://127.0.0.1:1?from=crm@example.com').check()).toMatch(/ECONNREFUSED/)
})
