import type { Tx } from '#platform/db'
import type { ChangeRow, HistoryPage } from './types.ts'

/** Changes of one record, newest first; `before` is a seq of that record. Unfiltered: callers pass it through a lens. */
export function changesOf(_tx: Tx, _object: string, _record: string, _page: HistoryPage): Promise<ChangeRow[]> { throw new Error('not written yet') }

/** What the log alone says a record is; null when it has no entry. */
export function rebuild(_changes: readonly ChangeRow[]): { values: Record<string, unknown>; recordVersion: number; gone: boolean } | null { throw new Error('not written yet') }
