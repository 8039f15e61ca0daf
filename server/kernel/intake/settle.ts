import { Refused, refuse, refused } from '#contract'
import type { Actor, Context } from '#kernel/access'
import { appendChanges } from '#kernel/changes'
import type { Form } from '#language/definitions'
import type { Tx } from '#platform/db'
import type { IntakePorts } from './ports.ts'
import { submitBatch } from './submit.ts'
import type { IntakeStatus, Submission } from './types.ts'

export type SubmissionStatus = 'accepted' | 'quarantined' | 'refused' | 'corrected' | 'dismissed'
/** A submission as it is kept. `act` settled it. */
export interface KeptSubmission { id: string; form: string; object: string; at: Date; status: SubmissionStatus; reason: string | null; body: string; contentType: string | null; ip: string | null; agent: string | null; record: string | null; act: number | null; settledAt: Date | null; settledReason: string | null; actor: { kind: Actor['kind']; ref: string } | null }

const COLUMNS = `r.id, r.form, r.object, r.received_at as at, r.status, r.reason, r.body, r.content_type as "contentType", r.ip, r.agent, r.record, r.act, a.at as "settledAt", a.reason as "settledReason",
  case when a.id is null then null else json_build_object('kind', a.actor_kind, 'ref', a.actor_ref) end as actor`
const FROM = '{t}.raw_intake r left join {t}.act a on a.id = r.act'

export interface SubmissionQuery { status: SubmissionStatus; forms: readonly string[]; before: { at: string; id: string } | null; limit: number }

/** Submissions of these forms, newest first. One statement. */
export const submissionsOf = (tx: Tx, { status, forms, before, limit }: SubmissionQuery): Promise<KeptSubmission[]> =>
  tx.query<KeptSubmission>(`select ${COLUMNS} from ${FROM} where r.status = $1 and r.form = any($2::text[]) and ($3::timestamptz is null or (r.received_at, r.id) < ($3, $4::uuid)) order by r.received_at desc, r.id desc limit $5`,
    [status, forms, before?.at ?? null, before?.id ?? null, limit], { name: 'submissions' })

/** How many wait. */
export async function waitingSubmissions(tx: Tx, forms: readonly string[]): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`select count(*)::int as n from {t}.raw_intake where status = 'quarantined' and form = any($1::text[])`, [forms], { name: 'submissions waiting' })
  return row!.n
}

/** What a record was made of and what joined it, newest first. */
export const submissionsBehind = (tx: Tx, object: string, record: string): Promise<KeptSubmission[]> =>
  tx.query<KeptSubmission>(`select ${COLUMNS} from ${FROM} where r.object = $1 and r.record = $2 order by r.received_at desc limit 50`, [object, record], { name: 'submissions behind' })

/** One of them, locked until the end of the transaction. Refused NOT_FOUND. */
export async function lockSubmission(tx: Tx, id: string): Promise<KeptSubmission> {
  const [found] = await tx.query<KeptSubmission>(`select ${COLUMNS} from ${FROM} where r.id = $1 for update of r`, [id])
  return found ?? refused('NOT_FOUND')
}

/** The answers of a body as it was kept; nothing when it cannot be read. */
export function answersIn({ body, contentType }: Pick<KeptSubmission, 'body' | 'contentType'>): Record<string, unknown> {
  if (contentType?.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body))
  try {
    const read: unknown = JSON.parse(body)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export interface Correction { form: Form; answers: Readonly<Record<string, string | number | boolean>>; ipRegion: string | null }

/**
 * Carry a waiting submission through intake again, with what a colleague corrected: the same path as everybody's, the old body stays
 * beside the new one and the log says who did it. A person has looked: the trap for machines no longer counts.
 * Refused SUBMISSION_SETTLED, SUBMISSION_UNREADABLE, and whatever intake and the record's own rules refuse.
 */
export async function correct(ctx: Context, kept: KeptSubmission, { form, answers, ipRegion }: Correction, ports: IntakePorts): Promise<{ id: string; status: Exclude<IntakeStatus, 'quarantined'> }> {
  if (kept.status !== 'quarantined') refused('SUBMISSION_SETTLED')
  const { [form.honeypot]: _, ...said } = answersIn(kept)
  const body = { ...said, ...answers }
  const submission: Submission = { form, body, raw: JSON.stringify(body), contentType: 'application/json', ip: kept.ip, ipRegion, agent: kept.agent, request: ctx.request?.id ?? '', lang: ctx.request?.lang ?? 'zh' }
  const [result] = await submitBatch(ctx.tx, [submission], ports)
  if (!result!.ok) throw new Refused(result!.refusal)
  const { id, status, reason } = result!.answer
  if (status === 'quarantined') throw new Refused(refuse('SUBMISSION_UNREADABLE', form.identity.field, { reason: reason ?? '', reasonEn: reason ?? '' }))
  await settle(ctx, kept, { status: 'corrected', record: id })
  return { id, status }
}

export async function dismiss(ctx: Context, kept: KeptSubmission, reason: string): Promise<void> {
  if (kept.status !== 'quarantined') refused('SUBMISSION_SETTLED')
  await settle(ctx, kept, { status: 'dismissed', reason })
}

/** A dismissed one waits again. */
export async function reopen(ctx: Context, kept: KeptSubmission): Promise<void> {
  if (kept.status !== 'dismissed') refused('SUBMISSION_SETTLED')
  await settle(ctx, kept, { status: 'quarantined' })
}

/** One act and its change, under the log's name of submissions. */
async function settle({ tx, actor, cause, request, ...ctx }: Context, kept: KeptSubmission, to: { status: SubmissionStatus; record?: string; reason?: string }): Promise<void> {
  const [last] = await tx.query<{ version: number }>(`select coalesce(max(record_version), 0) as version from {t}.change where record = $1`, [kept.id], { name: 'last of a submission' })
  const [logged] = await appendChanges({ ...ctx, tx, actor, cause, request }, [{ actor, cause, reason: to.reason, ip: request?.ip ?? null, agent: request?.agent ?? null, request: request?.id ?? null }],
    [{ act: 0, object: 'system:submission', record: kept.id, recordVersion: last!.version + 1, event: 'changed', fields: { status: [kept.status, to.status] }, todo: false }])
  await tx.query(`update {t}.raw_intake set status = $2, record = $3, act = $4 where id = $1`, [kept.id, to.status, to.record ?? null, to.status === 'quarantined' ? null : logged!.act], { name: 'settle submission' })
}
