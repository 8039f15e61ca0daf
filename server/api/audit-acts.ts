import { type Cause, type Context, params, type Params, reachesAll } from '#kernel/access'
import { auditWhere, type AuditQuery } from './audit-filter.ts'

export interface Row {
  seq: number; act: number; at: Date; object: string; record: string; fields: Record<string, [unknown, unknown]>
  kind: 'member' | 'rule' | 'source' | 'system'; ref: string; cause: Cause; ip: string | null; agent: string | null; request: string | null; reason: string | null
}
/** Of an act that is told in one line: how many lines it has, and of what. */
export interface WholeAct { n: number; of: { object: string; n: number }[] }
export const NONE: ReadonlyMap<number, WholeAct> = new Map()

/** So many lines of one act are told one by one. */
const FEW = 3

export const LINES = `select c.seq, c.act, a.at, c.object, c.record, c.fields, a.actor_kind as kind, a.actor_ref as ref, a.cause, a.ip, a.agent, a.request, a.reason from {t}.change c join {t}.act a on a.id = c.act`

/** Objects of which every line is told to this reader: of others a number would tell what is hidden, so their lines stay one by one. */
const openSql = (ctx: Context, given: Params, line: string): string =>
  `(${line}.object = any(${given.add([...ctx.metadata.objects.keys()].filter((key) => reachesAll(ctx, key, 'read')), 'text[]')}) or ${line}.object like 'system:%' or ${line}.object like 'definition:%')`

/** What is asked of the log: conditions over the change `c` and its act `a`. */
export type Asking = (given: Params) => string[]
/** So many lines are looked at at once. */
const CHUNK = 120

/**
 * Of each act the newest line that is asked for, newest first, one more than `limit` where there are more; lines of what the reader does not see whole
 * stand by themselves. An act is met once, however many lines it has: two statements for some hundred lines, and as many again where they were one act's.
 */
export async function headsOf(ctx: Context, asking: Asking, { from, limit }: { from: number | undefined; limit: number }): Promise<Row[]> {
  const heads: Row[] = []
  const met = new Set<number>()
  for (let below = from; heads.length <= limit;) {
    const given = params()
    const where = [...asking(given), ...(below === undefined ? [] : [`c.seq < ${given.add(below, 'bigint')}`]), ...(met.size === 0 ? [] : [`(not ${openSql(ctx, given, 'c')} or c.act <> all(${given.add([...met], 'bigint[]')}))`])]
    const rows = await ctx.tx.query<Row & { open: boolean }>(`${LINES.replace('select ', `select ${openSql(ctx, given, 'c')} as open, `)} where ${where.join(' and ')} order by c.seq desc limit ${CHUNK}`, given.values)
    const newest = await newestOf(ctx, asking, [...new Set(rows.flatMap(({ open, act }) => (open ? [act] : [])))])
    for (const { open, ...row } of rows) {
      if (!open || newest.get(row.act) === row.seq) heads.push(row)
      if (open) met.add(row.act)
    }
    if (rows.length < CHUNK) break
    below = rows.at(-1)!.seq
  }
  return heads.slice(0, limit + 1)
}

async function newestOf(ctx: Context, asking: Asking, acts: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (acts.length === 0) return NONE_YET
  const given = params()
  const where = [...asking(given), openSql(ctx, given, 'c'), `c.act = any(${given.add(acts, 'bigint[]')})`]
  return new Map((await ctx.tx.query<{ act: number; seq: number }>(`select c.act, max(c.seq) as seq from {t}.change c join {t}.act a on a.id = c.act where ${where.join(' and ')} group by 1`, given.values)).map(({ act, seq }) => [act, seq]))
}
const NONE_YET: ReadonlyMap<number, number> = new Map()

/** Instead of the newest line of an act: its few lines, or that one, which stands for them all. Two statements, whatever their number. */
export async function wholeActs(ctx: Context, heads: readonly Row[], query: AuditQuery): Promise<{ rows: Row[]; wholes: ReadonlyMap<number, WholeAct> }> {
  const given = params()
  const where = [...auditWhere(query, given, ctx.metadata), openSql(ctx, given, 'c'), `c.act = any(${given.add([...new Set(heads.map(({ act }) => act))], 'bigint[]')})`].join(' and ')
  const counts = Map.groupBy(await ctx.tx.query<{ act: number; object: string; n: number; head: number }>(`select c.act, c.object, count(*)::int as n, max(c.seq) as head from {t}.change c join {t}.act a on a.id = c.act where ${where} group by 1, 2 order by 3 desc, 2`, given.values), ({ act }) => act)
  const [wholes, known, few] = [new Map<number, WholeAct>(), new Set(heads.map(({ seq }) => seq)), new Map<number, number>()]
  for (const [act, of] of counts) {
    const [n, head] = [of.reduce((sum, each) => sum + each.n, 0), Math.max(...of.map((each) => each.head))]
    if (n > FEW) wholes.set(head, { n, of: of.map((each) => ({ object: each.object, n: each.n })) })
    // A line that stands by itself may be here while the head of its act is on a later page, which brings the others.
    else if (n > 1 && known.has(head)) few.set(head, act)
  }
  const limit = given.add([...few.values()], 'bigint[]')
  const rest = few.size === 0 ? [] : (await ctx.tx.query<Row>(`${LINES} where ${where} and c.act = any(${limit}) order by c.seq desc`, given.values)).filter(({ seq }) => !known.has(seq))
  const byAct = Map.groupBy(rest, ({ act }) => act)
  const rows = heads.flatMap((row) => [row, ...(few.has(row.seq) ? (byAct.get(row.act) ?? []) : [])])
  return { rows, wholes }
}
