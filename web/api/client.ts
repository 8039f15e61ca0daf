import { MutationCache, QueryCache, QueryClient, keepPreviousData } from '@tanstack/react-query'
import { addressFor, ApiError, call, configure, proof } from '#contract/client'
import { lang } from '../i18n/index.ts'

export { addressFor, ApiError, call, configure, keepPreviousData, proof }

const signedOut = new Set<() => void>()
/** Told once the server no longer knows this session. */
export const onSignedOut = (listener: () => void) => { signedOut.add(listener); return () => { signedOut.delete(listener) } }

function notice(error: unknown): void {
  if (error instanceof ApiError && error.code === 'SIGN_IN_REQUIRED') for (const listener of signedOut) listener()
}

/** Unreachable or briefly away: worth another try by itself. A refusal is an answer. */
export const isAway = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504)

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: { staleTime: 15_000, gcTime: 300_000, retry: (count, error) => isAway(error) && count < 20, retryDelay: (count) => Math.min(500 * 2 ** count, 8000) },
    mutations: { retry: false },
  },
})

export const speak = (): void => configure({ lang: lang(), ...(viewing() && { viewAs: viewing()!.token }) })

/** Through whose eyes this tab looks. It begins and ends with a fresh page, so that nothing of the one is left in the other. */
export interface Viewing { token: string; name: string; expiresAt: string }
const VIEWING = 'nextmove.viewing'
export function viewing(): Viewing | null {
  try { return JSON.parse(sessionStorage.getItem(VIEWING) ?? 'null') as Viewing | null } catch { return null }
}
export async function viewAs(member: number, home: string): Promise<void> {
  sessionStorage.setItem(VIEWING, JSON.stringify(await call('viewAs', { body: { member } })))
  location.assign(home)
}
export function endViewing(to: string): void {
  sessionStorage.removeItem(VIEWING)
  location.assign(to)
}
