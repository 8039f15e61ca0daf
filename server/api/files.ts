import type { FastifyReply, FastifyRequest } from 'fastify'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.json': 'application/json', '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.webp': 'image/webp', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8', '.pdf': 'application/pdf', '.map': 'application/json',
}
const PACKED = new Set(['.js', '.css', '.html', '.json', '.svg', '.webmanifest', '.txt', '.map'])

type Encoding = 'br' | 'gzip' | 'identity'
interface Kept { at: number; etag: string; bodies: Map<Encoding, Promise<Buffer>> }
const kept = new Map<string, Kept>()

/** A file below `folder`, compressed once and remembered; false when there is none. Hashed names are cached for a year. */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, folder: string): Promise<boolean> {
  const file = fileOf(request.url, folder)
  const found = file === null ? null : await stat(file).catch(() => null)
  if (!file || !found?.isFile()) return false
  const { etag, bodies } = keptOf(file, found.mtimeMs, found.size)
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
  const encoding = PACKED.has(path.extname(file)) && found.size > 1_000 ? accepted(request) : 'identity'
  void reply.headers({ etag, vary: 'accept-encoding', 'cache-control': file.startsWith(path.join(folder, 'assets') + path.sep) ? 'public, max-age=31536000, immutable' : 'no-cache' })
  if (request.headers['if-none-match'] === etag) {
    await reply.code(304).send()
    return true
  }
  if (encoding !== 'identity') void reply.header('content-encoding', encoding)
  const body = bodies.get(encoding) ?? packed(file, encoding)
  bodies.set(encoding, body)
  await reply.code(200).type(type).send(await body)
  return true
}

/** Null for names that leave the folder, hidden files and unreadable escapes. */
function fileOf(url: string, folder: string): string | null {
  const name = decoded(url.split('?')[0]!)
  if (name === null || name.includes('\0') || /(^|[\\/])\./.test(name)) return null
  const file = path.join(folder, name)
  return file.startsWith(folder + path.sep) ? file : null
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function keptOf(file: string, at: number, size: number): Kept {
  const known = kept.get(file)
  if (known?.at === at) return known
  const made: Kept = { at, etag: `"${size.toString(36)}-${Math.round(at).toString(36)}"`, bodies: new Map() }
  kept.set(file, made)
  return made
}

function accepted({ headers }: FastifyRequest): Encoding {
  const asked = String(headers['accept-encoding'] ?? '')
  return /\bbr\b/.test(asked) ? 'br' : /\bgzip\b/.test(asked) ? 'gzip' : 'identity'
}

async function packed(file: string, encoding: Encoding): Promise<Buffer> {
  const plain = await readFile(file)
  if (encoding === 'br') return promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  return encoding === 'gzip' ? promisify(gzip)(plain, { level: 6 }) : plain
}
