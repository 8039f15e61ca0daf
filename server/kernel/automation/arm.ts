import type { Context } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import { isWorkingTime } from '#language/values'
import { tableName } from '#platform/db'
import { columnName } from '#language/conditions'
import { letGo } from '#kernel/delivery'
import type { Values } from '#kernel/records'
import { dueAt } from './deadlines.ts'
import type { Due } from './due.ts'
import { programOf, type Deadline } from './program.ts'
import { armSegments } from './segments.ts'
import { armSchedules } from './sweep.ts'
import { NO_RECORD, type TimerDraft } from './types.ts'
import { holdWaits } from './waits.ts'
import { workplaceOf } from './working-time.ts'

/** The epoch up to which a process knows the deadlines of a tenant to be armed. */
export interface Armed { epoch: number }
export const openArmed = (): Armed => ({ epoch: 0 })

const PAGE = 2_000
/** Who had begun to write before a rule was switched on knows nothing of it, and is there to be seen only then; no transaction lasts longer. */
const LOOK_AGAIN_MS = 60_000

/**
 * Sets timers for the records that were there before a deadline rule was switched on; a mark beside them says that it has been done for this
 * version, and comes due once, for what was being written at that moment. Messages that were held while their rule was off go. What had come due before stays quiet: switching a rule on answers the future, not the past. No statement while the epoch stands.
 */
export async function armNew(ctx: Context, armed: Armed): Promise<void> {
  if (armed.epoch === ctx.metadata.epoch) return
  await letGo(ctx.tx, [...ctx.metadata.rules.values()].filter(({ state }) => state !== 'active').map(({ key }) => key))
  await armSchedules(ctx)
  await holdWaits(ctx)
  await armSegments(ctx)
  const marks = marksOf(ctx)
  await ctx.tx.query(`delete from {t}.timer where kind = 'armed' and key <> all($1::text[])`, [[...marks.keys()]])
  const made = await ctx.tx.query<{ key: string }>(`insert into {t}.timer (key, due_at, kind, payload) select k, $2, 'armed', p from json_to_recordset($1) as x(k text, p jsonb) on conflict do nothing returning key`, [JSON.stringify([...marks].map(([key, deadline]) => ({ k: key, p: payloadOf(deadline) }))), new Date(ctx.now.getTime() + LOOK_AGAIN_MS)])
  // In the order of the keys, as whoever answers sets them.
  const deadlinesMade = made.map(({ key }) => marks.get(key)!).sort((a, b) => (keyOf(a, '') < keyOf(b, '') ? -1 : 1))
  for (const deadline of deadlinesMade) await armAll(ctx, deadline)
  ctx.tx.afterCommit(() => { armed.epoch = ctx.metadata.epoch })
}

/** A mark has come due: what was written while the first look was taken is looked at, and the mark comes no more. */
export async function armAgain(ctx: Context, { key, at }: Pick<Due, 'key' | 'at'>): Promise<void> {
  const deadline = marksOf(ctx).get(key)
  if (!deadline) return
  await ctx.tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ($1, 'infinity', 'armed', $2) on conflict do nothing`, [key, JSON.stringify(payloadOf(deadline))])
  await armAll(ctx, deadline, new Date(at.getTime() - 2 * LOOK_AGAIN_MS))
}

const payloadOf = ({ rule: { rule } }: Deadline): TimerDraft['payload'] => ({ object: rule.trigger.object, record: NO_RECORD, name: rule.key })
const marksOf = ({ metadata }: Context): Map<string, Deadline> =>
  new Map([...metadata.objects.keys()].flatMap((object) => programOf(metadata).deadlines(object)).map((deadline) => [markOf(deadline, metadata), deadline]))

/** Deadlines in working time are set again when the calendar has changed, or a year was announced. */
const markOf = ({ rule: { rule }, after }: Deadline, { calendar, calendarVersion }: Metadata): string =>
  `armed:${rule.key}:${rule.version}${after !== undefined && isWorkingTime(after) ? `:${calendarVersion}.${Math.max(...calendar.years.keys())}` : ''}`

/** `since`: only what was written after. */
async function armAll(ctx: Context, deadline: Deadline, since: Date | null = null): Promise<void> {
  const { rule: { key, trigger: { object } } } = deadline.rule
  const place = workplaceOf(ctx)
  const isDay = ctx.metadata.fieldKind(object, deadline.field) === 'date'
  for (let after = NO_RECORD, page; (page = await pageOf(ctx, deadline, { after, since })).length > 0; after = page.at(-1)!.id) {
    const timers = page.flatMap(({ id, value, minutes, stood }) => {
      const due = dueAt(deadline, { [deadline.field]: isDay ? value : (value as Date).toISOString(), ...(deadline.before && { [deadline.before]: minutes }) } as Values, place)
      return due !== null && due > ctx.now ? [{ k: keyOf(deadline, id), d: due, p: { object, record: id, name: key }, s: stood }] : []
    })
    await ctx.tx.query(ARM, [JSON.stringify(timers)])
  }
}

/** What somebody has set since the page was read stays: they knew the record as it is. */
const ARM = `with x as materialized (select * from json_to_recordset($1) as x(k text, d timestamptz, p jsonb, s timestamptz)),
  moved as (update {t}.timer t set due_at = x.d from x where t.key = x.k and date_trunc('milliseconds', t.due_at) = x.s)
  insert into {t}.timer (key, due_at, kind, payload) select k, d, 'deadline', p from x where s is null order by k on conflict (key) do nothing`

const keyOf = ({ rule: { rule: { key } } }: Deadline, record: string): string => `deadline:${key}:${record}`

interface Waiting { id: string; value: Date | string; minutes: number | null; stood: Date | null }
const pageOf = ({ tx }: Context, deadline: Deadline, { after, since }: { after: string; since: Date | null }): Promise<Waiting[]> => {
  const { rule, field, before, orMade } = deadline
  return tx.query(`select id, ${orMade ? `coalesce(${columnName(field)}, created_at)` : columnName(field)} as value, ${before === undefined ? 'null' : columnName(before)} as minutes, (select t.due_at from {t}.timer t where t.key = $2 || id) as stood from {t}."${tableName(rule.rule.trigger.object)}" where id > $1${orMade ? '' : ` and ${columnName(field)} is not null`}${since === null ? '' : ' and updated_at >= $3'} and gone_act is null order by id limit ${PAGE}`, [after, keyOf(deadline, ''), ...(since === null ? [] : [since])])
}
