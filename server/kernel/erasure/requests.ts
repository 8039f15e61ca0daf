import { refused } from '#contract'
import { may, memberRows, type Context } from '#kernel/access'
import { appendChanges, type FieldChanges } from '#kernel/changes'
import { tell } from '#kernel/delivery'
import { actOf, getRecord } from '#kernel/records'
import { ids } from '#platform/db'
import { announceErasure } from './news.ts'
import { candidatesFor, namesakesOf, requirePerson, type Candidate } from './person.ts'
import { reachOf } from './reach.ts'
import { erasureAt, openErasure } from './store.ts'
import { countTraces } from './traces.ts'
import { NO_COUNTS, type Counts, type Erasure, type RecordRef } from './types.ts'

/** `namesakes`: others called the same; the name is then looked for only near these records, unless asked otherwise. `open`: a request that waits already. */
export interface ErasurePlan { candidates: Candidate[]; counts: Counts; namesakes: number; open: string | null }

/** What would go, before anybody asks for it. Refused NOT_FOUND, ERASURE_NOT_A_PERSON. */
export async function planErasure(ctx: Context, start: RecordRef, chosen?: readonly RecordRef[]): Promise<ErasurePlan> {
  await getRecord(ctx, start.object, start.id, [])
  await requirePerson(ctx, start)
  const candidates = await candidatesFor(ctx, start)
  const records = [start, ...pick(candidates, chosen)]
  const reach = await reachOf(ctx, records)
  const open = await openErasure(ctx.tx, start.id)
  return { candidates, counts: { ...NO_COUNTS, records: records.length, about: reach.about.length, ...(await countTraces(ctx, reach)) }, namesakes: await namesakesOf(ctx, records), open: open?.no ?? null }
}

const pick = (candidates: readonly Candidate[], chosen: readonly RecordRef[] | undefined): RecordRef[] =>
  candidates.filter(({ id }) => chosen === undefined || chosen.some((each) => each.id === id)).map(({ object, id }) => ({ object, id }))

export interface ErasureWish extends RecordRef { records: readonly RecordRef[]; everywhere: boolean; reason: string }

/** Put it forward for a second person; nothing is erased. Refused as planErasure, and ERASURE_OPEN. */
export async function askErasure(ctx: Context, { object, id, records, everywhere, reason }: ErasureWish): Promise<Erasure> {
  const plan = await planErasure(ctx, { object, id }, records)
  if (plan.open) refused('ERASURE_OPEN')
  const [no, me] = [ids.next(), mySelf(ctx)]
  const chosen = [{ object, id }, ...pick(plan.candidates, records)]
  await ctx.tx.query(`insert into {t}.erasure (id, object, record, records, everywhere, reason, asked_by, asked_at, ip, agent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [no, object, id, JSON.stringify(chosen), everywhere, reason, me, ctx.now, ctx.request?.ip ?? null, ctx.request?.agent ?? null])
  await log(ctx, no, { state: [null, 'waiting'], records: [null, chosen.length] })
  const name = (await memberRows(ctx.tx)).get(me)?.name ?? ''
  await tell(ctx.tx, (await deciders(ctx, me)).map((member) => ({ member, kind: 'approval_erasure', title: `${name}申请删除一个人的个人信息，请复核`, body: '同意之前不会删除；删除之后不能恢复', object: 'system:erasure', record: no, groupKey: null, event: null, rule: null })))
  return erasureAt(ctx.tx, no)
}

/** A second person's word. Refused NOT_FOUND, DELETION_OWN, DELETION_DECIDED. Agreed: it is carried out soon after. */
export async function decideErasure(ctx: Context, no: string, { agree, reason }: { agree: boolean; reason: string }): Promise<Erasure> {
  const erasure = await erasureAt(ctx.tx, no, { lock: true })
  if (mySelf(ctx) === erasure.askedBy) refused('DELETION_OWN')
  if (!mayDecideErasure(ctx, erasure)) refused('NOT_FOUND')
  if (erasure.state !== 'waiting') refused('DELETION_DECIDED')
  const state = agree ? 'agreed' : 'refused'
  await ctx.tx.query('update {t}.erasure set state = $2, decided_by = $3, decided_at = $4, decision = $5 where id = $1', [no, state, mySelf(ctx), ctx.now, reason])
  await log(ctx, no, { state: ['waiting', agree ? 'agreed' : 'declined'] })
  if (agree) announceErasure(ctx.tx)
  else await tell(ctx.tx, [{ member: erasure.askedBy, kind: 'approval_erasure', title: '删除个人信息的申请没有通过', body: reason, object: 'system:erasure', record: no, groupKey: null, event: null, rule: null }])
  return erasureAt(ctx.tx, no)
}

/** Whoever asked has thought better of it. Refused NOT_FOUND, FORBIDDEN, DELETION_DECIDED. */
export async function withdrawErasure(ctx: Context, no: string): Promise<Erasure> {
  const erasure = await erasureAt(ctx.tx, no, { lock: true })
  if (mySelf(ctx) !== erasure.askedBy) refused('FORBIDDEN')
  if (erasure.state !== 'waiting') refused('DELETION_DECIDED')
  await ctx.tx.query(`update {t}.erasure set state = 'withdrawn', decided_by = $2, decided_at = $3 where id = $1`, [no, mySelf(ctx), ctx.now])
  await log(ctx, no, { state: ['waiting', 'withdrawn'] })
  return erasureAt(ctx.tx, no)
}

/** Requests are seen by those who make them and those who watch over the log; one's own is decided by somebody else. */
export const maySeeErasures = (ctx: Context): boolean => may(ctx, 'personal') || may(ctx, 'audit')
export const mayDecideErasure = (ctx: Context, { askedBy }: Pick<Erasure, 'askedBy'>): boolean => maySeeErasures(ctx) && mySelf(ctx) !== askedBy

const mySelf = ({ actor }: Context): number => (actor.kind === 'member' ? actor.id : 0)

const MOST_TOLD = 5
async function deciders({ tx, metadata }: Context, asker: number): Promise<number[]> {
  const may = (roles: readonly string[]) => roles.some((role) => metadata.roles.get(role)?.rights.some((right) => right === 'personal' || right === 'audit'))
  return [...(await memberRows(tx)).values()].filter(({ id, active, roles }) => active && id !== asker && may(roles)).map(({ id }) => id).slice(0, MOST_TOLD)
}

/** The log keeps that it was asked for and decided, never in whose words. */
async function log(ctx: Context, no: string, fields: FieldChanges): Promise<void> {
  const [last] = await ctx.tx.query<{ version: number }>('select coalesce(max(record_version), 0) as version from {t}.change where record = $1', [no])
  await appendChanges(ctx, [actOf(ctx)], [{ act: 0, object: 'system:erasure', record: no, recordVersion: last!.version + 1, event: last!.version === 0 ? 'created' : 'changed', fields, todo: false }])
}
