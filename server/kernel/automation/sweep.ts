import { bind, collectParams, normalise, plainEnv, tableName, toSql } from '#language/conditions'
import { nextCron, parseCron } from '#language/values'
import type { Context } from '#kernel/access'
import type { Due } from './due.ts'
import { MOST, setForFound } from './found.ts'
import { programOf, type CompiledRule } from './program.ts'
import { NO_RECORD, type TimerDraft } from './types.ts'

/**
 * A time of a schedule has come: every living record for which the condition holds now becomes a timer of its own, due at that time, and the schedule
 * waits for its next. One statement looks and sets; taking the timer and this are one transaction, so no time is lost and none comes twice.
 */
export async function sweep(ctx: Context, { at, payload: { name: key, record: behind, began } }: Pick<Due, 'at' | 'payload'>, most = MOST): Promise<void> {
  const rule = programOf(ctx.metadata).rules.get(key)
  if (rule?.rule.trigger.on !== 'schedule') return
  await setSchedules(ctx, [rule])
  if (rule.broken) return
  const { tenant: { schema, zone }, tx } = ctx
  const { object } = rule.rule.trigger
  const params = collectParams()
  const time = began ?? at.toISOString()
  const where = toSql(normalise(bind(rule.condition.checked, { me: null, myTeams: [], now: ctx.now, zone, calendar: ctx.metadata.calendar })), plainEnv(schema, { object, alias: 'r' }, params)).text
  const last = await setForFound(tx, params, { table: tableName(schema, object), where, behind, most, timer: { kind: 'swept', object, name: key, due: time, at: time } })
  if (last !== null) await goOn(ctx, rule, { behind: last, began: time })
}

async function goOn({ tx, now }: Context, rule: CompiledRule, { behind, began }: { behind: string; began: string }): Promise<void> {
  const payload = { object: rule.rule.trigger.object, record: behind, name: rule.rule.key, began }
  await tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ($1, $2, 'schedule', $3) on conflict (key) do update set payload = excluded.payload`, [restOf(rule), now, JSON.stringify(payload)])
}

/** Schedules that are on wait for their next time, by the calendar of today; those that are off, or were changed, wait for none. Two statements. */
export async function armSchedules(ctx: Context): Promise<void> {
  const rules = [...programOf(ctx.metadata).rules.values()].filter(({ rule }) => rule.trigger.on === 'schedule')
  await ctx.tx.query(`delete from {t}.timer where kind = 'schedule' and key <> all($1::text[]) and key not like '%:again:%'`, [rules.flatMap((rule) => [keyOf(rule), restOf(rule)])])
  await setSchedules(ctx, rules)
}

/** Whoever is late for a time that has come lets it come. */
export async function setSchedules(ctx: Context, rules: readonly CompiledRule[]): Promise<void> {
  const timers = rules.flatMap((rule) => scheduleOf(ctx, rule) ?? []).map(({ key, dueAt, payload }) => ({ k: key, d: dueAt, p: payload }))
  if (timers.length > 0) await ctx.tx.query(`insert into {t}.timer (key, due_at, kind, payload) select k, d, 'schedule', p from json_to_recordset($1) as x(k text, d timestamptz, p jsonb) order by k
    on conflict (key) do update set due_at = excluded.due_at where timer.due_at > $2 and timer.due_at <> excluded.due_at`, [JSON.stringify(timers), ctx.now])
}

/** When it comes next; null: it has no schedule, or none that comes. */
export function scheduleOf(ctx: Pick<Context, 'now' | 'tenant' | 'metadata'>, rule: CompiledRule): TimerDraft | null {
  const next = nextTime(ctx, rule)
  return next === null ? null : { key: keyOf(rule), dueAt: new Date(next), kind: 'schedule', payload: { object: rule.rule.trigger.object, record: NO_RECORD, name: rule.rule.key } }
}

const keyOf = ({ rule: { key, version } }: CompiledRule): string => `schedule:${key}:${version}`
/** The rest of a look that went on behind what was found first. */
const restOf = (rule: CompiledRule): string => `${keyOf(rule)}:rest`

/** Times that passed while nobody looked are not made up for. */
function nextTime({ now, tenant, metadata }: Pick<Context, 'now' | 'tenant' | 'metadata'>, { rule: { trigger } }: CompiledRule): number | null {
  const cron = trigger.on === 'schedule' ? parseCron(trigger.cron) : null
  return cron && nextCron(cron, now.getTime(), tenant.zone, trigger.on === 'schedule' && trigger.workingDays ? metadata.calendar : undefined)
}
