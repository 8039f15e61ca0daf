import { useSuspenseQuery } from '@tanstack/react-query'
import type { Me } from '#contract/api'
import { call, queries } from './client.ts'
import { setClock } from './clock.ts'
import { keys } from './keys.ts'

export const stateQuery = { queryKey: keys.state, queryFn: () => call('authState', {}), staleTime: 5_000 } as const
export const meQuery = { queryKey: keys.me, queryFn: () => call('me', {}), staleTime: Infinity } as const

export const useMe = (): Me => useSuspenseQuery(meQuery).data

/** A new person sits here: nothing of the one before may remain in memory. */
export function enter(me: Me): void {
  queries.clear()
  queries.setQueryData(keys.me, me)
}

export async function leave(): Promise<void> {
  await call('signOut', {})
  queries.clear()
}

/** Where the tests or the demo have moved the clock to. */
export const readClock = async (): Promise<void> => setClock((await call('clock', {})).now)
