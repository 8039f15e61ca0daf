import net from 'node:net'
import type { Readable } from 'node:stream'
import type { Scanner } from '#kernel/files'

/** `host:port`, or the path of a Unix socket. */
export type ClamavAddress = { host: string; port: number } | { path: string }

/** Throws a sentence for a person. */
export function clamavAddress(text: string): ClamavAddress {
  if (text.startsWith('/')) return { path: text }
  const [, host, port] = /^(?:tcp:\/\/)?(\[[^\]]+\]|[^:/]+):(\d{1,5})$/.exec(text) ?? []
  if (!host || Number(port) > 65_535) throw new Error(`CLAMAV 应写成 主机:端口 或套接字路径，不能是「${text}」\nCLAMAV is host:port or the path of a socket, not “${text}”`)
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

const ANSWER_MS = 120_000

/**
 * A ClamAV daemon as scanner, by its INSTREAM command (clamd(8)): `zINSTREAM\0`, then chunks of a 4-byte big-endian
 * length and as many bytes, then a length of 0; the answer is `stream: OK\0` or `stream: <name> FOUND\0`.
 * Rejects when clamd cannot be reached, says ERROR, or is silent for two minutes.
 */
export const clamav = (at: ClamavAddress, { answerMs = ANSWER_MS } = {}): Scanner => async (content) => {
  const socket = net.connect(at)
  socket.setTimeout(answerMs, () => socket.destroy(new Error('clamd does not answer')))
  try {
    const answer = answerOf(socket)
    const [said] = await Promise.all([answer, pour(content, socket)])
    return verdict(said)
  } finally {
    content.destroy()
    socket.destroy()
  }
}

async function pour(content: Readable, socket: net.Socket): Promise<void> {
  socket.write('zINSTREAM\0')
  for await (const chunk of content as AsyncIterable<Buffer>) {
    if (socket.destroyed || socket.writableEnded) return
    socket.write(lengthOf(chunk.length))
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
  }
  socket.write(lengthOf(0))
}

const once = (socket: net.Socket, event: string): Promise<void> => new Promise((resolve) => socket.once(event, () => resolve()))

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}

const answerOf = (socket: net.Socket): Promise<string> => new Promise((resolve, reject) => {
  let said = ''
  socket.on('data', (data: Buffer) => { said += data.toString('latin1'); if (said.includes('\0')) resolve(said.split('\0')[0]!) })
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('clamd hung up')))
})

function verdict(said: string): Awaited<ReturnType<Scanner>> {
  if (/^stream: OK$/.test(said)) return { clean: true }
  const virus = /^stream: (.+) FOUND$/.exec(said)?.[1]
  if (virus) return { clean: false, virus }
  throw new Error(`clamd: ${said}`)
}
