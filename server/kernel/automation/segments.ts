import { bind, collectParams, crossing, needsOf, normalise, plainEnv, tableName, toSql, type BindContext, type Bound } from '#language/conditions'
import type { Context } from '#kernel/access'
import { MOST, setForFound } from './found.ts'
import type { CompiledGrading } from './gradings.ts'
import { programOf } from './program.ts'
import { NO_RECORD, type TimerDraft } from './types.ts'

const EVERY_MS = 60_000
/** No transaction writes for longer. */
const WRITING_MS = 120_000
/** A look that failed again and again is tried anew after so long. */
const AGAIN_MS = 3_600_000

/**
 * Time alone has gone on: the records whose tag no longer says what the condition says now are left to be decided, each under its lock, by what decides
 * gradings. Only those are looked at that a moving edge has passed since the last look – all of them for a version that is new (`at` absent), and a minute later those that were being written then, or all where others decide.
 * One statement looks and sets; what the engine decides on changes is not its affair.
 */
export async function sweepSegment(ctx: Context, { name, at, record: behind, began = ctx.now.toISOString(), again }: TimerDraft['payload'], most = MOST): Promise<void> {
  const graded = lookedAfter(ctx, name)
  if (!graded) return
  const last = await leaveToGrade(ctx, graded, { since: at === undefined ? null : new Date(at), now: new Date(began), again, behind, most })
  if (last !== null) return setNext(ctx, graded, { due: ctx.now, since: at, behind: last, began, again })
  // Who had begun to write before the segment was there knows nothing of it.
  if (at === undefined) return setNext(ctx, graded, { due: new Date(ctx.now.getTime() + EVERY_MS), since: began, again: true })
  // All of it was looked at as of when it began.
  if (moves(graded)) await setNext(ctx, graded, { due: new Date(ctx.now.getTime() + EVERY_MS), since: began })
}

/** A look that cannot be carried out comes again, as it was, after an hour. */
export async function putOffSegment(ctx: Context, { name, at, record: behind, began, again }: TimerDraft['payload']): Promise<void> {
  const graded = lookedAfter(ctx, name)
  if (graded) await setNext(ctx, graded, { due: new Date(ctx.now.getTime() + AGAIN_MS), since: at, behind, began, again })
}

function lookedAfter({ metadata }: Context, name: string): CompiledGrading | undefined {
  const graded = programOf(metadata).gradings.byKey.get(name.split('@')[0]!)
  return graded?.tag !== undefined && nameOf(graded) === name ? graded : undefined
}

const moves = ({ levels: [level] }: CompiledGrading): boolean => needsOf(level!.condition.checked).reach === 'over-time'
const nameOf = ({ grading: { key, version } }: CompiledGrading): string => `${key}@${version}`

/** Behind which record there may be more; null: no more. */
async function leaveToGrade(ctx: Context, { grading: { key, object }, levels: [level], tag }: CompiledGrading, { since, now, again, behind, most }: { since: Date | null; now: Date; again: true | undefined; behind: string; most: number }): Promise<string | null> {
  const { tenant: { schema }, tx, metadata } = ctx
  const { checked } = level!.condition
  const params = collectParams()
  const env = plainEnv(schema, { object, alias: 'r' }, params)
  const sql = (bound: Bound): string => toSql(normalise(bound), env).text
  const moment = momentOf(ctx, now)
  const passed = (last: Date): string => sql(crossing(checked, { last: momentOf(ctx, last), now: moment }))
  const writtenSince = (last: Date): string => `r.updated_at >= ${params.param(new Date(last.getTime() - WRITING_MS).toISOString(), 'timestamptz')}`
  const looked: string[] = []
  if (since && !again) looked.push(`(${passed(since)})`)
  // Where children and parents decide, what was written may be theirs.
  if (since && again && isOwn(needsOf(checked))) looked.push(`(${passed(since)} or ${writtenSince(since)})`)
  const differs = `coalesce(${sql(bind(checked, moment))}, false) <> (r.tags @> array[${params.param(metadata.tags.byKey.get(tag!)!.id, 'int')}])`
  return setForFound(tx, params, { table: tableName(schema, object), where: [...looked, differs].join(' and '), behind, most, timer: { kind: 'grade', object, name: key, due: ctx.now.toISOString() }, earliest: true })
}

const isOwn = ({ parents, aggregates }: ReturnType<typeof needsOf>): boolean => parents.length + aggregates.length === 0

const momentOf = ({ tenant, metadata }: Context, now: Date): BindContext => ({ me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })

async function setNext(ctx: Context, graded: CompiledGrading, { due, since, behind = NO_RECORD, began, again }: { due: Date; since: string | undefined; behind?: string; began?: string | undefined; again?: true | undefined }): Promise<void> {
  const payload = { object: graded.grading.object, record: behind, name: nameOf(graded), ...(since !== undefined && { at: since }), ...(began !== undefined && { began }), ...(again && { again }) }
  await ctx.tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ($1, $2, 'segment', $3) on conflict (key) do update set due_at = excluded.due_at, payload = excluded.payload`, [`segment:${nameOf(graded)}`, due, JSON.stringify(payload)])
}

/** A version that is new looks at every record once; those that are gone look no more. Three statements. */
export async function armSegments(ctx: Context): Promise<void> {
  const segments = [...programOf(ctx.metadata).gradings.byKey.values()].filter(({ tag }) => tag !== undefined)
  const marks = new Map(segments.map((each) => [`armed:${nameOf(each)}`, each]))
  await ctx.tx.query(`delete from {t}.timer where (kind = 'segment' and key <> all($1::text[]) and key not like '%:again:%') or (kind = 'populated' and key <> all($2::text[]))`, [segments.map((each) => `segment:${nameOf(each)}`), [...marks.keys()]])
  if (segments.length === 0) return
  const made = await ctx.tx.query<{ key: string }>(`insert into {t}.timer (key, due_at, kind, payload) select k, 'infinity', 'populated', '{}' from unnest($1::text[]) k on conflict do nothing returning key`, [[...marks.keys()]])
  for (const { key } of made) await setNext(ctx, marks.get(key)!, { due: ctx.now, since: undefined })
}

