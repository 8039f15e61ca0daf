import { bind, collectParams, crossing, needsOf, normalise, plainEnv, tableName, toSql, type BindContext, type Bound } from '#language/conditions'
import type { Context } from '#kernel/access'
import type { CompiledGrading } from './gradings.ts'
import { programOf } from './program.ts'
import type { TimerDraft } from './types.ts'

/** Records that one look may set right; when there are more, the next look comes at once. */
const MOST = 20_000
const EVERY_MS = 60_000
const NO_RECORD = '00000000-0000-0000-0000-000000000000'

/**
 * Time alone has gone on: the records whose tag no longer says what the condition says now are left to be decided, each under its lock, by what decides
 * gradings. Only those are looked at that a moving edge has passed since the last look – all of them the first time (`at` absent), for a version that is new.
 * One statement looks and sets; what the engine decides on changes is not its affair.
 */
export async function sweepSegment(ctx: Context, { name, at }: TimerDraft['payload']): Promise<void> {
  const graded = programOf(ctx.metadata).gradings.byKey.get(name.split('@')[0]!)
  if (graded?.tag === undefined || nameOf(graded) !== name) return
  const found = await leaveToGrade(ctx, graded, at === undefined ? null : new Date(at))
  if (found === MOST) return setNext(ctx, graded, { due: ctx.now, since: at })
  if (moves(graded)) await setNext(ctx, graded, { due: new Date(ctx.now.getTime() + EVERY_MS), since: ctx.now.toISOString() })
}

const moves = ({ levels: [level] }: CompiledGrading): boolean => needsOf(level!.condition.checked).reach === 'over-time'
const nameOf = ({ grading: { key, version } }: CompiledGrading): string => `${key}@${version}`

async function leaveToGrade(ctx: Context, { grading: { key, object }, levels: [level], tag }: CompiledGrading, since: Date | null): Promise<number> {
  const { tenant: { schema }, tx, metadata } = ctx
  const { checked } = level!.condition
  const params = collectParams()
  const env = plainEnv(schema, { object, alias: 'r' }, params)
  const sql = (bound: Bound) => toSql(normalise(bound), env).text
  const [last, now] = [since, ctx.now].map((instant) => instant && momentOf(ctx, instant))
  const passed = last ? `${sql(crossing(checked, { last, now: now! }))} and ` : ''
  const carries = `r.tags @> array[${params.param(metadata.tags.byKey.get(tag!)!.id, 'int')}]`
  const name = params.param(key, 'text')
  const payload = `jsonb_build_object('object', ${params.param(object, 'text')}, 'record', r.id, 'name', ${name})`
  const rows = await tx.query(`insert into {t}.timer (key, due_at, kind, payload)
    select 'grade:' || ${name} || ':' || r.id, ${params.param(ctx.now.toISOString(), 'timestamptz')}, 'grade', ${payload} from ${tableName(schema, object)} r
    where r.gone_act is null and ${passed}coalesce(${sql(bind(checked, now!))}, false) <> ${carries} order by r.id limit ${MOST}
    on conflict (key) do update set due_at = least(timer.due_at, excluded.due_at) returning 1`, params.values)
  return rows.length
}

const momentOf = ({ tenant, metadata }: Context, now: Date): BindContext => ({ me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })

async function setNext(ctx: Context, graded: CompiledGrading, { due, since }: { due: Date; since: string | undefined }): Promise<void> {
  const payload = { object: graded.grading.object, record: NO_RECORD, name: nameOf(graded), ...(since !== undefined && { at: since }) }
  await ctx.tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ($1, $2, 'segment', $3) on conflict (key) do update set due_at = excluded.due_at, payload = excluded.payload`, [`segment:${nameOf(graded)}`, due, JSON.stringify(payload)])
}

/** A version that is new looks at every record once; those that are gone look no more. Three statements. */
export async function armSegments(ctx: Context): Promise<void> {
  const segments = [...programOf(ctx.metadata).gradings.byKey.values()].filter(({ tag }) => tag !== undefined)
  const marks = new Map(segments.map((each) => [`armed:${nameOf(each)}`, each]))
  await ctx.tx.query(`delete from {t}.timer where (kind = 'segment' and key <> all($1::text[])) or (kind = 'populated' and key <> all($2::text[]))`, [segments.map((each) => `segment:${nameOf(each)}`), [...marks.keys()]])
  if (segments.length === 0) return
  const made = await ctx.tx.query<{ key: string }>(`insert into {t}.timer (key, due_at, kind, payload) select k, 'infinity', 'populated', '{}' from unnest($1::text[]) k on conflict do nothing returning key`, [[...marks.keys()]])
  for (const { key } of made) await setNext(ctx, marks.get(key)!, { due: ctx.now, since: undefined })
}

