import { refused } from '#contract'
import { lensOf, may, reachesAll, type Context, type LensField } from '#kernel/access'
import { holdingsOf } from '#kernel/records'
import { ids } from '#platform/db'
import { requireSeen, writerOf } from './drafts.ts'

export type Vals = Record<string, unknown>
/** A form that has not been saved: of a new record (`id` null; `about`: the record that it is made for), or of changes to a record that stands. */
export interface FormOf { object: string; id: string | null; about?: string | null }
/** `vals`: what was typed, by field, as the form keeps it. `rows`: of a new record, what hangs on it, by object. `version`: what the record was like when its changing began. */
export interface FormDraft { vals: Vals; rows: Record<string, Vals[]>; version: string | null; savedAt: Date }
export interface UnsavedForm { id: string; member: number; object: string; kind: 'create' | 'edit'; vals: Vals; begunAt: Date; savedAt: Date; givenUp: boolean }

const NOWHERE = '00000000-0000-0000-0000-000000000000'
const SHOWN = 50
const OPEN = 'member = $1 and object = $2 and record = $3 and kind = $4 and given_up_at is null'

/** The member's own open form; null: there is none, or nothing of it is theirs to write any more. Refused NOT_FOUND where they do not see the record or the object. */
export async function openForm(ctx: Context, of: FormOf): Promise<FormDraft | null> {
  const theirs = await theirFields(ctx, of)
  const [row] = await ctx.tx.query<{ vals: Vals; more: Partial<FormDraft> | null; savedAt: Date }>(`select vals, more, saved_at as "savedAt" from {t}.draft where ${OPEN}`, placeOf(ctx, of))
  const vals = only(row?.vals ?? {}, theirs)
  const rows = rowsOf(ctx, row?.more?.rows ?? {})
  return row && (Object.keys(vals).length > 0 || Object.keys(rows).length > 0) ? { vals, rows, version: row.more?.version ?? null, savedAt: row.savedAt } : null
}

/** What stands in the form now; nothing any more: it is given up. Only fields that they may write and, of a record that stands, read in full there: what is masked is nobody's words. */
export async function keepForm(ctx: Context, of: FormOf, { vals: typed, rows: lines = {}, version = null, gone }: Partial<FormDraft> & { gone?: readonly string[] | undefined }): Promise<void> {
  const [vals, rows] = [only(typed ?? {}, await theirFields(ctx, of)), rowsOf(ctx, lines)]
  if (of.id !== null && (gone !== undefined || Object.keys(vals).length > 0)) return keepFields(ctx, of, { vals, version, gone: gone ?? [] })
  if (Object.keys(vals).length === 0 && Object.keys(rows).length === 0) return giveUpForm(ctx, of)
  await ctx.tx.query(`insert into {t}.draft (id, member, object, record, kind, text, vals, more, begun_at, saved_at) values ($5, $1, $2, $3, $4, '', $6, $7, $8, $8)
    on conflict (member, object, record, kind) where given_up_at is null do update set vals = excluded.vals, more = excluded.more, saved_at = excluded.saved_at`, [...placeOf(ctx, of), ids.next(), JSON.stringify(vals), JSON.stringify({ rows, version }), ctx.now])
}

/** Field by field: others stay as they are kept, whoever keeps them from another device. When nothing is left it is given up as it stood. */
async function keepFields(ctx: Context, of: FormOf, { vals, version, gone }: { vals: Vals; version: string | null; gone: readonly string[] }): Promise<void> {
  const place = placeOf(ctx, of)
  if (Object.keys(vals).length === 0) {
    await ctx.tx.query(`update {t}.draft set given_up_at = $5 where ${OPEN} and vals - $6::text[] = '{}'`, [...place, ctx.now, gone])
    await ctx.tx.query(`update {t}.draft set vals = vals - $6::text[], saved_at = $5 where ${OPEN} and vals ?| $6::text[]`, [...place, ctx.now, gone])
    return
  }
  // What the record was like when the first of the fields that are still open began to change.
  await ctx.tx.query(`insert into {t}.draft as d (id, member, object, record, kind, text, vals, more, begun_at, saved_at) values ($5, $1, $2, $3, $4, '', $6, $7, $8, $8)
    on conflict (member, object, record, kind) where given_up_at is null do update set vals = (d.vals - $9::text[]) || excluded.vals, saved_at = excluded.saved_at,
      more = case when d.vals - $9::text[] - $10::text[] = '{}' then excluded.more else d.more end`, [...place, ids.next(), JSON.stringify(vals), JSON.stringify({ rows: {}, version }), ctx.now, gone, Object.keys(vals)])
}

/** Gone from its writer's sight, kept as it stood last. */
export async function giveUpForm(ctx: Context, of: FormOf): Promise<void> {
  await ctx.tx.query(`update {t}.draft set given_up_at = $5 where ${OPEN}`, [...placeOf(ctx, of), ctx.now])
}

/** It was saved: all of it, or of a record that stands these fields. */
export async function dropForm(ctx: Context, of: FormOf, saved: readonly string[] = []): Promise<void> {
  if (ctx.principal.kind !== 'member') return
  const place = placeOf(ctx, of)
  if (of.id !== null) await ctx.tx.query(`update {t}.draft set vals = vals - $5::text[] where ${OPEN}`, [...place, saved])
  await ctx.tx.query(`delete from {t}.draft where ${OPEN}${of.id === null ? '' : ` and vals = '{}'`}`, place)
}

/** Everybody's unsaved forms of new records, the newest first, of objects whose every record is in sight. Refused FORBIDDEN without the right to audit. */
export async function unsavedForms(ctx: Context): Promise<UnsavedForm[]> {
  if (!may(ctx, 'audit')) return refused('FORBIDDEN')
  const objects = [...ctx.metadata.objects.keys()].filter((key) => reachesAll(ctx, key, 'read'))
  const rows = await ctx.tx.query<UnsavedForm>(`${SELECT} where kind = 'create' and object = any($1) order by saved_at desc, id limit ${SHOWN}`, [objects])
  return rows.map((row) => ({ ...row, vals: inFull(ctx, row) })).filter(({ vals }) => Object.keys(vals).length > 0)
}

/** … of this record: its changes, and what was begun for it. Whoever asks may audit and sees it. */
export async function unsavedAbout(ctx: Context, { object, id }: { object: string; id: string }): Promise<UnsavedForm[]> {
  const rows = await ctx.tx.query<UnsavedForm>(`${SELECT} where record = $1 and ((kind = 'edit' and object = $2) or kind = 'create') order by saved_at desc, id limit ${SHOWN}`, [id, object])
  const lens = lensOf(ctx, object)
  const held = rows.length > 0 ? (await holdingsOf(ctx, lens, [id])).get(id) : undefined
  return rows.map((row) => ({ ...row, vals: inFull(ctx, row, (key) => row.kind === 'edit' && held?.get(key)?.state === 'full') })).filter(({ vals }) => Object.keys(vals).length > 0)
}

const SELECT = `select id, member, object, kind, vals, begun_at as "begunAt", saved_at as "savedAt", given_up_at is not null as "givenUp" from {t}.draft`

/** What this reader reads in full of such a record; what varies, where it is said to be in full. */
function inFull(ctx: Context, { object, vals }: UnsavedForm, whole: (key: string) => boolean = () => false): Vals {
  const lens = lensOf(ctx, object)
  return only(vals, (key) => { const read = lens.can('read') ? lens.field(key)?.read : undefined; return read === 'full' || (read === 'varies' && whole(key)) })
}

async function theirFields(ctx: Context, { object, id }: FormOf): Promise<(key: string) => boolean> {
  const lens = lensOf(ctx, object)
  if (id === null) return lens.can('create') || lens.can('read') ? (key) => entered(lens.field(key), lens.can('create')) : refused('NOT_FOUND')
  await requireSeen(ctx, { object, id })
  const held = (await holdingsOf(ctx, lens, [id])).get(id)
  return (key) => { const here = held?.get(key); return lens.writable.has(key) && (!here || (here.writable && here.state === 'full')) }
}

/** Whoever may only suggest a new record writes what they read. */
const entered = (field: LensField | undefined, creates: boolean): boolean => field !== undefined && (creates ? field.write : field.read === 'full')

/** Of the rows of a new record, by object. */
function rowsOf(ctx: Context, rows: Record<string, Vals[]>): Record<string, Vals[]> {
  return Object.fromEntries(Object.entries(rows).flatMap(([object, some]) => {
    const lens = lensOf(ctx, object)
    const kept = lens.can('create') ? some.map((vals) => only(vals, (key) => entered(lens.field(key), true))).filter((vals) => Object.keys(vals).length > 0) : []
    return kept.length > 0 ? [[object, kept]] : []
  }))
}

const only = (vals: Vals, keep: (key: string) => boolean): Vals => Object.fromEntries(Object.entries(vals).filter(([key]) => keep(key)))
const placeOf = (ctx: Context, { object, id, about }: FormOf): unknown[] => [writerOf(ctx), object, id ?? about ?? NOWHERE, id === null ? 'create' : 'edit']
