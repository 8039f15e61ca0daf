import { type ErrorCode, Refused } from '#contract'
import type { Route } from '#contract/api'
import { memberContext } from '#kernel/access'
import { appendChanges } from '#kernel/changes'
import { actOf } from '#kernel/records'
import { limiter } from '#platform/http'
import { ids } from '#platform/db'
import type { Parts } from './parse.ts'
import type { Call } from './types.ts'

/** Somebody tried what is not theirs to do. */
const TOLD: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['FORBIDDEN', 'RECORD_LOCKED', 'GRANT_EXCEEDS_OWN', 'POLICY_TAG_PROTECTED', 'POLICY_FIELD_PROTECTED', 'DELETION_OWN', 'DELETION_TOO_MANY', 'SCOPE_MISSING'])
/** Whoever tries more often than this within ten minutes is in the log already. */
const noted = limiter('refusals', { points: 40, seconds: 600 })

/** A refused attempt stands in the log: who, from where, what, and why not. What cannot be noted never keeps the answer back. */
export async function noteRefusal(route: Route, { api, tenant, signedIn, facts }: Call, { params, body }: Parts, error: unknown): Promise<void> {
  if (!(error instanceof Refused) || !TOLD.has(error.refusal.code) || !signedIn) return
  const [given, said] = [params as Record<string, unknown>, body as Record<string, unknown>].map((each) => each ?? {}) as [Record<string, unknown>, Record<string, unknown>]
  const object = given['object'] ?? said['object']
  const record = given['id'] ?? said['id']
  const fields = { route: [null, route.summary.zh], code: [null, error.refusal.code], ...(typeof object === 'string' && { object: [null, object] }), ...((typeof record === 'string' || typeof record === 'number') && { record: [null, record] }), ...(error.refusal.path && { path: [null, error.refusal.path] }) } as Record<string, readonly [null, unknown]>
  await noted.take(`${tenant.id}:${signedIn.member}`)
    .then(() => api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn.member, facts)
      await appendChanges(ctx, [actOf(ctx)], [{ act: 0, object: 'system:refusal', record: ids.next(), recordVersion: 1, event: 'created', fields, todo: false }])
    }))
    .catch((err: unknown) => { if (!(err instanceof Refused)) api.log.warn({ err }, 'refusal') })
}
