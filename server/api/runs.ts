import { refused } from '#contract'
import { type Context, lensOf, params } from '#kernel/access'
import { iso, isoOrNull } from './presenting.ts'
import { byIds } from './related.ts'
import { buildsRules, isTheirs } from './team-rules.ts'
import type { Some } from './types.ts'

interface Row { event: number; rule: string; version: number; status: string; startedAt: Date; finishedAt: Date | null; object: string; record: string; error: string | null; attempts: number; steps: unknown[] | null; seen: unknown }
const COLUMNS = `event, rule, version, status, started_at as "startedAt", finished_at as "finishedAt", object, record, error, attempts, steps`

export const runs: Some<'runs' | 'run' | 'ruleHealth'> = {
  ruleHealth: async (ctx) => {
    const { tx, now } = ctx
    if (!buildsRules(ctx)) refused('FORBIDDEN')
    const rows = await tx.query<{ rule: string; done: number; failed: number; last: Date | null; problem: string | null }>(HEALTH, [new Date(now.getTime() - WEEK_MS)])
    const parked = rows.find(({ rule }) => rule === '*')?.failed ?? 0
    return { rules: Object.fromEntries(rows.filter(({ rule }) => rule !== '*' && isTheirs(ctx, ctx.metadata.rules.get(rule))).map(({ rule, last, ...row }) => [rule, { ...row, last: isoOrNull(last) }])), parked }
  },
  runs: async (ctx, { query }) => {
    if (!isTheirs(ctx, ctx.metadata.rules.get(query.rule ?? ''))) refused('FORBIDDEN')
    const given = params()
    const where = ['true']
    if (query.rule !== undefined) where.push(`rule = ${given.add(query.rule, 'text')}`)
    if (query.status !== undefined) where.push(`status = ${given.add(query.status, 'text')}`)
    if (query.object !== undefined) where.push(`object = ${given.add(query.object, 'text')}`)
    if (query.record !== undefined) where.push(`record = ${given.add(query.record, 'uuid')}`)
    if (query.cursor !== undefined) where.push(`(started_at, event, rule) < (${positionOf(query.cursor).map((value, i) => given.add(value, TYPES[i])).join(', ')})`)
    const rows = await ctx.tx.query<Row>(`select ${COLUMNS} from {t}.run where ${where.join(' and ')} order by started_at desc, event desc, rule desc limit ${given.add(query.limit + 1, 'int')}`, given.values)
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    return { items: await present(ctx, page), next: rows.length > query.limit && last ? [last.startedAt.toISOString(), last.event, last.rule].join(' ') : null }
  },
  run: async (ctx, { params: { event, rule } }) => {
    if (!isTheirs(ctx, ctx.metadata.rules.get(rule))) refused('FORBIDDEN')
    const [row] = await ctx.tx.query<Row>(`select ${COLUMNS}, seen from {t}.run where event = $1 and rule = $2`, [event, rule])
    if (!row) return refused('NOT_FOUND')
    const [run] = await present(ctx, [row])
    // What a run saw may hold fields that today's reader may not see.
    const all = ctx.principal.kind === 'kernel' || ctx.principal.member.rights.has('definitions')
    return { ...run!, seen: all ? row.seen : null }
  },
}

const WEEK_MS = 7 * 86_400_000
const HEALTH = `select rule, count(*) filter (where status in ('done', 'skipped'))::int as done, count(*) filter (where status in ('failed', 'loop_stopped', 'parked'))::int as failed,
  max(started_at) as last, (array_agg(error order by started_at desc) filter (where error is not null))[1] as problem from {t}.run where started_at >= $1 group by rule`

const TYPES = ['timestamptz', 'bigint', 'text']

function positionOf(cursor: string): [string, number, string] {
  const [at = '', event = '', rule = ''] = cursor.split(' ')
  if (Number.isNaN(Date.parse(at)) || !/^\d{1,15}$/.test(event) || !/^[a-z][a-z0-9_]*$/.test(rule)) refused('CURSOR_INVALID', 'cursor')
  return [at, Number(event), rule]
}

async function present(ctx: Context, rows: readonly Row[]) {
  const titles = new Map<string, string>()
  for (const [object, some] of Map.groupBy(rows, (row) => row.object)) for (const { id, title } of await byIds(ctx, object, [...new Set(some.map(({ record }) => record))])) titles.set(id, title)
  return rows.map(({ seen: _, startedAt, finishedAt, steps, ...row }) => ({ ...row, ruleLabel: ctx.metadata.rules.get(row.rule)?.label ?? null, startedAt: iso(startedAt), finishedAt: isoOrNull(finishedAt), title: titles.get(row.record) ?? null, steps: (steps ?? []).map((step) => shownStep(ctx, row.object, step as Step, titles.has(row.record))) }))
}

interface Step { do: string; object?: string; values?: Record<string, unknown>; saw?: { own?: Record<string, unknown> } }

/** What a step wrote and saw, as far as this reader may: of a record that is not theirs only what kind of step it was. */
export function shownStep(ctx: Context, object: string, step: Step, visible: boolean): unknown {
  if (!visible) return { do: step.do }
  const [written, judged] = [lensOf(ctx, step.object ?? object), lensOf(ctx, object)]
  const { values, saw, ...rest } = step
  const seenAll = saw !== undefined && Object.keys(saw.own ?? {}).every((key) => judged.field(key)?.read === 'full')
  return { ...rest, ...(values && { values: Object.fromEntries(Object.entries(values).filter(([key]) => written.field(key)?.read === 'full')) }), ...(seenAll && { saw }) }
}
