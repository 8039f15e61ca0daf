import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { namesIn } from './carry.ts'

/** Contents lie under their hash and never change: `<tenant>/ab/cdef…`. */
const DRAWER = /^[0-9a-f]{2}$/
const GONE = /\.gone-(\d+)$/
const DAY_MS = 86_400_000
const today = (): number => Math.floor(Date.now() / DAY_MS)

/** When each drawer was last seen to change: most looks read no names. */
export type Seen = Map<string, number>

/** Contents that are not yet beside it are linked, or copied to another disk; answers how many. */
export async function mirror(from: string, to: string, seen: Seen = new Map()): Promise<number> {
  let n = 0
  for (const drawer of await drawersOf(from)) {
    const { mtimeMs } = await stat(path.join(from, drawer))
    if (seen.get(drawer) === mtimeMs) continue
    const there = new Set(await namesIn(path.join(to, drawer)))
    await mkdir(path.join(to, drawer), { recursive: true, mode: 0o700 })
    for (const name of await namesIn(path.join(from, drawer))) {
      if (there.has(name.replace(GONE, ''))) continue
      await bring(path.join(from, drawer, name), path.join(to, drawer, name.replace(GONE, '')))
      n++
    }
    seen.set(drawer, mtimeMs)
  }
  return n
}

async function bring(from: string, to: string): Promise<void> {
  if (await link(from, to).then(() => true, () => false)) return
  const draft = `${to}.part`
  await copyFile(from, draft).then(() => rename(draft, to), (error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error })
}

async function drawersOf(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const tenant of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (tenant.isDirectory()) found.push(...(await namesIn(path.join(folder, tenant.name))).filter((name) => DRAWER.test(name)).map((name) => path.join(tenant.name, name)))
  }
  return found
}

/** What has gone from the living is marked, and goes from here so many days later. */
export async function forget(from: string, to: string, days: number): Promise<void> {
  for (const drawer of await drawersOf(to)) {
    const living = new Set(await namesIn(path.join(from, drawer)))
    for (const name of await namesIn(path.join(to, drawer))) {
      const place = path.join(to, drawer, name)
      const since = GONE.exec(name)?.[1]
      if (since !== undefined && today() - Number(since) >= days) await rm(place, { force: true })
      else if (since === undefined && !living.has(name)) await rename(place, `${place}.gone-${today()}`)
    }
  }
}
