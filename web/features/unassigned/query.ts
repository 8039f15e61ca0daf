import { useQuery } from '@tanstack/react-query'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'

/** Records of an object that wait for an owner; asked anew when one comes, goes or changes. */
export function useUnassigned(object: string) {
  const key = [...keys.object(object), 'unassigned']
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => call('unassigned', { params: { object } }, { signal }), refetchInterval: 60_000 })
  useLive(query.data ? { kind: 'list', object, filter: query.data.filter, sort: [{ field: 'created_at', direction: 'asc' }], limit: 100 } : null, () => void queries.invalidateQueries({ queryKey: key }))
  return query
}
