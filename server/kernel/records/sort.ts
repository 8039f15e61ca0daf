import { refuse, Refused } from '#contract'
import { BASE_FIELDS, type FieldKind, type Sort } from '#language/definitions'
import type { Context, Lens, Params } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import { columnsOf } from '#platform/db'
import type { ObjectPlan } from './plan.ts'

/** One key of an order: what is compared, and which way. `nullable`: empty values come last, whichever way. */
interface SortKey { field: string; sql: string; write: (lens: Lens, params: Params) => string; type: string; descending: boolean; nullable: boolean }
export interface Order { keys: readonly SortKey[]; idDescending: boolean }

/** The last row of a page: its sort values as text (null: empty), and its id. */
export interface Position { at: readonly (string | null)[]; id: string }

const ALWAYS_FILLED: ReadonlySet<string> = new Set(['created_at', 'updated_at'])
const INDEXED_BASE: ReadonlySet<string> = new Set(['created_at', 'updated_at', 'next_contact_at', 'last_activity_at', 'owner'])
const UNSORTED: ReadonlySet<FieldKind | 'tags'> = new Set(['multiselect', 'anyReference', 'file', 'members', 'tags', 'long'])
const NEWEST: readonly Sort[] = [{ field: 'created_at', direction: 'desc' }]

/** The order of a list through the lens. Refused FIELD_NOT_AVAILABLE; SORT_NOT_AVAILABLE for what has no index in a large object or no order at all. */
export async function orderOf(ctx: Context, plan: ObjectPlan, lens: Lens, wanted: readonly Sort[] | undefined): Promise<Order> {
  const sorts = wanted?.length ? wanted.slice(0, 2) : NEWEST
  const keys = sorts.map((sort) => keyOf(lens, sort))
  for (const { field } of keys) if (!(hasIndex(plan, field) && lens.field(field)!.read === 'full') && (await isLarge(ctx, plan))) throw new Refused(refuse('SORT_NOT_AVAILABLE', 'sort', { field }))
  // The index of created_at runs backwards beside ids that run forwards; all others run one way.
  const [first] = sorts
  return { keys, idDescending: (first!.direction === 'desc') !== (first!.field === 'created_at') }
}

function keyOf(lens: Lens, { field: key, direction }: Sort): SortKey {
  const field = lens.field(key)
  if (!field) throw new Refused(refuse('FIELD_NOT_AVAILABLE', 'sort', { field: key }))
  if (UNSORTED.has(field.kind)) throw new Refused(refuse('SORT_NOT_AVAILABLE', 'sort', { field: key }))
  const base = Object.hasOwn(BASE_FIELDS, key)
  const type = key === 'id' ? 'uuid' : base ? BASE_TYPES[field.kind]! : columnsOf({ key, kind: field.kind as FieldKind })[0]!.type
  const write = (its: Lens, params: Params) => `${its.field(key)!.column('r', params)}${field.kind === 'text' && !base ? ' COLLATE "zh-x-icu"' : ''}`
  return { field: key, sql: '', write, type, descending: direction === 'desc', nullable: !ALWAYS_FILLED.has(key) && key !== 'id' }
}

const BASE_TYPES: Partial<Record<FieldKind | 'tags', string>> = { datetime: 'timestamptz', member: 'int', team: 'int', text: 'text' }

const hasIndex = (plan: ObjectPlan, key: string): boolean => INDEXED_BASE.has(key) || key === 'id' || plan.object.field.get(key)?.sortable === true

const LARGE = 100_000
const sizes = new WeakMap<Metadata, Map<string, boolean>>()
/** Estimated once per epoch; the estimate itself is never shown. */
async function isLarge({ tx, metadata, tenant }: Context, { object }: ObjectPlan): Promise<boolean> {
  const known = sizes.get(metadata) ?? new Map<string, boolean>()
  sizes.set(metadata, known)
  if (!known.has(object.key)) {
    const [row] = await tx.query<{ large: boolean }>('select reltuples > $2 as large from pg_class where oid = to_regclass($1)', [object.table.replace('{t}', `"${tenant.schema}"`), LARGE])
    known.set(object.key, row?.large === true)
  }
  return known.get(object.key)!
}

/** The order in the words of one statement for this reader. */
export const written = (order: Order, lens: Lens, params: Params): Order => ({ ...order, keys: order.keys.map((key) => ({ ...key, sql: key.write(lens, params) })) })

/** Rows with a value in the first key come first, then those without: each phase reads its index from one end. */
export type Phase = 'filled' | 'empty'
export const phasesOf = ({ keys: [first] }: Order, from: Position | null): Phase[] => (!first!.nullable ? ['filled'] : from && from.at[0] === null ? ['empty'] : ['filled', 'empty'])

export function phaseSql({ keys: [first] }: Order, phase: Phase): string {
  if (!first!.nullable) return 'TRUE'
  return `${first!.sql} IS ${phase === 'filled' ? 'NOT NULL' : 'NULL'}`
}

/** The comparisons that make the order, in a phase: of the keys that can differ there, each later one with its empties last. */
interface Term { sql: string; type: string; descending: boolean; value: string | null }
function termsOf({ keys, idDescending }: Order, phase: Phase, from: Position | null): Term[] {
  const terms = keys.flatMap((key, i): Term[] => {
    if (i === 0 && phase === 'empty') return []
    const [value, term] = [from?.at[i] ?? null, { sql: key.sql, type: key.type, descending: key.descending }]
    if (i === 0 || !key.nullable) return [{ ...term, value }]
    return [{ sql: `(${key.sql} IS NULL)`, type: 'boolean', descending: false, value: String(from?.at[i] == null) }, { ...term, value }]
  })
  return [...terms, { sql: 'r.id', type: 'uuid', descending: idDescending, value: from?.id ?? null }]
}

export const orderSql = (order: Order, phase: Phase): string => termsOf(order, phase, null).map(({ sql, descending }) => `${sql} ${descending ? 'DESC' : 'ASC'}`).join(', ')

/** Rows after the position. One direction throughout is a row comparison; else it is written out, led by a bound that an index can use. */
export function afterSql(order: Order, phase: Phase, from: Position | null, params: Params): string {
  if (!from || (phase === 'empty' && from.at[0] !== null)) return 'TRUE'
  // An empty later key is told by its own term; comparing with it as well would say nothing.
  const terms = termsOf(order, phase, from).filter(({ value }) => value !== null)
  const placed = terms.map(({ value, type }) => params.add(value, type))
  const beyond = terms.map(({ sql, descending }, i) => [...terms.slice(0, i).map((each, j) => `${each.sql} = ${placed[j]}`), `${sql} ${descending ? '<' : '>'} ${placed[i]}`].join(' AND '))
  if (terms.length === 1) return beyond[0]!
  if (terms.every(({ descending }) => descending === terms[0]!.descending)) return `(${terms.map(({ sql }) => sql).join(', ')}) ${terms[0]!.descending ? '<' : '>'} (${placed.join(', ')})`
  return `(${terms[0]!.sql} ${terms[0]!.descending ? '<=' : '>='} ${placed[0]} AND (${beyond.map((part) => `(${part})`).join(' OR ')}))`
}

/** The sort values of a row, exactly as the database has them: our connections speak ISO and UTC, so an instant's text has all of it. */
export const positionSql = ({ keys }: Order): string => keys.map(({ sql }, i) => `(${sql})::text AS "$at${i}"`).join(', ')
