/** What was never seen to fail, only in hand when processes ended, is parked after so many: whoever stops a process does not know what it has in hand. */
export const MAX_ENDINGS = 8
/** Tried together when one is careful: what a process that was killed leaves behind is mostly innocent (measured: 2,400 events of 100 kills, one by one, took longer than two minutes). */
export const TOGETHER = 32
/** What has been tried more often than this is tried alone. */
export const SUSPECT = 1

/** What is tried next of what is ordered by its attempts: together while nothing speaks against it, else one alone. */
export function triedNext<T extends { attempts: number }>(leastTried: readonly T[]): readonly T[] {
  const innocent = leastTried.filter(({ attempts }) => attempts <= SUSPECT).slice(0, TOGETHER)
  return innocent.length > 0 ? innocent : leastTried.slice(0, 1)
}
