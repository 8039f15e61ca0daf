import { call } from '../../api/client.ts'
import { setClock } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'

export const workbenchQuery = {
  queryKey: keys.workbench,
  queryFn: async () => {
    const answer = await call('workbench', {})
    setClock(answer.now)
    return answer
  },
  refetchInterval: 120_000,
} as const
