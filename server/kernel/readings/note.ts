import type { Context, RequestFacts } from '#kernel/access'
import type { RecordView } from '#kernel/records'
import type { Tenant } from '#platform/db'
import { keptFrom } from './kept-from.ts'

/** One member's reading of one record, as it waits to be written down. */
export interface Reading { member: number; object: string; record: string; fields: readonly string[]; request: RequestFacts | null }

interface Waiting { tenant: Tenant; readings: Reading[] }
const waiting = new Map<number, Waiting>()
/** Told lately; the older half goes every ten minutes. */
let [lately, before, turned] = [new Set<string>(), new Set<string>(), 0]
const AGAIN_MS = 600_000
/** A reader of thousands of pages is in the log by then. */
const MOST = 5_000

/** What this member has just been given of what policies keep from others: a look at two sets per record, and no statement. */
export function noteReadings({ metadata, principal, actor, request, tenant }: Context, object: string, records: readonly RecordView[]): void {
  const guarded = keptFrom(metadata, object)
  if (guarded.length === 0 || principal.kind !== 'member' || actor.kind !== 'member') return
  turn()
  for (const { id, values, held } of records) {
    const fields = guarded.filter((key) => values[key] !== undefined && values[key] !== null && (held?.[key]?.read ?? 'full') === 'full')
    const name = `${tenant.id} ${actor.id} ${id} ${fields.join()}`
    if (fields.length === 0 || lately.has(name) || before.has(name)) continue
    lately.add(name)
    const there = waiting.get(tenant.id) ?? { tenant, readings: [] }
    if (there.readings.length < MOST) there.readings.push({ member: actor.id, object, record: id, fields, request })
    waiting.set(tenant.id, there)
  }
}

function turn(): void {
  const now = performance.now()
  if (now - turned < AGAIN_MS) return
  ;[before, lately, turned] = [lately, new Set(), now]
}

/** Everything that waits, once. */
export function takeWaiting(): Waiting[] {
  const all = [...waiting.values()]
  waiting.clear()
  return all
}
