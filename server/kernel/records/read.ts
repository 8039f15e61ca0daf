import type { Context } from '#kernel/access'
import type { Condition } from '#language/conditions'
import type { Count, ListPage, ListQuery, RecordView } from './types.ts'

/** One page of what the reader may see, keyset-paged, newest first unless sorted. Refused NOT_FOUND (object), FIELD_NOT_AVAILABLE, CONDITION_INVALID, CURSOR_INVALID. One statement. */
export function listRecords(_ctx: Context, _object: string, _query: ListQuery): Promise<ListPage> { throw new Error('not written yet') }

/** One record with `fields` (default: all readable). Refused NOT_FOUND, the same for unknown and invisible. */
export function getRecord(_ctx: Context, _object: string, _id: string, _fields?: readonly string[]): Promise<RecordView> { throw new Error('not written yet') }

/** Exact up to 10,000, then `{atLeast: 10000}`. */
export function countRecords(_ctx: Context, _object: string, _query: Pick<ListQuery, 'filter' | 'search'>): Promise<Count> { throw new Error('not written yet') }

export interface AggregateQuery { filter?: Condition | undefined; search?: string | undefined; groupBy?: string | undefined; sum?: string | undefined }
/** `key` null: the field is empty. `sum` is a decimal string; null when nothing was summed. */
export interface Bucket { key: string | number | boolean | null; count: number; sum: string | null }
/** Rows counted (and one numeric field summed) per value of `groupBy`; through effective values. At most 200 buckets, largest first. */
export function aggregate(_ctx: Context, _object: string, _query: AggregateQuery): Promise<Bucket[]> { throw new Error('not written yet') }
