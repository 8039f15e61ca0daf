import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { appendChanges, type FieldChanges, virtualQueue } from '#kernel/changes'
import { actOf } from '#kernel/records'
import { branchAt, branchOf, stepsIn, type Rule } from '#language/definitions'
import { ids, type Tx } from '#platform/db'
import type { Event, ToldBy, WaitDraft, WaitPlace } from './types.ts'
import { waitKeySql, waitPayloadSql } from './types.ts'

/** What somebody may do about a run. `go`: it waits no longer; `met`, `late`: as if what it waits for had come, or its time were over. `restore`: back from `cancel` and `dismiss`. `skip`: on without one step. */
export const RUN_DECISIONS = ['retry', 'dismiss', 'go', 'met', 'late', 'cancel', 'restore', 'skip'] as const
export type RunDecision = (typeof RUN_DECISIONS)[number]
/** The word that a run has asked for. */
export type Word = 'approve' | 'refuse'

/** A run by its beginning, and where it stands: `wait` null: it waits for nothing. */
export interface Standing { event: number; rule: string; status: string; settled: string | null; object: string; record: string; wait: Pick<WaitDraft, 'state' | 'kind'> | null }

/** What may be decided now. `isSame`: the rule is as it was when the run began; begun again without a step, it is that rule’s step. Waiting goes on only while the rule is on; a grading is retaken by itself. */
export function decisionsFor({ status, settled, rule, wait }: Pick<Standing, 'status' | 'settled' | 'rule' | 'wait'>, isOn: boolean, isSame = true): RunDecision[] {
  const undo = settled === 'dismissed' ? (['restore'] as const) : (['dismiss'] as const)
  if (wait?.state === 'cancelled') return ['restore']
  if (wait?.state === 'failed') return [...(isOn ? (['retry', 'skip'] as const) : []), ...undo]
  if (wait) return [...(!isOn ? [] : wait.kind === 'condition' ? (['met', 'late'] as const) : wait.kind === 'approval' ? (['late'] as const) : (['go'] as const)), 'cancel']
  if (status === 'parked') return settled === 'retried' ? [] : ['retry', ...undo]
  if (status !== 'failed' || settled === 'retried' || rule.startsWith('grading:')) return []
  return [...(isOn ? (['retry', ...(isSame ? (['skip'] as const) : [])] as const) : []), ...undo]
}

/** What may be decided now about one branch of a run that is not called off as a whole. */
export function branchDecisions({ state, kind }: NonNullable<Standing['wait']>, isOn: boolean): RunDecision[] {
  if (state === 'dismissed') return ['restore']
  const all = decisionsFor({ status: 'waiting', settled: null, rule: '', wait: { state, kind } }, isOn)
  // One that has yet to begin is under way already.
  return kind === 'begin' && state !== 'failed' ? ['dismiss'] : all.map((each) => (each === 'cancel' ? 'dismiss' : each))
}

/** What may be decided now about a run (`branch` empty) or about one branch of it, by where all of it stands. */
export function decisionsAbout(run: Pick<Standing, 'status' | 'settled' | 'rule'>, waits: readonly Pick<WaitDraft, 'branch' | 'state' | 'kind'>[], { branch, on, isSame }: { branch: string; on: boolean; isSame?: boolean }): RunDecision[] {
  const wait = waits.find((each) => each.branch === branch)
  if (branch === '') return decisionsFor({ ...run, wait: wait ?? null }, on, isSame)
  // Inside one that is not waited for there is nothing to decide: it comes back with the one around it.
  return wait && isStanding(waits) && !waits.some((each) => each.state === 'dismissed' && branch.startsWith(`${each.branch}.`)) ? branchDecisions(wait, on) : []
}

/** `key`, `version`, `on`: the rule as it is now; `branch`: the one that it is about, by its path; `by`: the member who decided, with the reason and the step that was named. */
interface Decided { run: number; rule: string; branch: string; decision: RunDecision | Word; version: number; on: boolean; timer?: NonNullable<Event['timer']> | null; by: number | null; reason: string | null; step: string | null }

/**
 * Carries out what somebody has decided about a run. What a run has done stays done: it is taken back where acts are. `retry` after a wait goes on from there;
 * a run that failed at its beginning begins again, with the rule as it is now, on the record as it then stands. Refused NOT_FOUND, RUN_SETTLED.
 */
export async function decideRun(ctx: Context, { event, rule, branch = '' }: { event: number; rule: string; branch?: string | undefined }, decision: RunDecision, { step = null, reason = null }: { step?: string | null; reason?: string | null } = {}): Promise<void> {
  const { tx, metadata } = ctx
  const [standing] = await tx.query<Standing & { version: number; seen: { timer?: Decided['timer'] } | null }>(`select r.event, r.rule, r.version, r.status, r.settled, r.object, r.record, r.seen from {t}.run r where r.event = $1 and r.rule = $2 and r.head is null for update`, [event, rule])
  if (!standing) return refused('NOT_FOUND')
  // The timer before the wait, as who carries it on takes them.
  const waits = await lockWaits(tx, { run: event, rule, branch })
  const now = metadata.rules.get(rule)
  const on = now?.state === 'active'
  if (!decisionsAbout(standing, waits, { branch, on, isSame: now?.version === standing.version }).includes(decision)) refused('RUN_SETTLED')
  if (decision === 'skip') await checkSkip(tx, { rule, version: standing.version, step, reason })
  await settleRun(tx, { run: event, rule, branch, decision, version: now?.version ?? 0, on, timer: standing.seen?.timer ?? null, by: ctx.actor.kind === 'member' ? ctx.actor.id : null, reason, step })
  const decided = await logDecision(ctx, { run: event, rule, branch, decision, version: now?.version ?? 0, object: standing.object, record: standing.record, step, reason })
  if (branch === '') await tx.query('update {t}.run set decided = $3 where event = $1 and rule = $2', [event, rule, decided])
}

/** Of a run: one of its branches, with those inside it and around it; all of them where `branch` is empty. */
const ABOUT = `w.run = $1 and w.rule = $2 and (starts_with(w.branch || '.', $3 || case $3 when '' then '' else '.' end) or w.branch = '' or starts_with($3, w.branch || '.'))`
const TIMERS = `from {t}.timer where key = any(array(select ${waitKeySql('w')} from {t}.wait w where ${ABOUT})) order by key for update`

/**
 * Where a run or one of its branches stands, kept from everybody else: the timers before the waits, as who carries it on takes them. The timers of other branches
 * are left alone: whoever has to ring them does not wait. Timers that were set meanwhile are not waited for with waits in hand: 55P03 lets the transaction begin again.
 */
export async function lockWaits(tx: Tx, { run, rule, branch }: WaitPlace): Promise<Pick<WaitDraft, 'branch' | 'state' | 'kind'>[]> {
  const place = [run, rule, branch]
  await tx.query(`select ${TIMERS}`, place)
  const waits = await tx.query<Pick<WaitDraft, 'branch' | 'state' | 'kind'>>(`select w.branch, w.state, w.kind from {t}.wait w where ${ABOUT} order by w.branch for update`, place)
  await tx.query(`select ${TIMERS} nowait`, place)
  return waits
}
const isStanding = (waits: readonly Pick<WaitDraft, 'branch' | 'state'>[]): boolean => waits.some(({ branch, state }) => branch === '' && state !== 'cancelled')

/** Refused VALUE_REQUIRED without a reason, NOT_FOUND for a step that the run does not have. */
async function checkSkip(tx: Tx, { rule, version, step, reason }: { rule: string; version: number; step: string | null; reason: string | null }): Promise<void> {
  if (!reason?.trim()) refused('VALUE_REQUIRED', 'reason', { field: '原因', fieldEn: 'reason' })
  const [then] = await tx.query<{ body: Rule | null }>(`select body from {t}.definition_version where kind = 'rule' and key = $1 and version = $2`, [rule, version])
  if (!stepsIn(then?.body?.actions ?? []).some(({ path }) => path === step)) refused('NOT_FOUND', 'step')
}

export interface LoggedDecision { run: number; rule: string; branch: string; decision: RunDecision | Word; version: number; object: string; record: string; step: string | null; reason: string | null }

/** Who decided what about a run, with the reason where one was given. Answers the number of its change. */
export async function logDecision(ctx: Context, { run, rule, branch, decision, version, object, record, step, reason }: LoggedDecision): Promise<number> {
  const fields: FieldChanges = { decision: [null, decision], rule: [null, rule], run: [null, run], version: [null, version], about: [null, { object, id: record }], ...(branch && { branch: [null, branch] as const }), ...(step !== null && { step: [null, step] }), ...(reason !== null && { reason: [null, reason] }) }
  const [logged] = await appendChanges(ctx, [{ ...actOf(ctx), ...(reason !== null && { reason }) }], [{ act: 0, object: 'system:run', record: ids.next(), recordVersion: 1, event: 'created', fields, todo: false }])
  return logged!.seq
}

const SETTLED: Partial<Record<RunDecision | Word, string | null>> = { retry: 'retried', skip: 'retried', dismiss: 'dismissed', restore: null }

/** The same on whatever schema: a replay carries it from the log. */
export async function settleRun(tx: Tx, decided: Decided): Promise<void> {
  const { run, rule, branch, decision, version, on, timer, by, reason, step } = decided
  if (branch !== '' && (decision === 'dismiss' || decision === 'restore')) return settleBranch(tx, decided)
  const place = [run, rule]
  if (branch === '' && decision in SETTLED) await tx.query('update {t}.run set settled = $3 where event = $1 and rule = $2', [...place, SETTLED[decision] ?? null])
  if (decision === 'dismiss') return
  if (decision === 'cancel') {
    return void (await tx.query(`with off as (update {t}.wait set state = 'cancelled', carries = carries || $3::jsonb where run = $1 and rule = $2 and state in ('waiting', 'held') returning run, rule, branch)
      delete from {t}.timer where key in (select ${waitKeySql('off')} from off)`, [...place, JSON.stringify({ off: by })]))
  }
  if (rule === '*') return void (decision === 'retry' && (await repeat(tx, run, timer ?? null)))
  if (decision === 'restore') {
    await tx.query(`update {t}.wait set state = $3, carries = carries - 'off' where run = $1 and rule = $2 and state = 'cancelled'`, [...place, on ? 'waiting' : 'held'])
    return void (on && (await ring(tx, { run, rule, at: 'due_at' })))
  }
  const here = [...place, branch]
  if (decision === 'approve' || decision === 'refuse') {
    await tx.query(`update {t}.wait set carries = carries || jsonb_build_object('decided', $4::jsonb) where run = $1 and rule = $2 and branch = $3`, [...here, JSON.stringify({ way: decision === 'approve' ? 'approved' : 'refused', by, reason })])
    return void (await ring(tx, { run, rule, branch, at: 'now' }))
  }
  await tx.query(`insert into {t}.wait (run, rule, version, object, record, path, kind, due_at, state, cause, carries, since)
    select event, rule, $3, object, record, '', 'again', $4, 'waiting', jsonb_build_object('root', event, 'depth', 0), jsonb_strip_nulls(jsonb_build_object('pushed', seen->'pushed')), $4 from {t}.run where event = $1 and rule = $2 and status = 'failed'
    on conflict do nothing`, [...place, version, tx.now])
  const told: ToldBy = { to: decision, by }
  await tx.query(`update {t}.wait set state = 'waiting', go = $4, carries = carries || $5::jsonb where run = $1 and rule = $2 and branch = $3`, [...here, GO[decision] ?? null, JSON.stringify({ told })])
  if (decision === 'skip') await tx.query(`update {t}.wait set carries = carries || jsonb_build_object('skipped', coalesce(carries->'skipped', '[]') || $4::jsonb) where run = $1 and rule = $2 and branch = $3`, [...here, JSON.stringify([{ path: step, by, reason }])])
  await ring(tx, { run, rule, branch, at: 'now' })
}

/** A branch, with those inside it, is not waited for any more, or is again, and stands as it stood; what was dismissed alone inside it stays so. Whoever waits for it looks. */
async function settleBranch(tx: Tx, { run, rule, branch, decision, on, by }: Decided): Promise<void> {
  const inside = [run, rule, branch]
  const isInside = `run = $1 and rule = $2 and (branch = $3 or starts_with(branch, $3 || '.'))`
  if (decision === 'restore') {
    await tx.query(`update {t}.wait set carries = carries - '{was,off,with}'::text[], state = case when carries->>'was' = 'failed' then 'failed' when $4 then 'waiting' else 'held' end where ${isInside} and state = 'dismissed' and coalesce(carries->>'with', $3) = $3`, [...inside, on])
    return void (on && (await ring(tx, { run, rule, branch, at: 'due_at' })))
  }
  await tx.query(`with off as (update {t}.wait set carries = carries || jsonb_build_object('was', state, 'off', $4::int, 'with', $3::text), state = 'dismissed' where ${isInside} and state <> 'dismissed' returning run, rule, branch)
    delete from {t}.timer where key in (select ${waitKeySql('off')} from off)`, [...inside, by])
  if (on) await ring(tx, { run, rule, branch: branchOf(branchAt(branch).step), at: 'now' })
}

/** What a run that waits is told by it. */
export const GO: Partial<Record<RunDecision | Word, 'on' | 'met' | 'late'>> = { go: 'on', met: 'met', late: 'late' }

/** `now`: where it stands looks at once; `due_at`: it waits again, with all branches inside it, and what waits for a condition looks whether it came to hold meanwhile; what had its word already goes on. */
const ring = (tx: Tx, { run, rule, branch = '', at }: { run: number; rule: string; branch?: string; at: 'due_at' | 'now' }): Promise<unknown> =>
  tx.query(`insert into {t}.timer (key, due_at, kind, payload) select ${waitKeySql('w')}, ${at === 'now' ? '$3::timestamptz' : `case when w.kind = 'condition' or w.go is not null or w.carries ?| '{decided,told}' then $3::timestamptz else greatest(due_at, $3::timestamptz) end`}, 'wait', ${waitPayloadSql('w')}
    from {t}.wait w where run = $1 and rule = $2 and ${at === 'now' ? 'branch = $4' : `($4 = '' or branch = $4 or starts_with(branch, $4 || '.'))`} and state = 'waiting' order by 1 on conflict (key) do update set due_at = excluded.due_at`, [run, rule, tx.now, branch])

/** A parked event waits in its queue again; an instant comes again, with all that it brought. */
async function repeat(tx: Tx, seq: number, timer: NonNullable<Event['timer']> | null): Promise<void> {
  const [change] = await tx.query<{ record: string }>('select record from {t}.change where seq = $1', [seq])
  if (change) return void (await tx.query('insert into {t}.todo (sub, seq) values ($1, $2) on conflict do nothing', [virtualQueue(change.record), seq]))
  if (!timer) return
  const { kind, ...brought } = timer
  await tx.query(`insert into {t}.timer (key, due_at, kind, payload) select $2::text || ':again:' || event, $4::timestamptz, $2::text, $3::jsonb || jsonb_build_object('object', object, 'record', record) from {t}.run where event = $1 and rule = '*'
    on conflict (key) do nothing`, [seq, kind, JSON.stringify(brought), tx.now])
}
