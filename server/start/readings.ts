import { keepReadings } from '#kernel/readings'
import type { OpenDatabase } from '#platform/db'
import type { Log } from '#platform/telemetry'

const EVERY_MS = 2_000

/** What was read of what policies keep from others is written down soon after, and when the house closes. */
export function startReadings(db: OpenDatabase, log: Log): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve()
  const keep = () => { working = working.then(() => keepReadings(db)).catch((err: unknown) => log.warn({ err }, 'readings')) }
  const timer = setInterval(keep, EVERY_MS).unref()
  return async () => { clearInterval(timer); keep(); await working }
}
