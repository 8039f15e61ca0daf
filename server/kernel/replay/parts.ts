import type { Entry } from './entries.ts'

/** A row of things in parts: cut where neighbours do not belong together. */
export function partsOf<T>(things: readonly T[], together: (a: T, b: T) => boolean): T[][] {
  const parts: T[][] = []
  for (const [i, each] of things.entries()) {
    if (i > 0 && together(things[i - 1]!, each)) parts.at(-1)!.push(each)
    else parts.push([each])
  }
  return parts
}

/** What one transaction wrote: an act, or the acts of rules that follow each other (a batch of the engine). */
export const writingsOf = <T extends Pick<Entry, 'act' | 'actor'>>(changes: readonly T[]): T[][] => partsOf(changes, (a, b) => a.act === b.act || (a.actor.kind === 'rule' && b.actor.kind === 'rule'))
