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

/** Answers where the company's own session is ended, for the browser to go to next; null: nowhere. */
export async function leave(): Promise<string | null> {
  const { leave: next } = await call('signOut', {})
  queries.clear()
  return next
}

/** Out, whatever the server says, and on to the page that follows. */
export const signOutTo = (fallback: string): void => void leave().catch(() => null).then((next) => location.assign(next ?? fallback))

/** Where the tests or the demo have moved the clock to. */
export const readClock = async (): Promise<void> => setClock((await call('clock', {})).now)
