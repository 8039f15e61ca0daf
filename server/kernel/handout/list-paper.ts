import type { Context } from '#kernel/access'
import type { Paper } from '#language/definitions'
import { exactYuan, group } from '#language/values'
import type { LedgerRow } from './ledger.ts'
import { exportHead, type ExportCell, type ExportPlan } from './list.ts'
import type { ShownField } from './show.ts'

/** Narrower than this a column cannot be read, wider than this it takes the others' place. */
const [NARROW, WIDE] = [4, 18]
const LOOKED_AT = 200

/** A list as a paper: its name, who took it along, and its rows. Columns are as wide as what stands in them. */
export function listPaper(ctx: Context, plan: ExportPlan, { rows, mark }: { rows: readonly LedgerRow[]; mark: string }): Paper {
  const lang = ctx.request?.lang ?? 'zh'
  const title = ctx.metadata.objects.get(plan.object)!.label[lang]
  const cells = rows.map((row) => row.cells.map((cell, i) => textIn(cell, plan.fields[i]!.kind)))
  const columns = exportHead(ctx, plan).map((label, i) => ({ label, right: rows.some((row) => typeof row.cells[i] === 'object' && row.cells[i] !== null), wide: widthOf([label, ...cells.slice(0, LOOKED_AT).map((row) => row[i]!)]) }))
  return { title, footer: mark, parts: [
    { kind: 'heading', text: title, level: 1 },
    { kind: 'text', text: lang === 'zh' ? `共 ${group(String(rows.length))} 行 · ${mark}` : `${group(String(rows.length))} rows · ${mark}` },
    { kind: 'table', title: null, columns, rows: cells, sums: null, cut: false },
  ] }
}

function textIn(cell: ExportCell, kind: ShownField['kind']): string {
  if (cell === null || typeof cell === 'string') return cell ?? ''
  return kind === 'money' ? exactYuan(cell.number) : group(cell.number)
}

/** A Chinese sign takes the place of two others. */
const widthOf = (texts: readonly string[]): number => Math.min(WIDE, Math.max(NARROW, ...texts.map((text) => [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 1 : 0.55), 0))))
