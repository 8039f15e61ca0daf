import type { TraceAnswer } from '#contract/api'
import { refused } from '#contract'
import { type Context, lensOf, memberRows } from '#kernel/access'
import { actorOf, changesOf, type FieldChanges, systemActor } from '#kernel/changes'
import type { Actor, Cause } from '#kernel/access'
import type { SeenKept } from '#kernel/automation'
import { type SentMessage, sentOf } from '#kernel/delivery'
import { ruleLabel, rulesTitle, sourceName } from '#kernel/metadata'
import { causeView, getRecord } from '#kernel/records'
import type { Tx } from '#platform/db'
import { iso, isoOrNull } from './presenting.ts'
import { errorShown } from './run-errors.ts'
import { relatedIn, shownOf, shownSeen } from './run-shown.ts'
import { presentSent } from './sent.ts'
import type { Some } from './types.ts'

/** Rules answer rules eight deep at most. */
const DEEPEST = 9
const FOLLOWED = 6
const WEEK_MS = 7 * 86_400_000

interface Change { seq: number; act: number; object: string; record: string; version: number; fields: FieldChanges; at: Date; kind: Actor['kind']; ref: string; cause: Cause }
interface Run { event: number; rule: string; version: number; status: string; object: string; record: string; at: Date; steps: { do: string }[] | null; error: string | null; act: number | null; seen: SeenKept | null; cause: Cause | null }
interface Told { event: number; rule: string; member: number; kind: string; at: Date; read: Date | null }

/**
 * The whole chain that an event belongs to, from its first cause on: what happened, which rules answered in which version, what they did, whom they told and whether it
 * was read, what went out and how that ended, and what people did next. A few statements per step of the chain, all by keys.
 */
export const traces: Some<'trace'> = {
  trace: async (ctx, { params: { event } }) => {
    const first = await firstOf(ctx, event)
    const { changes, runs } = await downFrom(ctx, first)
    const root = changes.find(({ seq }) => seq === first)
    const about = root ?? runs.find((run) => run.event === first) ?? refused('NOT_FOUND')
    // Whoever may not read what it began with learns nothing of the rest.
    await getRecord(ctx, about.object, about.record)
    const events = [...new Set([first, ...changes.map(({ seq }) => seq), ...runs.map((run) => run.event)])]
    const [told, sent] = [await toldBy(ctx, events), await sentOf(ctx.tx, events)]
    return present(ctx, { first, changes, runs, told, sent, next: await followed(ctx, about, root?.at ?? runs[0]!.at) })
  },
}

/** A run that went on after a wait belongs to the chain of its beginning, and one that answered another's end to that one's. */
async function firstOf({ tx }: Context, given: number): Promise<number> {
  const [part] = await tx.query<{ head: number }>('select head from {t}.run where event = $1 and head is not null limit 1', [given])
  let event = part?.head ?? given
  for (let hops = 0; hops < DEEPEST; hops++) {
    event = await topOf(tx, event)
    const [before] = await tx.query<{ event: number }>(`select coalesce(b.head, b.event) as event from {t}.run r join {t}.run b on b.event = (r.seen #>> '{after,event}')::bigint and b.rule = r.seen #>> '{after,rule}' where r.event = $1 limit 1`, [event])
    if (!before) return event
    event = before.event
  }
  return event
}

async function topOf(tx: Tx, event: number): Promise<number> {
  const rows = await tx.query<{ seq: number }>(`with recursive up(seq, above, steps) as (
      select $1::bigint, (select (a.cause->>'event')::bigint from {t}.change c join {t}.act a on a.id = c.act where c.seq = $1), 0
      union all select up.above, (select (a.cause->>'event')::bigint from {t}.change c join {t}.act a on a.id = c.act where c.seq = up.above), steps + 1 from up where up.above is not null and steps < ${DEEPEST})
    select seq from up order by steps desc limit 1`, [event])
  return rows[0]?.seq ?? event
}

async function downFrom({ tx }: Context, first: number): Promise<{ changes: Change[]; runs: Run[] }> {
  const changes = await tx.query<Change>(`${CHANGES} where c.seq = $1`, [first])
  const runs: Run[] = []
  for (let [events, depth] = [[first], 0]; events.length > 0 && depth < DEEPEST; depth++) {
    const answered = await tx.query<Run>(`select event, rule, version, status, object, record, started_at as at, steps, error, act, seen, (select a.cause from {t}.act a where a.id = run.act) as cause from {t}.run where event = any($1::bigint[]) or head = any($1::bigint[]) order by event, started_at, rule`, [events])
    runs.push(...answered.filter(({ event, rule }) => !runs.some((each) => each.event === event && each.rule === rule)))
    const acts = [...new Set(answered.flatMap(({ act }) => act ?? []))]
    const made = acts.length === 0 ? [] : await tx.query<Change>(`${CHANGES} where c.act = any($1::bigint[]) order by c.seq limit 200`, [acts])
    changes.push(...made.filter(({ seq }) => !changes.some((each) => each.seq === seq)))
    events = [...made.map(({ seq }) => seq), ...(await answering(tx, answered))]
  }
  return { changes, runs }
}

/** The events of rules that answered the ends of these runs. */
async function answering(tx: Tx, runs: readonly Run[]): Promise<number[]> {
  if (runs.length === 0) return []
  const since = new Date(Math.min(...runs.map(({ at }) => at.getTime())))
  const rows = await tx.query<{ event: number }>(`select distinct event from {t}.run where record = any($1::uuid[]) and started_at >= $2 and (seen #>> '{after,event}')::bigint = any($3::bigint[])`, [[...new Set(runs.map(({ record }) => record))], since, runs.map(({ event }) => event)])
  return rows.map(({ event }) => event)
}
const CHANGES = `select c.seq, c.act, c.object, c.record, c.record_version as version, c.fields, a.at, a.actor_kind as kind, a.actor_ref as ref, a.cause from {t}.change c join {t}.act a on a.id = c.act`

const toldBy = ({ tx }: Context, events: readonly number[]): Promise<Told[]> =>
  tx.query<Told>(`select event, rule, member, kind, at, read_at as read from {t}.notification where event = any($1::bigint[]) and at >= coalesce((select min(started_at) from {t}.run where event = any($1::bigint[])), '-infinity') order by id`, [events])

/** What people did with the record in the week after. */
async function followed({ tx }: Context, { object, record }: { object: string; record: string }, after: Date) {
  const changes = await changesOf(tx, object, record, { limit: 100 })
  return changes.filter(({ at, actor }) => actor.kind === 'member' && at > after && at.getTime() < after.getTime() + WEEK_MS).reverse().slice(0, FOLLOWED)
}

interface Found { first: number; changes: readonly Change[]; runs: readonly Run[]; told: readonly Told[]; sent: readonly SentMessage[]; next: Awaited<ReturnType<typeof followed>> }

async function present(ctx: Context, { first, changes, runs, told, sent, next }: Found): Promise<TraceAnswer> {
  const members = await memberRows(ctx.tx)
  const shown = await shownOf(ctx, runs, changes.map(({ object, record }) => ({ object, id: record })))
  const { titles } = shown
  const lang = ctx.request?.lang ?? 'zh'
  const ruleName = (key: string) => ruleLabel(ctx.metadata, key)?.[lang] ?? key
  const nameOf = (actor: Actor): { kind: Actor['kind']; name: string } => ({ kind: actor.kind, name: actor.kind === 'member' ? (members.get(actor.id)?.name ?? String(actor.id)) : actor.kind === 'rule' ? ruleName(actor.key) : actor.kind === 'source' ? sourceName(ctx.metadata, actor.form, lang) : systemActor(actor.reason, lang).name })
  // What several rules did about one event is one act: it bears all their names.
  const namedOf = ({ kind, ref, cause }: Change) => (kind === 'rule' ? { kind, name: rulesTitle(ctx.metadata, cause.rules ?? [ref], lang) } : nameOf(actorOf(kind, ref, cause)))
  const fieldsOf = (object: string, fields: FieldChanges) => Object.keys(fields).flatMap((key) => (key.startsWith('$') || lensOf(ctx, object).field(key) === undefined ? [] : [ctx.metadata.objects.get(object)?.field.get(key)?.label ?? { zh: BASE[key]?.zh ?? key, en: BASE[key]?.en ?? key }]))
  // Whoever pressed a rule's button; else an instant had come.
  const turn = ({ rule }: Run) => ctx.metadata.rules.get(rule)?.priority ?? 0
  // As the engine takes them: together, the more urgent first.
  const inTurn = (a: Run, b: Run) => a.at.getTime() - b.at.getTime() || turn(a) - turn(b)
  const presser = (answered: readonly Run[]) => { const by = answered.find(({ cause }) => cause?.by !== undefined)?.cause?.by; return typeof by === 'number' ? nameOf({ kind: 'member', id: by }) : null }
  const before = (answered: readonly Run[]) => { const after = answered[0]?.seen?.after; return after ? nameOf({ kind: 'rule', key: after.rule, event: 0, depth: 0 }) : null }
  const wokenBy = (answered: readonly Run[]) => { const cause = answered.find((run) => run.cause?.woke !== undefined)?.cause; return cause ? causeView(ctx, { cause }, members) : null }
  const depthOf = (seq: number): number => changes.find((change) => change.seq === seq)?.cause.depth ?? 0
  const shows = new Map<Run, { object: string; steps: object[]; seen: SeenKept | null }>()
  for (const run of runs) shows.set(run, { object: run.object, steps: (run.steps ?? []).map((step) => shown.step(run.object, run.record, step)), seen: titles.has(run.record) ? await shownSeen(ctx, run, run.seen) : null })
  return {
    events: [...new Set([first, ...changes.map(({ seq }) => seq), ...runs.map((run) => run.event)])].map((seq) => {
      const change = changes.find((each) => each.seq === seq)
      const answered = runs.filter((run) => run.event === seq).toSorted(inTurn)
      const about = change ?? answered[0]!
      return {
        seq, depth: depthOf(seq), at: iso(about.at), object: about.object, record: about.record, title: titles.get(about.record) ?? null, born: change?.version === 1,
        actor: change ? namedOf(change) : (presser(answered) ?? before(answered)), because: change || !titles.has(about.record) ? null : wokenBy(answered), fields: change && titles.has(about.record) ? fieldsOf(change.object, change.fields) : [],
        runs: answered.map((run) => ({
          rule: run.rule, label: ruleName(run.rule), version: run.version, status: run.status, error: errorShown(ctx, run.error), seen: shows.get(run)!.seen, steps: shows.get(run)!.steps,
          told: told.filter((each) => each.event === seq && each.rule === run.rule).map(({ member, kind, at, read }) => ({ member, name: members.get(member)?.name ?? '', kind, at: iso(at), read: isoOrNull(read) })),
          sent: sent.filter((each) => each.event === seq && each.rule === run.rule).map(presentSent),
        })),
      }
    }).filter(({ runs: answered, seq }) => answered.length > 0 || seq === first || depthOf(seq) > 0),
    related: await relatedIn(ctx, [...shows.values()]),
    next: next.map(({ at, actor, fields, object }) => ({ at: iso(at), actor: nameOf(actor), fields: fieldsOf(object, fields) })),
  }
}

const BASE: Readonly<Record<string, { zh: string; en: string }>> = { owner: { zh: '负责人', en: 'Owner' }, tags: { zh: '标签', en: 'Tags' }, last_activity_at: { zh: '最后跟进时间', en: 'Last follow-up' }, next_contact_at: { zh: '下次联系时间', en: 'Next contact' }, owner_team: { zh: '归属部门', en: 'Owner’s team' } }
