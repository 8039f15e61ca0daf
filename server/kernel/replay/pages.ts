import { kernelContext, type Cause } from '#kernel/access'
import type { Database, Tenant, Tx } from '#platform/db'
import { entriesIn, withRows, type Entry } from './entries.ts'
import type { Fact } from './ledger.ts'

const PAGE = { before: 4_000, within: 1_500 }

export interface Act { id: number; at: Date; actor: Fact['actor']; cause: Cause; facts: (Fact & { seq: number })[] }

/** The log by acts, a page at a time; an act is never cut. */
export async function* pagesOf(db: Database, tenant: Tenant, { head, objects, to }: { head: number; objects: readonly string[]; to: Date }, isWithin: () => boolean): AsyncGenerator<Act[]> {
  const read = (after: number) => db.read(tenant, async (tx) => actsIn(tx, await entriesIn(tx, 'where c.seq > $1 and c.seq <= $2 and c.object = any($3::text[]) order by c.seq limit $4', [after, head, objects, isWithin() ? PAGE.within : PAGE.before])))
  let [next, left] = [read(0), [] as Act[]]
  for (;;) {
    const acts = await next
    if (acts.length === 0) break
    // The next page is on its way while this one is gone through.
    next = read(acts.at(-1)!.facts.at(-1)!.seq)
    next.catch(() => {})
    const joined = joinedTo(left, acts)
    left = joined.splice(-1)
    if (joined.length > 0) yield joined.filter(({ at }) => at <= to)
  }
  if (left.length > 0) yield left
}

const joinedTo = (left: readonly Act[], acts: readonly Act[]): Act[] =>
  (left[0] && left[0].id === acts[0]!.id ? [{ ...left[0], facts: [...left[0].facts, ...acts[0]!.facts] }, ...acts.slice(1)] : [...left, ...acts])

/** Of append-only records the log keeps the hash, and the row is the value. */
export async function actsIn(tx: Tx, entries: Entry[]): Promise<Act[]> {
  const acts: Act[] = []
  for (const { seq, act, object, record, version, fields, at, actor, cause, born } of await withRows(await kernelContext(tx, { kind: 'system', reason: 'replay' }, { kind: 'backfill' }), entries)) {
    if (acts.at(-1)?.id !== act) acts.push({ id: act, at, actor, cause, facts: [] })
    acts.at(-1)!.facts.push({ seq, object, record, version, fields: born ? Object.fromEntries(Object.entries(born.values).map(([key, value]) => [key, [null, value]])) : fields, at, actor, born })
  }
  return acts
}
