import type { Context } from '#kernel/access'
import type { RecordImage } from './types.ts'

/** Lock the load rows of these members in the one order of the house: before any record is locked. */
export function lockCapacity(_ctx: Context, _members: readonly number[]): Promise<void> { throw new Error('not written yet') }

/** Lock rows FOR UPDATE in id order and return them by id; ids that do not exist are absent, deleted rows are marked `gone`. Kernel use: no lens. One statement. */
export function lockRecords(_ctx: Context, _object: string, _ids: readonly string[]): Promise<Map<string, RecordImage>> { throw new Error('not written yet') }

/** As lockRecords, without locking. */
export function readRecords(_ctx: Context, _object: string, _ids: readonly string[]): Promise<Map<string, RecordImage>> { throw new Error('not written yet') }
