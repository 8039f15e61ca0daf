import { createHmac } from 'node:crypto'
import type { Context } from '#kernel/access'
import { rootKeys, type Tx } from '#platform/db'
import type { ExportCell, ExportPlan } from './list.ts'

/** One export: its number, and the words that every row of it carries. */
export interface OpenedExport { no: number; mark: string }

/** Enter an export into the ledger, before anything of it leaves. One statement. */
export async function openExport(ctx: Context, { object, rows, fields }: ExportPlan, format: string): Promise<OpenedExport> {
  const { actor, principal, request, now, tx } = ctx
  const [made] = await tx.query<{ no: number }>('insert into {t}.export (member, at, ip, agent, object, format, fields, rows) values ($1, $2, $3, $4, $5, $6, $7, $8) returning no',
    [actor.kind === 'member' ? actor.id : 0, now, request?.ip ?? null, request?.agent ?? null, object, format, fields.map(({ key }) => key), rows])
  const name = principal.kind === 'member' ? principal.member.name : 'system'
  return { no: made!.no, mark: markOf(ctx, name, `E${made!.no}`) }
}

/** 陈志远 2026-11-22 18:46 10.0.0.1 E12 */
export function markOf({ tenant, now, request }: Context, name: string, number?: string): string {
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: tenant.zone, dateStyle: 'short', timeStyle: 'short' }).format(now)
  return [name, time, request?.ip, number].filter(Boolean).join(' ')
}

export interface LedgerRow { record: string; cells: readonly ExportCell[] }

/** The next rows of an export, before they are given away: what cannot be entered does not leave. One statement. */
export async function noteRows(tx: Tx, no: number, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return
  const hash = await hasher(tx)
  const given = rows.map(({ record, cells }, i) => ({ i, r: record, c: `{${cells.map((cell) => hash(textIn(cell)) ?? 0n).join(',')}}` }))
  await tx.query(`insert into {t}.export_row (export, n, record, cells)
    select $1, (select coalesce(max(n), 0) from {t}.export_row where export = $1) + x.i + 1, x.r, x.c from json_to_recordset($2) as x(i int, r uuid, c bigint[])`, [no, JSON.stringify(given)], { name: 'ledger rows' })
}

const textIn = (cell: ExportCell): string => (cell === null ? '' : typeof cell === 'string' ? cell : cell.number)

/** Nobody who sees the ledger guesses a phone back from it without the tenant's secret. Empty text has no trace. */
export async function hasher(tx: Tx): Promise<(text: string) => bigint | null> {
  const { ledger: key } = await rootKeys(tx)
  return (text) => { const plain = plainly(text); return plain === '' ? null : createHmac('sha256', key).update(plain).digest().readBigInt64BE(0) }
}

/**
 * What remains of a value whatever a spreadsheet or a hand does to its looks: width, case, spaces, separators of thousands, of phones and of dates,
 * the country code of a mobile phone, zeros behind the point, the apostrophe before a formula.
 */
export function plainly(text: string): string {
  const flat = text.normalize('NFKC').replace(/[\u200b-\u200f\u2060\ufeff]/g, '').trim().replace(/^'/, '').toLowerCase()
  const number = /^[¥$]?\s*([+-]?\d[\d,]*(?:\.\d+)?)$/.exec(flat)?.[1]?.replaceAll(',', '')
  if (number) return mobile(number) ?? (number.includes('.') ? number.replace(/\.?0+$/, '') : number).replace(/^\+/, '')
  const bare = flat.replace(/[\s\-–—/.,:：，。、()（）'"]/g, '')
  return mobile(bare) ?? bare
}

const mobile = (digits: string): string | null => /^\+?(?:86)?(1\d{10})$/.exec(digits)?.[1] ?? null
