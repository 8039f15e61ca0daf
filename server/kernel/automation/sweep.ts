import { bind, collectParams, normalise, plainEnv, tableName, toSql } from '#language/conditions'
import { nextCron, parseCron } from '#language/values'
import type { Context } from '#kernel/access'
import { programOf, type CompiledRule } from './program.ts'
import type { TimerDraft } from './types.ts'

/** Records that one time of a schedule looks after, at most; the rest waits for its next time. */
const MOST = 20_000
const NO_RECORD = '00000000-0000-0000-0000-000000000000'

/**
 * A time of a schedule has come: every living record for which the condition holds now becomes a timer of its own, due at that time, and the schedule
 * waits for its next. One statement looks, another sets; taking the timer and this are one transaction, so no time is lost and none comes twice.
 */
export async function sweep(ctx: Context, key: string, at: Date): Promise<void> {
  const rule = programOf(ctx.metadata).rules.get(key)
  if (rule?.rule.trigger.on !== 'schedule') return
  await setSchedules(ctx, [rule])
  if (rule.broken) return
  const { tenant: { schema, zone }, tx } = ctx
  const { object } = rule.rule.trigger
  const params = collectParams()
  const [name, due] = [params.param(key, 'text'), params.param(at.toISOString(), 'timestamptz')]
  const payload = `jsonb_build_object('object', ${params.param(object, 'text')}, 'record', r.id, 'name', ${name}, 'at', ${params.param(at.toISOString(), 'text')})`
  const where = toSql(normalise(bind(rule.condition.checked, { me: null, myTeams: [], now: ctx.now, zone, calendar: ctx.metadata.calendar })), plainEnv(schema, { object, alias: 'r' }, params)).text
  await tx.query(`insert into {t}.timer (key, due_at, kind, payload)
    select 'swept:' || ${name} || ':' || r.id, ${due}, 'swept', ${payload} from ${tableName(schema, object)} r where r.gone_act is null and ${where} order by r.id limit ${MOST}
    on conflict (key) do update set due_at = excluded.due_at, payload = excluded.payload`, params.values)
}

/** Schedules that are on wait for their next time; those that are off, or were changed, wait for none. Two statements. */
export async function armSchedules(ctx: Context): Promise<void> {
  const rules = [...programOf(ctx.metadata).rules.values()].filter(({ rule }) => rule.trigger.on === 'schedule')
  await ctx.tx.query(`delete from {t}.timer where kind = 'schedule' and key <> all($1::text[])`, [rules.map(keyOf)])
  await setSchedules(ctx, rules)
}

async function setSchedules(ctx: Context, rules: readonly CompiledRule[]): Promise<void> {
  const timers = rules.flatMap((rule) => scheduleOf(ctx, rule) ?? []).map(({ key, dueAt, payload }) => ({ k: key, d: dueAt, p: payload }))
  if (timers.length > 0) await ctx.tx.query(`insert into {t}.timer (key, due_at, kind, payload) select k, d, 'schedule', p from json_to_recordset($1) as x(k text, d timestamptz, p jsonb) order by k on conflict (key) do nothing`, [JSON.stringify(timers)])
}

/** When it comes next; null: it has no schedule, or none that comes. */
export function scheduleOf(ctx: Pick<Context, 'now' | 'tenant' | 'metadata'>, rule: CompiledRule): TimerDraft | null {
  const next = nextTime(ctx, rule)
  return next === null ? null : { key: keyOf(rule), dueAt: new Date(next), kind: 'schedule', payload: { object: rule.rule.trigger.object, record: NO_RECORD, name: rule.rule.key } }
}

const keyOf = ({ rule: { key, version } }: CompiledRule): string => `schedule:${key}:${version}`

/** Times that passed while nobody looked are not made up for. */
function nextTime({ now, tenant, metadata }: Pick<Context, 'now' | 'tenant' | 'metadata'>, { rule: { trigger } }: CompiledRule): number | null {
  const cron = trigger.on === 'schedule' ? parseCron(trigger.cron) : null
  return cron && nextCron(cron, now.getTime(), tenant.zone, trigger.on === 'schedule' && trigger.workingDays ? metadata.calendar : undefined)
}
