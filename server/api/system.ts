import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { durationMs } from '#language/values'
import { advanceClock } from '#platform/db'
import { iso } from './presenting.ts'
import type { Api, Some } from './types.ts'
import type { Tenant } from '#platform/db'
import type { Facts } from '#platform/recovery'

/** Business time, and how the installation is. */
export const system: Some<'clock' | 'advanceClock' | 'status' | 'backups' | 'makeBackup'> = {
  clock: { open: ({ api, tenant }) => clockOf(api, tenant) },
  advanceClock: { open: async ({ api, tenant }, { body }) => {
    if (!isMovable(api, tenant)) refused('CLOCK_FIXED')
    await advanceClock(api.db, tenant, durationMs(body.advance))
    api.wake()
    api.live.hint(tenant.id)
    return clockOf(api, tenant)
  } },
  backups: async (ctx, _input, { api }) => {
    const { tenant } = ctx
    const items = api.backups?.list(tenant) ?? null
    const whole = (await api.backups?.whole()) ?? null
    const late = items !== null && !tenant.demo && (await isAnyLate(ctx, whole === null ? [items[0]] : [items[0], whole.copies[0]]))
    const several = whole !== null && (await api.db.tenants()).length > 1
    return { items: items?.map((each) => ({ ...each, at: iso(each.at) })) ?? null, late, making: api.backups?.making(tenant) ?? false, loss: whole?.state === 'kept' ? LOG_MINUTES : NIGHTLY_MINUTES, whole: whole && wholeOf(whole, several) }
  },
  makeBackup: (ctx, _input, { api: { backups } }) => {
    if (!backups) refused('NOT_FOUND')
    backups!.make(ctx.tenant)
    return Promise.resolve({ done: true })
  },
  status: async (ctx, _input, { api }) => {
    const [row] = await ctx.tx.query<{ waiting: number; failing: number; timers: number; ready: number; failed: number; postgres: string }>(
      `select (select count(*)::int from {t}.todo) as waiting, (select count(*)::int from {t}.todo where attempts > 0) as failing, (select count(*)::int from {t}.timer where due_at <= $1) as timers,
        (select count(*)::int from {t}.outbox where state = 'ready') as ready, (select count(*)::int from {t}.outbox where state = 'dead') as failed, current_setting('server_version') as postgres`, [ctx.now])
    const { version, startedAt, embedded } = api.settings
    return {
      version, startedAt: iso(startedAt), node: process.version, postgres: row!.postgres, embedded, memoryMb: Math.round(process.memoryUsage.rss() / 1_048_576),
      queue: { waiting: row!.waiting, failing: row!.failing, timersDue: row!.timers }, outbox: { ready: row!.ready, failed: row!.failed },
      providers: [{ key: 'mail', label: { zh: '邮件', en: 'E-mail' }, state: api.mail ? 'ready' : 'missing', detail: api.mail ? null : 'SMTP_URL' }, ...backupOf(api, ctx.tenant), ...turnsOf(ctx)],
    }
  },
}

const isMovable = ({ settings }: Api, tenant: Tenant): boolean => settings.testClock && tenant.demo

async function clockOf(api: Api, tenant: Tenant) {
  const [row] = (await api.db.pool.query<{ now: Date; offset: number }>(`select clock_timestamp() + clock_offset_ms * interval '1 millisecond' as now, clock_offset_ms as "offset" from nextmove.tenant where id = $1`, [tenant.id])).rows
  return row ? { now: iso(row.now), offsetMs: row.offset, movable: isMovable(api, tenant) } : refused('NOT_FOUND')
}

const LATE_MS = 26 * 3_600_000
/** Of what there is none yet, is the workspace itself so old? */
async function isAnyLate({ tx, tenant }: Context, newest: readonly ({ at: Date } | undefined)[]): Promise<boolean> {
  const [row] = await tx.query<{ late: boolean }>(`select bool_or(coalesce(n.at, t.created_at) < clock_timestamp() - make_interval(secs => $3::float8 / 1000)) as late
    from nextmove.tenant t, unnest($2::timestamptz[]) n(at) where t.id = $1`, [tenant.id, newest.map((each) => each?.at ?? null), LATE_MS])
  return row!.late
}
const NIGHTLY_MINUTES = 1_440
/** PostgreSQL finishes a piece of its log after four minutes at most, and it is carried within the next. */
const LOG_MINUTES = 5

const wholeOf = ({ state, copies, logAt, bytes, sameDisk }: Facts, several: boolean) =>
  ({ state, newest: isoOr(copies[0]?.at), since: isoOr(copies.at(-1)?.at), logAt: isoOr(logAt), copies: copies.length, bytes: several ? null : bytes, sameDisk })
const isoOr = (at: Date | null | undefined) => (at ? iso(at) : null)

/** The newest backup, where this installation makes its own; late after 26 hours. */
function backupOf({ backedUp }: Api, tenant: Tenant) {
  if (!backedUp) return []
  const at = backedUp(tenant)
  return [{ key: 'backup', label: { zh: '备份', en: 'Backup' }, state: at === null ? 'missing' as const : Date.now() - at.getTime() > LATE_MS ? 'failing' as const : 'ready' as const, detail: at && iso(at) }]
}

/** Where everything is only given out in turn, nobody's skill, region or load counts. */
function turnsOf({ metadata }: Context) {
  const active = [...metadata.assignmentPolicies.values()].filter((policy) => policy.active)
  if (active.length === 0) return []
  const turns = active.filter(({ mode }) => mode === 'rotation')
  return [{ key: 'assignment', label: { zh: '分配方式', en: 'Assignment' }, state: turns.length > 0 ? 'failing' as const : 'ready' as const, detail: turns.length > 0 ? turns.map(({ label }) => label.zh).join('、') : null }]
}
