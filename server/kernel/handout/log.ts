import { randomUUID } from 'node:crypto'
import type { Context } from '#kernel/access'
import { appendChanges } from '#kernel/changes'

/** What left the house stands in the log for ever: who, when, from where, and what it was. One act, one statement. */
export async function logHandout(ctx: Context, kind: 'print' | 'export' | 'tracing' | 'copy', facts: Readonly<Record<string, unknown>>): Promise<void> {
  const { actor, cause, request } = ctx
  const fields = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, [null, value] as const]))
  await appendChanges(ctx, [{ actor, cause, ip: request?.ip ?? null, agent: request?.agent ?? null, request: request?.id ?? null }],
    [{ act: 0, object: `system:${kind}`, record: randomUUID(), recordVersion: 1, event: 'created', fields, todo: false }])
}
