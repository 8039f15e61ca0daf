import { pipeline, Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

export interface ZipEntry { name: string; size: number; packed: number; method: number; at: number }

const [END, CENTRAL, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50]
const MOST_ENTRIES = 2_000

/** What lies in a zip, by its directory at the end. Throws where there is none. */
export function entriesOf(zip: Buffer): Map<string, ZipEntry> {
  const end = endOf(zip)
  const [count, from] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 16)]
  if (count > MOST_ENTRIES) throw new Error('too many entries')
  const entries = new Map<string, ZipEntry>()
  for (let i = 0, at = from; i < count; i++) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new Error('a broken directory')
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)]
    const entry = { name: zip.toString('utf8', at + 46, at + 46 + name).replaceAll('\\', '/'), method: zip.readUInt16LE(at + 10), packed: zip.readUInt32LE(at + 20), size: zip.readUInt32LE(at + 24), at: zip.readUInt32LE(at + 42) }
    entries.set(entry.name.toLowerCase(), entry)
    at += 46 + name + extra + comment
  }
  return entries
}

/** The directory's own place stands in the last 64 KB, before a comment. */
function endOf(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 65_557); at--) if (zip.readUInt32LE(at) === END) return at
  throw new Error('no directory')
}

/** What it says about its size is not believed. */
export class TooMuch extends Error {}

/** The content of an entry, unpacked as it is taken. Throws TooMuch as soon as more than `most` bytes have come out. */
export async function* unpacked(zip: Buffer, { at, packed, method }: ZipEntry, most: number): AsyncGenerator<Buffer> {
  if (zip.readUInt32LE(at) !== LOCAL) throw new Error('a broken entry')
  const from = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28)
  const content = zip.subarray(from, from + packed)
  if (method !== 0 && method !== 8) throw new Error('an unknown packing')
  let bytes = 0
  for await (const piece of method === 0 ? [content] : inflated(content)) {
    bytes += piece.length
    if (bytes > most) throw new TooMuch('more comes out than is taken')
    yield piece
  }
}

const PIECE = 65_536

async function* inflated(content: Buffer): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: PIECE })
  // What goes wrong is heard by whoever takes the pieces.
  pipeline(Readable.from(slices(content)), inflate, () => {})
  for await (const piece of inflate) yield piece as Buffer
}

function* slices(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE)
}
