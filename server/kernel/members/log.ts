import { contextOf, KERNEL, type Context } from '#kernel/access'
import { appendChanges, openActs, type ChangeEvent, type FieldChanges, houseReason, type HouseReason } from '#kernel/changes'
import type { Tx } from '#platform/db'

export type LoggedKind = 'member' | 'team' | 'api_key' | 'session' | 'signing_key' | 'push_key' | 'absence' | 'own_automation' | 'sign_in_provider'

/** The log's name of something that is numbered, not a record: `system:member`, and a uuid that holds the number. */
export const loggedObject = (kind: LoggedKind): string => `system:${kind}`
export const loggedId = (id: number): string => `00000000-0000-8000-8000-${id.toString(16).padStart(12, '0')}`

/** The number that such a uuid holds. */
export const loggedNumber = (id: string): number => Number.parseInt(id.slice(-12), 16)

/** One act with one change in the log, in the transaction of the edit. The caller holds the row's lock. */
export async function logEdit(ctx: Context, kind: LoggedKind, id: number, event: ChangeEvent, fields: FieldChanges): Promise<void> {
  const { actor, cause, request, joins } = ctx
  const [last] = await ctx.tx.query<{ version: number }>(`select coalesce(max(record_version), 0) as version from {t}.change where record = $1 and object = $2`, [loggedId(id), loggedObject(kind)])
  await appendChanges(ctx, [{ actor, cause, ip: request?.ip ?? null, agent: request?.agent ?? null, request: request?.id ?? null, joins }],
    [{ act: 0, object: loggedObject(kind), record: loggedId(id), recordVersion: (last?.version ?? 0) + 1, event, fields, todo: false }])
}

/** What `work` edits of members, teams and the like is one act, for this reason. Two statements more. */
export async function asOneAct<T>(ctx: Context, why: HouseReason, work: (ctx: Context) => Promise<T>): Promise<T> {
  const { actor, cause, request } = ctx
  const [id] = await openActs(ctx, 1)
  await appendChanges(ctx, [{ actor, cause, reason: houseReason(why), ip: request?.ip ?? null, agent: request?.agent ?? null, request: request?.id ?? null }], [], [id])
  return work({ ...ctx, joins: id! })
}

export interface SignInFacts { ip: string | null; agent: string | null; id?: string }

/**
 * A sign-in, or one that was refused, in the log: whose, how it ended, from where. `member` null: of nobody; `account` is what was
 * typed, its middle left out; `through`: a provider of company accounts; `because`: why not, for those who look after it. Sign-ins of a tenant queue here for a moment.
 */
export async function logSignIn(tx: Tx, { member, outcome, account, through, because }: { member: number | null; outcome: 'done' | 'refused'; account?: string | undefined; through?: string | undefined; because?: string | undefined }, { ip, agent, id }: SignInFacts): Promise<void> {
  const [ctx, record] = [await contextOf(tx, { principal: KERNEL, actor: outcome === 'done' ? { kind: 'member', id: member! } : { kind: 'system', reason: 'sign-in' }, cause: { kind: 'member' } }), loggedSession(member ?? 0)]
  await tx.query('select pg_advisory_xact_lock($1, 3)', [tx.tenant.id])
  const [last] = await tx.query<{ version: number }>(`select coalesce(max(record_version), 0) as version from {t}.change where record = $1`, [record], { name: 'last sign-in' })
  const fields = { sign_in: [null, outcome] as const, ...(account === undefined ? {} : { account: [null, blurred(account)] as const }), ...(through && { through: [null, through] as const }), ...(because && { because: [null, because] as const }) }
  await appendChanges(ctx, [{ actor: ctx.actor, cause: ctx.cause, ip, agent: agent?.slice(0, 400) ?? null, request: id ?? null }],
    [{ act: 0, object: loggedObject('session'), record, recordVersion: (last?.version ?? 0) + 1, event: 'changed', fields, todo: false }])
}

/** Beside the member's own history: sign-ins are many. */
const loggedSession = (member: number): string => `00000000-0000-8000-8001-${member.toString(16).padStart(12, '0')}`
// Somebody may have typed a password here.
const blurred = (account: string): string => { const given = [...account.trim()].slice(0, 60); return given.length < 6 ? '＊＊＊' : `${given.slice(0, 3).join('')}＊＊＊${given.slice(-2).join('')}` }

/** Only what differs, ready for the log. */
export function differences(before: Record<string, unknown>, after: Record<string, unknown>): FieldChanges {
  const changed = Object.keys(after).filter((key) => after[key] !== undefined && JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key]))
  return Object.fromEntries(changed.map((key) => [key, [before[key] ?? null, after[key] ?? null] as const]))
}

/**
 * Members and teams are part of what is configured: whoever edits them takes the same lock as a publisher, before any other
 * (the engine holds its shared half while it locks loads), and raises the epoch at the end (bumpEpoch).
 */
export const lockConfiguration = (tx: Tx): Promise<unknown> => tx.query(`select pg_advisory_xact_lock($1, 1)`, [tx.tenant.id])
