import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'

const BLOCK = 512
const CHUNK = 1_048_576

export interface Entry { name: string; /** Text instead of a file that lies at `root/name`. */ text?: string; folder?: boolean }

/**
 * A tar archive (ustar) of what lies below `root`, so that any machine can open it. A file that grows or shrinks meanwhile is taken with the size
 * that it had, one that has gone is left out.
 */
export async function* packed(root: string, entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const { name, text, folder } of entries) {
    if (folder) yield headerOf(`${name}/`, 0, '5')
    else if (text !== undefined) yield* whole(name, Buffer.from(text))
    else yield* fileOf(root, name)
  }
  yield Buffer.alloc(2 * BLOCK)
}

function* whole(name: string, body: Buffer): Generator<Buffer> {
  yield headerOf(name, body.length, '0')
  yield body
  yield padding(body.length)
}

async function* fileOf(root: string, name: string): AsyncGenerator<Buffer> {
  const file = await open(path.join(root, name)).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error })
  if (!file) return
  try {
    const { size } = await file.stat()
    yield headerOf(name, size, '0')
    for (let at = 0; at < size;) {
      const piece = Buffer.alloc(Math.min(CHUNK, size - at))
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      // Shorter than it was: zeros, as the log says again what stood there.
      at += bytesRead || piece.length
      yield bytesRead ? piece.subarray(0, bytesRead) : piece
    }
    yield padding(size)
  } finally {
    await file.close()
  }
}

const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)

function headerOf(name: string, size: number, type: '0' | '5'): Buffer {
  const header = Buffer.alloc(BLOCK)
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: too long for a tar archive`)
  const octal = (n: number, places: number): string => `${n.toString(8).padStart(places - 1, '0')}\0`
  header.write(name)
  header.write(octal(type === '5' ? 0o700 : 0o600, 8), 100)
  header.write(octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 108)
  header.write(' '.repeat(8) + type, 148)
  header.write('ustar\x0000', 257)
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** Lays out an archive that `packed` made, in a folder that is there. Throws when it ends before its end. */
export async function unpack(from: AsyncIterable<Buffer>, to: string): Promise<void> {
  const bytes = new Bytes(from)
  for (;;) {
    const header = await bytes.take(BLOCK)
    if (header[0] === 0) return bytes.drain()
    const name = header.toString('utf8', 0, header.indexOf(0))
    if (path.isAbsolute(name) || name.split('/').includes('..')) throw new Error(`${name}: points out of the folder`)
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8)
    if (name.endsWith('/')) await mkdir(path.join(to, name), { recursive: true, mode: 0o700 })
    else await lay(path.join(to, name), size, bytes)
  }
}

async function lay(place: string, size: number, bytes: Bytes): Promise<void> {
  const file = await open(place, 'wx', 0o600)
  try {
    for (let left = size; left > 0;) {
      const piece = await bytes.take(Math.min(CHUNK, left))
      await file.write(piece)
      left -= piece.length
    }
    await bytes.take(padding(size).length)
  } finally {
    await file.close()
  }
}

/** A stream, taken in pieces of the wanted size. */
class Bytes {
  readonly #from: AsyncIterator<Buffer>
  #held: Buffer[] = []
  #length = 0

  constructor(from: AsyncIterable<Buffer>) { this.#from = from[Symbol.asyncIterator]() }

  async take(n: number): Promise<Buffer> {
    while (this.#length < n) {
      const { value, done } = await this.#from.next()
      if (done) throw new Error('备份在中途断了 · the copy ends before its end')
      this.#held.push(value)
      this.#length += value.length
    }
    const all = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
    this.#held = n < all.length ? [all.subarray(n)] : []
    this.#length = all.length - n
    return all.subarray(0, n)
  }

  /** To the end of the stream, so that whoever adds it up has seen all. */
  async drain(): Promise<void> {
    while (!(await this.#from.next()).done);
  }
}
