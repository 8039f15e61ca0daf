import { kernelContext } from '#kernel/access'
import { reportAnomalies } from '#kernel/anomalies'
import type { OpenDatabase } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { workedBetween } from '#language/values'

const EVERY_MS = 10 * 60_000
const HALF = 1_800_000

/** Asks the log of every tenant now and then what looks wrong in it. */
export function startAnomalies(db: OpenDatabase, log: Log): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve()
  const look = async () => {
    for (const tenant of await db.tenants()) await db.mutate(tenant, async (tx) => {
      const ctx = await kernelContext(tx, { kind: 'system', reason: 'anomalies' }, { kind: 'timer' })
      const place = { zone: tenant.zone, calendar: ctx.metadata.calendar }
      await reportAnomalies(ctx, (at) => workedBetween(at.getTime() - HALF, at.getTime() + HALF, place) > 0)
    })
  }
  const timer = setInterval(() => { working = working.then(look).catch((err: unknown) => log.warn({ err }, 'anomalies')) }, EVERY_MS).unref()
  return async () => { clearInterval(timer); await working }
}
