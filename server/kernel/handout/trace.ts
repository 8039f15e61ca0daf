import type { Tx } from '#platform/db'
import { hasher } from './ledger.ts'

/** An export that pasted rows may come from. `found`: how many of them it holds; `values`: how many of their values. */
export interface Suspect { no: number; member: number; name: string | null; at: Date; ip: string | null; object: string; format: string; rows: number; found: number; values: number; marked: boolean; /** Made ready in the background, and never downloaded. */ kept: boolean }

/** A row is found where at least half of its values stand in one row of the export, and at least two where it has so many. */
const LEAST = 0.5
/** The number at the end of what every row carries. */
const MARK = /\sE(\d{1,15})$/

/**
 * Which exports these rows come from, the likeliest first: by the mark that they still carry, else by the values that they hold, as those stood when
 * the export was made. Rows and columns may be missing, in another order and look different. Exports of the same rows in the same state are named together.
 */
export async function traceRows(tx: Tx, pasted: readonly (readonly string[])[]): Promise<Suspect[]> {
  const hash = await hasher(tx)
  const asked = pasted.map((cells, n) => ({ n, h: [...new Set(cells.filter((cell) => !MARK.test(cell.trim())).flatMap((cell) => hash(cell) ?? []))] })).filter(({ h }) => h.length > 0)
  const marks = [...new Set(pasted.flat().flatMap((cell) => MARK.exec(cell.trim())?.[1] ?? []))].map(Number)
  const matches = await tx.query<{ export: number; n: number; matched: number; of: number }>(FIND, [JSON.stringify(asked.map(({ n, h }) => ({ n, h: `{${h.join(',')}}` })))])
  const best = new Map<number, { found: number; values: number }>()
  for (const { export: no, matched, of } of matches) {
    if (matched < Math.max(Math.min(2, of), of * LEAST)) continue
    const known = best.get(no) ?? { found: 0, values: 0 }
    best.set(no, { found: known.found + 1, values: known.values + matched })
  }
  const rows = await tx.query<Omit<Suspect, 'found' | 'values' | 'marked'>>(`select e.no, e.member, m.name, e.at, e.ip, e.object, e.format, e.rows, coalesce(j.taken = 0, false) as kept from {t}.export e left join {t}.member m on m.id = e.member left join {t}.export_job j on j.no = e.no where e.no = any($1::bigint[])`, [[...new Set([...best.keys(), ...marks])]])
  return rows.map((row): Suspect => ({ ...row, ...(best.get(row.no) ?? { found: 0, values: 0 }), marked: marks.includes(row.no) }))
    .sort((a, b) => Number(a.kept) - Number(b.kept) || Number(b.marked) - Number(a.marked) || b.found - a.found || b.values - a.values || b.no - a.no)
}

const FIND = `with asked as materialized (select x.n, x.h from json_to_recordset($1) as x(n int, h bigint[]))
  select r.export, a.n, max(m.matched)::int as matched, cardinality(a.h) as of from asked a join {t}.export_row r on r.cells && a.h
  cross join lateral (select count(*) as matched from unnest(a.h) h where h = any(r.cells)) m group by r.export, a.n, cardinality(a.h)`
