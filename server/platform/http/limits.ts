import { Refused, refuse } from '#contract'

export interface Limit { points: number; seconds: number }
export interface Limiter {
  /** Count one; refused RATE_LIMITED when there were too many. */
  take(key: string): Promise<void>
  /** Refused when there were too many, without counting. */
  check(key: string): Promise<void>
  forget(key: string): Promise<void>
  /** Take one back that turned out well: only failures are to count. */
  giveBack(key: string): Promise<void>
}

/** At most `points` per `seconds` and key, counted in this process. */
export function limiter(name: string, { points, seconds }: Limit): Limiter {
  const made = import('rate-limiter-flexible').then(({ RateLimiterMemory }) => new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }))
  const refusedFor = (ms: number): never => { throw new Refused(refuse('RATE_LIMITED', undefined, { seconds: Math.max(1, Math.ceil(ms / 1000)) })) }
  return {
    take: async (key) => void (await (await made).consume(key).catch((full: { msBeforeNext?: number }) => refusedFor(full.msBeforeNext ?? 1000))),
    check: async (key) => {
      const state = await (await made).get(key)
      if (state && state.consumedPoints >= points) refusedFor(state.msBeforeNext)
    },
    forget: async (key) => void (await (await made).delete(key)),
    giveBack: async (key) => void (await (await made).reward(key)),
  }
}
