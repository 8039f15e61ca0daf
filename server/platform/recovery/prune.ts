import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { namesIn, PACKED, walOf } from './carry.ts'
import { copies, copiesOf, isCopying } from './copy.ts'
import { isOfLog, placeOf } from './segments.ts'

const DAY_MS = 86_400_000

/** So many copies stay, and the log from the oldest of them on; nothing goes while one is being made. Answers how many pieces of the log went. */
export async function prune(home: string, keep: number): Promise<number> {
  await clearLeft(copiesOf(home), '.part')
  await clearLeft(walOf(home), '.part')
  if (await isCopying(home)) return 0
  const all = await copies(home)
  for (const { folder } of all.slice(keep)) await rm(folder, { recursive: true, force: true })
  const oldest = all.slice(0, keep).at(-1)?.head.from
  const gone = (await namesIn(walOf(home))).filter((name) => name.endsWith(PACKED) && isOfLog(name.slice(0, -PACKED.length)) && (oldest === undefined || placeOf(name) < placeOf(oldest)))
  for (const name of gone) await rm(path.join(walOf(home), name), { force: true })
  return gone.length
}

/** What somebody who died has left half-made. */
async function clearLeft(folder: string, ending: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(ending)) continue
    const found = await stat(path.join(folder, name)).catch(() => null)
    if (found && Date.now() - found.mtimeMs > DAY_MS) await rm(path.join(folder, name), { recursive: true, force: true })
  }
}
