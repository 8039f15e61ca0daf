import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { namesIn, PACKED, walOf } from './carry.ts'
import { copies, type CopyHead, copiesOf, isCopying } from './copy.ts'
import { isOfLog, placeOf } from './segments.ts'

const DAY_MS = 86_400_000

/**
 * The newest copy of each of so many days stays, and the log from the oldest of them on: whoever makes several in a day does not lose the days before.
 * Nothing goes while one is being made. Answers how many pieces of the log went.
 */
export async function prune(home: string, keep: number): Promise<number> {
  await clearLeft(copiesOf(home), '.part')
  await clearLeft(walOf(home), '.part')
  if (await isCopying(home)) return 0
  const all = await copies(home)
  const stay = all.filter(({ head }, i) => dayOf(head) !== (all[i - 1] && dayOf(all[i - 1]!.head))).slice(0, keep)
  for (const each of all) if (!stay.includes(each)) await rm(each.folder, { recursive: true, force: true })
  const oldest = stay.at(-1)?.head.from
  const gone = (await namesIn(walOf(home))).filter((name) => name.endsWith(PACKED) && isOfLog(name.slice(0, -PACKED.length)) && (oldest === undefined || placeOf(name) < placeOf(oldest)))
  for (const name of gone) await rm(path.join(walOf(home), name), { force: true })
  return gone.length
}

const dayOf = ({ at }: CopyHead): string => at.slice(0, 10)

/** What somebody who died has left half-made. */
async function clearLeft(folder: string, ending: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(ending)) continue
    const found = await stat(path.join(folder, name)).catch(() => null)
    if (found && Date.now() - found.mtimeMs > DAY_MS) await rm(path.join(folder, name), { recursive: true, force: true })
  }
}
