import { type Context, lensOf } from '#kernel/access'
import type { SeenKept } from '#kernel/automation'
import { tagKeys } from '#kernel/records'
import { byIds, relatedTo, type Related } from './related.ts'

interface On { object: string; id: string }
export interface KeptStep { do: string; path?: string; key?: unknown; on?: On; object?: string; values?: Record<string, unknown>; saw?: { own?: Record<string, unknown> } }
interface Ran { event: number; object: string; record: string; steps: readonly unknown[] | null }

/** What runs did and saw, as far as their reader may know it. */
export interface Shown {
  titles: ReadonlyMap<string, string>
  step(object: string, record: string, step: KeptStep): object
}

/** A few statements for all of them: one for each object that they worked on. */
export async function shownOf(ctx: Context, runs: readonly Ran[], further: readonly On[] = []): Promise<Shown> {
  const targets = runs.flatMap(({ object, record, steps }) => [{ object, id: record }, ...((steps ?? []) as KeptStep[]).flatMap(({ on }) => on ?? [])])
  const titles = new Map<string, string>()
  for (const [object, same] of Map.groupBy([...targets, ...further], (each) => each.object)) for (const { id, title } of await byIds(ctx, object, [...new Set(same.map(({ id }) => id))])) titles.set(id, title)
  return { titles, step: (object, record, step) => shownStep(ctx, object, step, titles.has(record) && (!step.on || titles.has(step.on.id))) }
}

/** What a step wrote and saw: of a record that is not the reader's only what kind of step it was. */
function shownStep(ctx: Context, object: string, step: KeptStep, visible: boolean): object {
  if (!visible) return { do: step.do, ...(step.path !== undefined && { path: step.path }) }
  const [written, judged] = [step.on?.object ?? step.object ?? object, lensOf(ctx, object)]
  const { values, saw, ...rest } = step
  const seenAll = saw !== undefined && Object.keys(saw.own ?? {}).every((key) => judged.field(key)?.read === 'full')
  return { ...rest, ...(values && { values: fully(ctx, written, values) }), ...(seenAll && { saw }) }
}

/** Fields that are read in full on every record. */
function fully<T>(ctx: Context, object: string, values: Readonly<Record<string, T>>): Record<string, T> {
  const lens = lensOf(ctx, object)
  return Object.fromEntries(Object.entries(values).filter(([key]) => lens.field(key)?.read === 'full'))
}

/**
 * What a run's condition saw; null: its reader configures nothing, or nothing was kept. Of fields what its reader reads in full, of a record above only where it is still the same one and
 * theirs to see; counts as they were.
 */
export async function shownSeen(ctx: Context, { event, object, record }: Ran, seen: SeenKept | null): Promise<SeenKept | null> {
  if (seen === null || !configures(ctx)) return null
  const { own, parents, changes, ...rest } = seen
  const above = parents ? await aboveOf(ctx, { event, object, record }, Object.keys(parents)) : new Map<string, On>()
  const shown: Record<string, SeenKept> = {}
  for (const [via, { id, object: parent }] of above) {
    const found = await shownSeen(ctx, { event, object: parent, record: id, steps: null }, parents![via]!)
    if (found) shown[via] = found
  }
  const mine = fully(ctx, object, own)
  return { ...rest, own: 'tags' in mine ? { ...mine, tags: tagKeys(ctx.metadata, mine['tags']) } : mine, ...(parents && { parents: shown }), ...(changes && { changes: fully(ctx, object, changes) }) }
}

const configures = ({ principal }: Context): boolean => principal.kind === 'kernel' || principal.member.rights.has('definitions')

/** The records above that a run saw, where the reader sees both the way there and them, and the way has not changed since. */
async function aboveOf(ctx: Context, { event, object, record }: Omit<Ran, 'steps'>, ways: readonly string[]): Promise<ReadonlyMap<string, On>> {
  const [now] = await byIds(ctx, object, [record], ways.filter((via) => lensOf(ctx, object).field(via)?.read === 'full'))
  const since = await ctx.tx.query<{ via: string }>('select distinct via from {t}.change c, unnest($3::text[]) as via where c.object = $1 and c.record = $2 and c.seq > $4 and c.fields ? via', [object, record, ways, event])
  const found = new Map<string, On>()
  for (const via of ways) {
    const [id, to] = [now?.values[via], ctx.metadata.objects.get(object)?.field.get(via)?.to]
    if (typeof id !== 'string' || typeof to !== 'string' || since.some((each) => each.via === via)) continue
    if ((await byIds(ctx, to, [id])).length > 0) found.set(via, { object: to, id })
  }
  return found
}

/** Titles of what the values that are shown refer to. */
export const relatedIn = (ctx: Context, shown: readonly { object: string; steps: readonly object[]; seen?: SeenKept | null }[]): Promise<Related> =>
  relatedTo(ctx, shown.flatMap(({ object, steps, seen }) => [...(steps as KeptStep[]).flatMap(({ on, object: made, values }) => (values ? [{ object: on?.object ?? made ?? object, values }] : [])), ...(seen ? recordsSeen(ctx, object, seen) : [])]))

const recordsSeen = (ctx: Context, object: string, { own, parents = {} }: SeenKept): { object: string; values: Record<string, unknown> }[] =>
  [{ object, values: own }, ...Object.entries(parents).flatMap(([via, seen]) => { const to = ctx.metadata.objects.get(object)?.field.get(via)?.to; return typeof to === 'string' ? recordsSeen(ctx, to, seen) : [] })]
