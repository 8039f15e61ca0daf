import { readableLens, type Context } from '#kernel/access'
import { logOf, rebuild, type ChangeRow } from '#kernel/changes'
import { holdingsOf, seenIn } from './held.ts'
import { tagKeys } from './image.ts'
import { planOf } from './plan.ts'
import { getRecord } from './read.ts'
import { titleOf } from './view.ts'
import type { Values } from './types.ts'
import { same } from './values.ts'

/** A record as it stood at one moment. `changed`: the fields of the last change before it. `values` null: it was not there, or deleted. */
export interface Standing {
  at: string; object: string; id: string; title: string; values: Values | null; tags: string[]; changed: string[]
  /** When it changed, oldest first: at each of these it may be looked at. */
  moments: string[]
}

/**
 * The record as the log says it stood at `at`, seen through today's lens of this reader: a field that they may not see now was never seen by them.
 * Refused NOT_FOUND when they do not see the record now. Three statements.
 */
export async function recordAsOf(ctx: Context, object: string, id: string, at: Date): Promise<Standing> {
  const [lens, plan] = [readableLens(ctx, object), planOf(ctx.metadata, object)!]
  await getRecord(ctx, object, id, [])
  const log = (await logOf(ctx.tx, [id])).get(id) ?? []
  const see = seenIn(lens, (await holdingsOf(ctx, lens, [id])).get(id))
  const shown = ({ fields }: ChangeRow): string[] => lens.readable.filter(({ key, read }) => fields[key] && (read === 'full' || !same(see(key, fields[key][0]) ?? null, see(key, fields[key][1]) ?? null))).map(({ key }) => key)
  const tells = (change: ChangeRow) => change.recordVersion === 1 || change.event !== 'changed' || shown(change).length > 0
  const moments = [...new Set(log.filter(tells).map((change) => change.at.toISOString()))]
  const until = log.filter((change) => change.at <= at)
  const rebuilt = until.length === 0 ? null : rebuild(until)
  const values = rebuilt && !rebuilt.gone ? through(lens, see, { ...rebuilt.values, created_at: rebuilt.createdAt.toISOString(), updated_at: rebuilt.updatedAt.toISOString() }) : null
  const title = values ? titleOf(plan, values[plan.object.title], ctx.request?.lang ?? 'zh') : ''
  const { tags, ...rest } = values ?? {}
  return { at: at.toISOString(), object, id, title, values: values && rest, tags: tagKeys(ctx.metadata, tags), changed: until.length === 0 ? [] : shown(until.findLast(tells)!), moments }
}

const through = (lens: ReturnType<typeof readableLens>, see: ReturnType<typeof seenIn>, values: Values): Values =>
  Object.fromEntries(lens.readable.flatMap(({ key }) => { const value = see(key, values[key] ?? null); return value === null || value === undefined ? [] : [[key, value]] }))
