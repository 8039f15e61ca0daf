import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'

/** Content that has arrived and is not yet kept. */
export interface Staged { place: string; sha256: Buffer; bytes: number; head: Buffer }

export interface FileStore {
  /** Take a stream in as it comes, counting and hashing; gives up as soon as `check` says so. What is not kept must be dropped. */
  stage(tenant: string, from: Readable, check: (so: { bytes: number; head: Buffer }) => void): Promise<Staged>
  /** Keep it under its hash. The same content is kept once. */
  keep(tenant: string, staged: Staged): Promise<void>
  drop(staged: Staged): Promise<void>
  /** What is staged, once more, for whoever has to look into it. */
  look(staged: Staged): Readable
  /** Null when the content is not there. */
  read(tenant: string, sha256: Buffer): Promise<Readable | null>
  remove(tenant: string, sha256: Buffer): Promise<void>
  /** What was staged so long ago and neither kept nor dropped: whoever was at it has died. */
  tidy(tenant: string, olderThanMs: number): Promise<void>
  /** Everything of a tenant. */
  clear(tenant: string): Promise<void>
}

const HEAD = 4_096

/**
 * Files by the hash of their content: `<folder>/<tenant>/ab/cdef…`. Several processes may share the folder; a file
 * appears whole or not at all, because it is renamed into its place.
 */
export function openStore(folder: string): FileStore {
  const placeOf = (tenant: string, sha256: Buffer): string => { const hex = sha256.toString('hex'); return path.join(folder, tenant, hex.slice(0, 2), hex.slice(2)) }
  return {
    stage: async (tenant, from, check) => {
      const waiting = path.join(folder, tenant, 'incoming')
      await mkdir(waiting, { recursive: true, mode: 0o700 })
      return staged(path.join(waiting, randomUUID()), from, check)
    },
    keep: async (tenant, { place, sha256 }) => {
      const target = placeOf(tenant, sha256)
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      await rename(place, target)
    },
    drop: ({ place }) => rm(place, { force: true }),
    look: ({ place }) => createReadStream(place),
    read: async (tenant, sha256) => {
      const place = placeOf(tenant, sha256)
      return (await stat(place).catch(() => null)) ? createReadStream(place) : null
    },
    remove: (tenant, sha256) => rm(placeOf(tenant, sha256), { force: true }),
    tidy: async (tenant, olderThanMs) => {
      const waiting = path.join(folder, tenant, 'incoming')
      for (const name of await readdir(waiting).catch((): string[] => [])) {
        const place = path.join(waiting, name)
        const found = await stat(place).catch(() => null)
        if (found && Date.now() - found.mtimeMs > olderThanMs) await rm(place, { force: true })
      }
    },
    clear: (tenant) => rm(path.join(folder, tenant), { recursive: true, force: true }),
  }
}

async function staged(place: string, from: Readable, check: Parameters<FileStore['stage']>[2]): Promise<Staged> {
  const [file, hash] = [await open(place, 'wx', 0o600), createHash('sha256')]
  let [bytes, head] = [0, Buffer.alloc(0)]
  try {
    // A sender who is refused must still hear why: the stream is drained, not broken off.
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (head.length < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD - head.length)])
      check({ bytes, head })
      hash.update(chunk)
      await file.write(chunk)
    }
    await file.sync()
    return { place, sha256: hash.digest(), bytes, head }
  } catch (error) {
    from.resume()
    await rm(place, { force: true })
    throw error
  } finally {
    await file.close()
  }
}
