import type { Context } from '#kernel/access'
import { noteErased, noteErasedActs } from '#kernel/sealing'
import { hasInitials, initialsOf } from '#platform/db'
import type { ObjectMetadata } from '#kernel/metadata'
import { rehash, rewriteNoted } from './wipe.ts'
import { hints, likes, swapped, swappedIn, swapper, type PersonWords } from './words.ts'

/** Tables that hold nobody's words, or none but the members' own; the log has its own way. */
const LEFT: ReadonlySet<string> = new Set(['state', 'tag', 'team', 'member', 'session', 'one_time_link', 'api_key', 'signing_key', 'push_key', 'todo', 'unsealed', 'seal_leaf', 'seal_block', 'seal_salt', 'seal_erased', 'seal_erased_act', 'export_row', 'act', 'change'])

interface Column { table: string; name: string; type: string }
interface Table { name: string; texts: Column[]; ids: string[] }
export interface Sweep { words: PersonWords; near: readonly string[]; everywhere: boolean; act: number }
export interface Swept { mentions: number; changes: number; acts: number }

/**
 * Wherever else a person's contact points stand, and their name – near them, or in the whole tenant – a word stands for them afterwards: in every
 * text of every table, whatever room it belongs to. The whole tenant is read.
 */
export async function sweep(ctx: Context, wish: Sweep): Promise<Swept> {
  const { words } = wish
  if (words.strong.length + words.names.length === 0) return { mentions: 0, changes: 0, acts: 0 }
  let mentions = 0
  for (const table of await tablesOf(ctx)) mentions += await sweepTable(ctx, table, wish)
  return { mentions, ...(await sweepLog(ctx, wish)) }
}

async function tablesOf({ tx }: Context): Promise<Table[]> {
  const columns = await tx.query<Column>(`select c.relname as "table", a.attname as name, format_type(a.atttypid, null) as type from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = (select relnamespace from pg_class where oid = '{t}.state'::regclass) and c.relkind = 'r' order by c.relname, a.attnum`)
  return [...Map.groupBy(columns.filter(({ table }) => !LEFT.has(table)), ({ table }) => table)].map(([name, all]) => ({
    name, texts: all.filter((column) => TEXTS.has(column.type) && !/__(object|initials)$/.test(column.name)),
    // A record is near by its own id: its log must say the same as its row.
    ids: name.startsWith('o_') ? ['id'] : all.filter(({ type }) => type === 'uuid').map((column) => column.name),
  })).filter(({ texts }) => texts.length > 0)
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'character varying', 'jsonb', 'json', 'text[]'])

/**
 * Rows in which a word is meant: $1 contact points, $2 names, $3 the records near which a name means the person, $4 anywhere, $5 what one of them has
 * in common with every row that holds it. Nearly every row holds none of that: its text is looked at once, by its bytes.
 */
function meant(text: string, near: string): string {
  const said = `lower((${text}) collate "C")`
  return `(${said} like any($5::text[]) and (${said} like any($1::text[]) or (${said} like any($2::text[]) and ($4::boolean or ${near}))))`
}
function given({ words, near, everywhere }: Sweep): unknown[] {
  return [likes(words.strong), likes(words.names), near, everywhere, hints([...words.strong, ...words.names])]
}

async function sweepTable(ctx: Context, { name, texts, ids }: Table, wish: Sweep): Promise<number> {
  const object = name.startsWith('o_') ? ctx.metadata.objects.get(name.slice(2)) : undefined
  const joined = `concat_ws(E'\\n', ${texts.map((column) => (column.type === 'text[]' ? `array_to_string(t."${column.name}", E'\\n')` : `t."${column.name}"::text`)).join(', ')})`
  const near = ids.length > 0 ? ids.map((column) => `t."${column}" = any($3::uuid[])`).join(' or ') : 'cardinality($3::uuid[]) < 0'
  const rows = await found(ctx, { name, meant: meant(joined, near), shown: [...(object ? ['t.id as "$id"'] : []), ...texts.map((column) => `t."${column.name}"`)].join(', ') }, wish)
  const swap = swapper([...wish.words.strong, ...wish.words.names])
  const changed = rows.map((row) => swappedRow(row, texts, { object, swap })).filter((row) => row !== null)
  if (changed.length === 0) return 0
  const also = object ? texts.flatMap((column) => initialsBeside(object, column)) : []
  const list = [...texts.map(({ name: each, type }) => ({ each, type })), ...also.map(({ beside }) => ({ each: beside, type: 'text' }))]
  const withInitials = changed.map((row) => Object.assign(row, Object.fromEntries(also.map(({ of, beside }) => [beside, typeof row[of] === 'string' ? initialsOf(row[of]) : null]))))
  await ctx.tx.query(`update {t}."${name}" t set ${list.map(({ each }) => `"${each}" = x."${each}"`).join(', ')} from json_to_recordset($1) as x("$at" text, ${list.map(({ each, type }) => `"${each}" ${type}`).join(', ')}) where t.ctid = x."$at"::tid`, [JSON.stringify(withInitials)])
  if (object?.immutable) await rehashNoted(ctx, object.key, changed.map((row) => row['$id'] as string), wish.act)
  return changed.length
}

interface Look { name: string; meant: string; shown: string }
const AGAIN = 5

/** Looked for first, so that several processors may look at once, and locked then; again where one has moved in between. */
async function found({ tx }: Context, { name, meant: sql, shown }: Look, wish: Sweep): Promise<Record<string, unknown>[]> {
  for (let round = 1; ; round++) {
    const places = await tx.query<{ at: string }>(`select t.ctid::text as at from {t}."${name}" t where ${sql}`, given(wish))
    if (places.length === 0) return []
    const known = new Set(places.map(({ at }) => at))
    const rows = await tx.query<Record<string, unknown>>(`select t.ctid::text as "$at", ${shown} from {t}."${name}" t where t.ctid = any($1::tid[]) for update`, [[...known]])
    if (rows.length === known.size && rows.every((row) => known.has(row['$at'] as string))) return rows
    if (round === AGAIN) throw new Error(`${name}: its rows are being written all the time`)
  }
}

/** Null: none of its texts changes. */
function swappedRow(row: Record<string, unknown>, texts: readonly Column[], { object, swap }: { object: ObjectMetadata | undefined; swap: (text: string) => string }): Record<string, unknown> | null {
  const after = texts.map(({ name }) => (object ? swappedIn(object.fields.find(({ key }) => `f_${key}` === name), row[name], swap) : swapped(row[name], swap)))
  if (texts.every(({ name }, i) => after[i] === row[name])) return null
  return { ...row, ...Object.fromEntries(texts.map(({ name }, i) => [name, after[i]])) }
}

function initialsBeside({ fields }: ObjectMetadata, { name }: Column): { of: string; beside: string }[] {
  const field = fields.find(({ key }) => `f_${key}` === name)
  return field && hasInitials(field) ? [{ of: name, beside: `${name}__initials` }] : []
}

async function rehashNoted(ctx: Context, object: string, ids: readonly string[], act: number): Promise<void> {
  const births = await ctx.tx.query<{ seq: number }>('select seq from {t}.change where record = any($1::uuid[]) and object = $2 and record_version = 1', [ids, object])
  await noteErased(ctx.tx, births.map(({ seq }) => seq), act)
  await rehash(ctx, object, ids)
}

async function sweepLog(ctx: Context, wish: Sweep): Promise<Pick<Swept, 'changes' | 'acts'>> {
  const swap = swapper([...wish.words.strong, ...wish.words.names])
  const changes = await ctx.tx.query<{ seq: number; object: string; fields: Record<string, unknown> }>(`select t.seq, t.object, t.fields from {t}.change t where ${meant('t.fields::text', 't.record = any($3::uuid[])')}`, given(wish))
  const rewritten = changes.map(({ seq, object, fields }) => ({ seq, before: fields, fields: swappedFields(ctx.metadata.objects.get(object), fields, swap) })).filter(({ before, fields }) => Object.keys(fields).some((key) => fields[key] !== before[key]))
  const noted = await rewriteNoted(ctx, rewritten.map(({ seq, fields }) => ({ seq, fields })), wish.act)
  const acts = await ctx.tx.query<{ id: number; reason: string | null; cause: unknown }>(`select t.id, t.reason, t.cause from {t}.act t where ${meant(`concat_ws(E'\\n', t.reason, t.cause::text)`, 'exists (select from {t}.change c where c.act = t.id and c.record = any($3::uuid[]))')}`, given(wish))
  const said = acts.map(({ id, reason, cause }) => ({ id, reason: reason === null ? null : swap(reason), cause: swapped(cause, swap) }))
  const notedActs = await noteErasedActs(ctx.tx, said.map(({ id }) => id), wish.act)
  if (said.length > 0) await ctx.tx.query('update {t}.act a set reason = x.reason, cause = x.cause from json_to_recordset($1) as x(id bigint, reason text, cause jsonb) where a.id = x.id', [JSON.stringify(said)])
  return { changes: noted, acts: notedActs }
}

function swappedFields(object: ObjectMetadata | undefined, fields: Record<string, unknown>, swap: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, pair]) => {
    const field = object?.fields.find((each) => each.key === key)
    if (!Array.isArray(pair)) return [key, swapped(pair, swap)]
    const after = pair.map((value) => swappedIn(field, value, swap))
    return [key, after.every((value, i) => value === pair[i]) ? pair : after]
  }))
}
