import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { emailChannel, smtpMailer } from './index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((end) => end()))))

/** A mail server after RFC 5321: `answers` replaces what it says to a command; null hangs up. */
async function smtp(answers: Record<string, string | null> = {}): Promise<{ url: string; mails: string[] }> {
  const mails: string[] = []
  const server = net.createServer((socket) => {
    let [mail, rest]: [string | null, string] = [null, '']
    const say = (command: string, usual: string) => {
      const answer = command in answers ? answers[command] : usual
      return answer === null ? void socket.destroy() : void socket.write(`${answer}\r\n`)
    }
    const read = (text: string) => {
      if (mail !== null && text !== '.') return void (mail += `${text}\n`)
      if (mail !== null) { mails.push(mail); mail = null; return say('.', '250 taken') }
      const command = text.split(/[ :]/)[0]!.toUpperCase()
      if (command === 'DATA') mail = ''
      say(command, { EHLO: '250 test', DATA: '354 go on', QUIT: '221 bye' }[command] ?? '250 ok')
    }
    socket.write('220 test\r\n')
    socket.on('error', () => {})
    socket.on('data', (piece) => {
      rest += piece.toString()
      for (let end; (end = rest.indexOf('\r\n')) >= 0; rest = rest.slice(end + 2)) read(rest.slice(0, end))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?from=a@example.com`, mails }
}

const MAIL = { tenant: { key: 'shop', id: 1, incarnation: 1 }, key: '7:rule:0', attempt: 1, body: { to: 'li@example.com', subject: '新消息', text: '你好，王五' } }
const send = (url: string | null) => emailChannel(url === null ? null : smtpMailer(url)).send(MAIL)

test('EM3 no provider is said, not hidden', async () => expect(await send(null)).toEqual({ is: 'missing', reason: 'SMTP_URL' }))

test('EM3 twice with the same Message-ID', async () => {
  const { url, mails } = await smtp()
  expect(await send(url)).toEqual({ is: 'delivered' })
  await send(url)
  const [first, second] = mails.map((mail) => /^Message-ID: (.*)$/m.exec(mail)![1])
  expect([first, first]).toEqual([second, expect.stringMatching(/@nextmove>$/)])
})

test.each<[string, Record<string, string | null>, string]>([
  ['an unknown recipient', { RCPT: '550 no such user' }, 'refused'], ['a full mailbox', { RCPT: '452 try later' }, 'later'], ['a hang-up after the message', { '.': null }, 'unknown'],
])('EM4 %s', async (_, answers, is) => expect((await send((await smtp(answers)).url)).is).toBe(is))

test('EM4 nobody there', async () => expect(await send('smtp://127.0.0.1:1?from=a@example.com')).toMatchObject({ is: 'later' }))

test('EM5 a server that speaks and never ends: doubtful when the time is over', async () => {
  const server = net.createServer((socket) => {
    const timer = setInterval(() => socket.write('220-wait\r\n'), 20)
    socket.on('error', () => {}).on('close', () => clearInterval(timer))
    closing.push(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => server.close())
  expect(await emailChannel(smtpMailer(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}?from=a@example.com`, { mostMs: 200 })).send(MAIL)).toMatchObject({ is: 'unknown', reason: expect.stringContaining('200 ms') })
})
