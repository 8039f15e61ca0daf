import { useQuery } from '@tanstack/react-query'
import type { ImportShape, RouteAnswer, Routes } from '#contract/api'
import { call } from '../../api/client.ts'

export type { ImportShape }
export type Opened = RouteAnswer<Routes['import']>
export type ImportedRow = RouteAnswer<Routes['importRows']>['rows'][number]
export type Outcome = NonNullable<ImportedRow['outcome']>

export const importKeys = { all: ['imports'] as const, past: (object: string) => ['imports', 'past', object] as const, one: (id: string) => ['imports', id] as const, preview: (id: string, of: unknown) => ['imports', id, 'preview', of] as const, rows: (id: string, of: unknown) => ['imports', id, 'rows', of] as const }

const LOOK_MS = 700
export const isActive = ({ state }: Pick<ImportShape, 'state'>): boolean => state === 'checking' || state === 'running' || state === 'undoing'

/** Looked at again while something is under way. */
export const useImport = (id: string) => useQuery({ queryKey: importKeys.one(id), queryFn: ({ signal }) => call('import', { params: { id } }, { signal }), refetchInterval: ({ state: { data } }) => (data && isActive(data.import) ? LOOK_MS : false) })
