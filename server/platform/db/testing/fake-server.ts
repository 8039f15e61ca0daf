import net from 'node:net'

/** What the fake says to a query: the first entry whose key occurs in the query's text. */
export type Answers = Record<string, string>

/**
 * Speaks just enough of the PostgreSQL protocol (v3, simple queries, text) to stand for servers that cannot be had
 * in a test, such as versions that are out of support. Returns its port.
 */
export async function fakeServer(answers: Answers): Promise<{ port: number; close(): void }> {
  const server = net.createServer((socket) => serve(socket, answers))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { port: (server.address() as net.AddressInfo).port, close: () => void server.close() }
}

function serve(socket: net.Socket, answers: Answers): void {
  socket.on('error', () => {})
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', int32(0)), READY]))
    socket.on('data', (data) => {
      if (data.toString('latin1', 0, 1) === 'Q') socket.write(answerTo(data.toString('utf8', 5), answers))
    })
  })
}

function answerTo(query: string, answers: Answers): Buffer {
  const value = Object.entries(answers).find(([part]) => query.includes(part))?.[1]
  const row = value === undefined ? [] : [rowDescription, dataRow(value)]
  return Buffer.concat([...row, message('C', text('SELECT 1')), READY])
}

const text = (value: string) => Buffer.from(`${value}\0`)
const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
const int32 = (value: number) => Buffer.from([value >> 24, value >> 16, value >> 8, value].map((each) => each & 255))
const message = (type: string, body: Buffer) => Buffer.concat([Buffer.from(type), int32(body.length + 4), body])

const READY = message('Z', Buffer.from('I'))
const TEXT_TYPE = int32(25)
const rowDescription = message('T', Buffer.concat([int16(1), text('value'), int32(0), int16(0), TEXT_TYPE, int16(-1), int32(-1), int16(0)]))

function dataRow(value: string): Buffer {
  const bytes = Buffer.from(value)
  return message('D', Buffer.concat([int16(1), int32(bytes.length), bytes]))
}
