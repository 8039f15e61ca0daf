import { refused } from '#contract'
import { type Context, params } from '#kernel/access'
import { decideRun, decisionsAbout, NO_RECORD, type RunDecision, type SeenKept, type Standing } from '#kernel/automation'
import { sentByKeys, type SentMessage } from '#kernel/delivery'
import { ruleLabel } from '#kernel/metadata'
import { getRecord } from '#kernel/records'
import type { Rule } from '#language/definitions'
import { iso, isoOrNull } from './presenting.ts'
import { errorShown } from './run-errors.ts'
import { type KeptStep, relatedIn, shownOf, shownSeen } from './run-shown.ts'
import { presentSent } from './sent.ts'
import { buildsRules, isTheirs } from './team-rules.ts'
import type { Some } from './types.ts'

interface Row { event: number; rule: string; version: number; status: string; startedAt: Date; finishedAt: Date | null; object: string; record: string; error: string | null; attempts: number; steps: unknown[] | null; of: string | null; seen: SeenKept | null; settled: 'retried' | 'dismissed' | null; decided: { to: RunDecision; by: number | null; at: string; reason: string | null } | null; waits: Waiting[] | null }
type Waiting = NonNullable<Standing['wait']> & { branch: string; path: string; due: string; since: string; off: number | null; error: string | null }
interface Part { head: number; rule: string; event: number; at: Date; status: string; error: string | null; steps: unknown[] | null }
const COLUMNS = `r.event, r.rule, r.version, r.status, r.started_at as "startedAt", r.finished_at as "finishedAt", r.object, r.record, r.error, r.attempts, r.steps, r.settled, r.seen->'timer'->>'name' as of,
  (select json_build_object('to', c.fields->'decision'->>1, 'by', case a.actor_kind when 'member' then a.actor_ref::int end, 'at', a.at, 'reason', a.reason) from {t}.change c join {t}.act a on a.id = c.act where c.seq = r.decided) as decided,
  (select json_agg(json_build_object('branch', w.branch, 'state', w.state, 'kind', w.kind, 'path', w.path, 'due', w.due_at, 'since', w.since, 'off', w.carries->'off', 'error', w.carries->>'error') order by w.branch) from {t}.wait w where w.run = r.event and w.rule = r.rule) as waits`

export const runs: Some<'runs' | 'run' | 'decideRun' | 'ruleHealth'> = {
  ruleHealth: async (ctx) => {
    const { tx, now } = ctx
    if (!buildsRules(ctx)) refused('FORBIDDEN')
    const rows = await tx.query<{ rule: string; done: number; failed: number; last: Date | null; problem: string | null }>(HEALTH, [new Date(now.getTime() - WEEK_MS)])
    const standing = new Map((await tx.query<{ rule: string; waiting: number }>(STANDING)).map((row) => [row.rule, row]))
    const theirs = rows.filter(({ rule }) => rule !== '*' && isTheirs(ctx, ctx.metadata.rules.get(rule)))
    const known = new Map(theirs.map(({ rule, last, ...row }) => [rule, { ...row, problem: errorShown(ctx, row.problem), waiting: standing.get(rule)?.waiting ?? 0, last: isoOrNull(last) }]))
    for (const [rule, { waiting }] of standing) if (!known.has(rule) && isTheirs(ctx, ctx.metadata.rules.get(rule))) known.set(rule, { done: 0, failed: 0, last: null, problem: null, waiting })
    const sum = (of: 'waiting' | 'failed') => [...known].reduce((total, [, each]) => total + each[of], 0)
    return { rules: Object.fromEntries(known), parked: rows.find(({ rule }) => rule === '*')?.failed ?? 0, failed: sum('failed'), waiting: sum('waiting') }
  },
  runs: async (ctx, { query }) => {
    if (!isTheirs(ctx, ctx.metadata.rules.get(query.rule ?? ''))) refused('FORBIDDEN')
    const given = params()
    const where = ['r.head is null']
    if (query.rule !== undefined) where.push(`r.rule = ${given.add(query.rule, 'text')}`)
    if (query.status !== undefined) where.push(STATUS[query.status] ?? `r.status = ${given.add(query.status, 'text')} and not exists (select from {t}.wait w where w.run = r.event and w.rule = r.rule)`)
    if (query.object !== undefined) where.push(`r.object = ${given.add(query.object, 'text')}`)
    if (query.record !== undefined) where.push(`r.record = ${given.add(query.record, 'uuid')}`)
    if (query.cursor !== undefined) where.push(`(r.started_at, r.event, r.rule) < (${positionOf(query.cursor).map((value, i) => given.add(value, TYPES[i])).join(', ')})`)
    const rows = await ctx.tx.query<Row>(`select ${COLUMNS} from {t}.run r where ${where.join(' and ')} order by r.started_at desc, r.event desc, r.rule desc limit ${given.add(query.limit + 1, 'int')}`, given.values)
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    const items = await present(ctx, page)
    return { items, related: await relatedIn(ctx, items), next: rows.length > query.limit && last ? [last.startedAt.toISOString(), last.event, last.rule].join(' ') : null }
  },
  run: async (ctx, { params: { event, rule } }) => {
    const row = await rowOf(ctx, event, rule)
    const [run] = await present(ctx, [row])
    const [then] = await ctx.tx.query<{ body: Rule | null }>(`select body from {t}.definition_version where kind = 'rule' and key = $1 and version = $2`, [row.rule, row.version])
    const seen = run!.title !== null ? await shownSeen(ctx, row, row.seen) : null
    return { ...run!, seen, related: await relatedIn(ctx, [{ object: row.object, steps: run!.steps, seen }]), actions: then?.body?.actions ?? [], trigger: then?.body?.trigger ?? null }
  },
  decideRun: async (ctx, { params: { event, rule }, body: { decision, branch, step, reason } }) => {
    const row = await rowOf(ctx, event, rule)
    // Nobody decides about what they cannot see; a look for records that failed is about none.
    if (row.record !== NO_RECORD) await getRecord(ctx, row.object, row.record)
    await decideRun(ctx, { event: row.event, rule, branch }, decision, { step: step ?? null, reason: reason ?? null })
    return (await present(ctx, [await rowOf(ctx, row.event, rule)]))[0]!
  },
}

/** How the newest runs of a rule stand, and those that wait: equal as long as nobody would be shown anything else. */
export async function runsStanding(ctx: Context, rule: string): Promise<unknown> {
  if (!isTheirs(ctx, ctx.metadata.rules.get(rule))) refused('FORBIDDEN')
  return ctx.tx.query(`select array(select concat_ws(' ', event, status, settled, decided) from {t}.run where rule = $1 order by started_at desc, event desc limit 20) as newest,
    (select concat_ws(' ', count(*), count(*) filter (where state = 'waiting'), max(since)) from {t}.wait where rule = $1) as waiting`, [rule])
}

/** By its beginning, also when asked for by a later part. */
async function rowOf(ctx: Context, event: number, rule: string): Promise<Row> {
  if (!isTheirs(ctx, ctx.metadata.rules.get(rule))) refused('FORBIDDEN')
  const [row] = await ctx.tx.query<Row>(`select ${COLUMNS}, r.seen from {t}.run r where r.rule = $2 and r.event = (select coalesce(head, event) from {t}.run where event = $1 and rule = $2)`, [event, rule])
  return row ?? refused('NOT_FOUND')
}

const presentWait = ({ kind, path, due, since, off }: Waiting) => ({ kind, path, due: iso(new Date(due)), since: iso(new Date(since)), off })
/** How it stands: a branch that failed is looked at first. */
const statusOf = (wait: Waiting | undefined, branches: readonly Waiting[]): string | undefined => (wait?.state !== 'cancelled' && branches.some(({ state }) => state === 'failed') ? 'failed' : wait?.state)

const WEEK_MS = 7 * 86_400_000
const HEALTH = `select rule, count(*) filter (where status in ('done', 'skipped'))::int as done, count(*) filter (where status in ('failed', 'loop_stopped', 'parked') and settled is null)::int as failed,
  max(started_at) as last, (array_agg(error order by started_at desc) filter (where error is not null and settled is null))[1] as problem from {t}.run where started_at >= $1 group by rule`
const STANDING = `select rule, count(distinct run)::int as waiting from {t}.wait where state in ('waiting', 'held') group by rule`

const inWait = (states: string): string => `exists (select from {t}.wait w where w.run = r.event and w.rule = r.rule and w.state in (${states}))`
/** How a run stands, by all its parts. */
const STATUS: Readonly<Record<string, string>> = {
  waiting: inWait(`'waiting', 'held'`), cancelled: inWait(`'cancelled'`),
  failed: `((${inWait(`'failed'`)} and r.settled is distinct from 'dismissed') or (r.settled is null and r.status in ('failed', 'loop_stopped')))`,
  parked: `r.settled is null and r.status = 'parked'`,
  done: `(r.status = 'done' or (r.status in ('waiting', 'failed') and exists (select from {t}.run p where p.head = r.event and p.rule = r.rule and p.status = 'done') and not exists (select from {t}.wait w where w.run = r.event and w.rule = r.rule)))`,
}

const TYPES = ['timestamptz', 'bigint', 'text']

function positionOf(cursor: string): [string, number, string] {
  const [at = '', event = '', rule = ''] = cursor.split(' ')
  if (Number.isNaN(Date.parse(at)) || !/^\d{1,15}$/.test(event) || !/^([a-z][a-z0-9_]*|grading:[a-z0-9_]+(#\d+)?|\*)$/.test(rule)) refused('CURSOR_INVALID', 'cursor')
  return [at, Number(event), rule]
}

async function present(ctx: Context, rows: readonly Row[]) {
  const parts = await partsOf(ctx, rows)
  const shown = await shownOf(ctx, rows.map((row) => ({ ...row, steps: [row, ...(parts.get(`${row.event} ${row.rule}`) ?? [])].flatMap(({ steps }) => steps ?? []) })))
  const { titles } = shown
  const sent = await sentByKeys(ctx.tx, [...rows, ...[...parts.values()].flat()].flatMap(({ steps }) => (steps ?? []).flatMap((step) => keyOf(step as KeptStep) ?? [])))
  return rows.map(({ seen: _, of, startedAt, finishedAt, steps, waits, decided, ...row }) => {
    const [wait, ...branches] = waits ?? []
    const further = parts.get(`${row.event} ${row.rule}`) ?? []
    const all = [{ event: row.event, at: startedAt, status: row.status, error: row.error, steps }, ...further].map((part) => ({ ...part, error: errorShown(ctx, part.error) }))
    const [isOn, isSeen] = [ctx.metadata.rules.get(row.rule)?.state === 'active', titles.has(row.record) || row.record === NO_RECORD]
    const can = (branch: string) => (isSeen ? decisionsAbout(row, waits ?? [], { branch, on: isOn, isSame: ctx.metadata.rules.get(row.rule)?.version === row.version }) : [])
    const last = all.at(-1)!
    return {
      ...row, status: statusOf(wait, branches) ?? last.status, error: statusOf(wait, branches) === 'waiting' ? null : (errorShown(ctx, branches.find(({ error }) => error !== null)?.error ?? null) ?? last.error), record: row.record === NO_RECORD ? null : row.record, ruleLabel: ruleLabel(ctx.metadata, row.rule === '*' && of !== null ? of : row.rule) ?? null, startedAt: iso(startedAt), finishedAt: wait ? null : isoOrNull(further.at(-1)?.at ?? finishedAt), title: titles.get(row.record) ?? null,
      steps: all.flatMap((part) => (part.steps ?? []).map((step) => withSent(shown.step(row.object, row.record, step as KeptStep), sent.get(keyOf(step as KeptStep) ?? '')))),
      parts: all.map(({ event, at, status, error, steps: done }) => ({ event, at: iso(at), status, error, steps: done?.length ?? 0 })),
      wait: wait ? { ...presentWait(wait), state: wait.state as 'waiting' } : null,
      branches: branches.map((each) => ({ ...presentWait(each), branch: each.branch, state: each.state, error: each.state === 'failed' ? errorShown(ctx, each.error) : null, can: can(each.branch) })),
      // Somebody may have named the record in their reason.
      decided: decided && { ...decided, at: iso(new Date(decided.at)), reason: isSeen ? decided.reason : null }, can: can(''),
    }
  })
}

/** What came of runs after their waits, in order. One statement, none where nothing waited. */
async function partsOf({ tx }: Context, rows: readonly Row[]): Promise<Map<string, Part[]>> {
  const heads = rows.filter(({ status, waits, settled }) => status === 'waiting' || waits !== null || settled === 'retried').map(({ event }) => event)
  if (heads.length === 0) return new Map()
  const parts = await tx.query<Part>('select head, rule, event, started_at as at, status, error, steps from {t}.run where head = any($1::bigint[]) order by event', [heads])
  return Map.groupBy(parts, ({ head, rule }) => `${head} ${rule}`)
}

/** A step that sent something knows it by its key; what is told of it is how it stands now. */
const keyOf = ({ do: kind, key }: KeptStep): string | undefined => (kind === 'webhook' && typeof key === 'string' ? key : undefined)
const withSent = (step: object, sent: SentMessage | undefined): object => (sent ? { ...step, sent: presentSent(sent) } : step)
