import type { Readable } from 'node:stream'
import { refused } from '#contract'
import type { Database, Tenant } from '#platform/db'
import { type FileStore, type FileType, HEAD, limitOf, MOST, sniff, type Staged } from '#platform/files'
import { dropOrphans, enterFile, isForgotten, noteScan, unscanned } from './files.ts'
import type { Scan, Scanner, StoredFile } from './types.ts'

export interface FileHouse { db: Pick<Database, 'mutate' | 'read'>; store: FileStore; scanner: Scanner | null }
export interface Upload { name: string; by: number; from: Readable }

/**
 * Take a file in: counted and looked at while it comes, scanned, kept, entered. It belongs to nothing until a record
 * names it. Refused FILE_EMPTY, FILE_TOO_LARGE, FILE_TYPE_REFUSED, FILE_INFECTED. A scanner that does not answer leaves it unscanned.
 */
export async function takeUpload(house: FileHouse, tenant: Tenant, { name: given, by, from }: Upload): Promise<StoredFile> {
  const name = cleanName(given)
  const staged = await house.store.stage(tenant.key, from, watch(name))
  try {
    const type = typeOf(staged, name)
    const scan = await scanned(house, staged, name)
    return await house.db.mutate(tenant, async (tx) => {
      const file = await enterFile(tx, { sha256: staged.sha256, name, type: type.type, bytes: staged.bytes, uploadedBy: by, scan })
      await house.store.keep(tenant.key, staged)
      return file
    })
  } catch (error) {
    await house.store.drop(staged)
    throw error
  }
}

/** Gives up as soon as enough has come to know better. */
const watch = (name: string) => ({ bytes, head }: { bytes: number; head: Buffer }): void => {
  if (bytes > MOST) tooLarge(MOST)
  if (head.length < HEAD) return
  const type = sniff(head, name) ?? refused('FILE_TYPE_REFUSED', 'name', { name })
  if (bytes > limitOf(type)) tooLarge(limitOf(type))
}
const tooLarge = (limit: number): never => refused('FILE_TOO_LARGE', undefined, { limit: Math.round(limit / 1_048_576) })

function typeOf({ bytes, head }: Staged, name: string): FileType {
  if (bytes === 0) return refused('FILE_EMPTY', undefined, { name })
  return sniff(head, name) ?? refused('FILE_TYPE_REFUSED', 'name', { name })
}

async function scanned({ store, scanner }: FileHouse, staged: Staged, name: string): Promise<Scan> {
  if (!scanner) return 'unscanned'
  const found = await scanner(store.look(staged)).catch(() => null)
  if (found === null) return 'unscanned'
  return found.clean ? 'clean' : refused('FILE_INFECTED', undefined, { name, virus: found.virus })
}

/** The last part of a path, without what cannot be seen or would turn the reading direction. */
export function cleanName(given: string): string {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1)!.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
  const [, stem, end] = /^(.*?)(\.[^.]{1,12})?$/su.exec(last)!
  return `${[...stem!].slice(0, 180).join('') || 'file'}${end ?? ''}`
}

/** What nobody has used for a day leaves; what no scanner has seen is shown to it. Safe in several processes. */
export async function sweepFiles({ db, store, scanner }: FileHouse, tenant: Tenant): Promise<void> {
  for (const sha256 of await db.mutate(tenant, dropOrphans)) await db.mutate(tenant, async (tx) => { if (await isForgotten(tx, sha256)) await store.remove(tenant.key, sha256) })
  if (!scanner) return
  for (const sha256 of await db.read(tenant, (tx) => unscanned(tx, 200))) {
    const content = await store.read(tenant.key, sha256)
    const found = content && (await scanner(content).catch(() => null))
    if (!found) continue
    await db.mutate(tenant, (tx) => noteScan(tx, sha256, found.clean ? 'clean' : 'infected'))
  }
}
