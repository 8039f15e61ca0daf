import { refused } from '#contract'
import { memberRows, type Context } from '#kernel/access'
import { changesOf, type ChangeRow } from '#kernel/changes'
import { explain, shortOf, type Missing, type Verdict } from '#language/conditions'
import { dueAt } from './deadlines.ts'
import { fits } from './listening.ts'
import { seenBy } from './judge.ts'
import { Plan, type Row } from './plan.ts'
import { causedBy, elsewhere, notPiloted, ownerOf } from './own.ts'
import { programOf, type CompiledRule } from './program.ts'
import type { Event, RunStatus, Step } from './types.ts'
import { workplaceOf } from './working-time.ts'
import { World } from './world.ts'

/**
 * Why a rule did nothing about a record. `ran`: it did. `own_pause`: the record's owner (`detail`) has it leave their records alone. `off`, `broken`, `other_object`: it could not. `other_team`: it is for another department. `pilot`: only others try it so far. `never`: nothing happened that it listens to;
 * `cause`, `form`: something did, brought about by what it does not answer (`cause`, or the form's key). `before`: that was before it was on. `no_date`, `not_due`: its instant. `condition`: what it
 * listens to happened, and the condition did not hold then. `holds`: it would have held; other records may have looked otherwise then.
 */
export type WhyNotKind = 'ran' | 'own_pause' | 'off' | 'other_team' | 'pilot' | 'broken' | 'other_object' | 'never' | 'cause' | 'form' | 'before' | 'no_date' | 'not_due' | 'condition' | 'holds'

export interface WhyNot {
  rule: string
  kind: WhyNotKind
  /** When what it listens to happened, or will. */
  at: Date | null
  detail: string | null
  /** What the condition lacked, the first first. */
  missing: readonly Missing[]
  verdict: Verdict | null
  runs: { event: number; version: number; status: RunStatus; at: Date; error: string | null; steps: Step[] }[]
}

const LOOKED_BACK = 300

/** Own fields are judged as they stood when it happened, related records as they stand now. Values stand as they are: whoever shows them masks them. */
export async function whyNot(ctx: Context, { object, id }: { object: string; id: string }, key: string): Promise<WhyNot> {
  const rule = programOf(ctx.metadata).every.get(key) ?? refused('NOT_FOUND')
  const runs = await ctx.tx.query<WhyNot['runs'][number]>(`select event, version, status, started_at as at, error, steps from {t}.run where record = $1 and rule = $2 order by started_at desc limit 20`, [id, key])
  const said = (kind: WhyNotKind, more: Partial<WhyNot> = {}): WhyNot => ({ rule: key, kind, at: null, detail: null, missing: [], verdict: null, runs, ...more })
  if (runs[0] && runs[0].steps.length > 0 && runs[0].steps.every(({ why }) => why === 'own_pause')) return said('own_pause', { at: runs[0].at, detail: String(runs[0].steps[0]!['member']) })
  if (runs[0]) return said('ran', { at: runs[0].at, detail: runs[0].status })
  if (rule.rule.trigger.object !== object) return said('other_object')
  if (rule.broken) return said('broken', { detail: rule.broken })
  if (rule.rule.state !== 'active') return said('off', { detail: rule.rule.state })
  const { row, world } = await rowNow(ctx, object, id)
  world.members = await memberRows(ctx.tx)
  if (elsewhere({ plan: { ctx, world }, rule }, ownerOf(row))) return said('other_team')
  const log = await changesOf(ctx.tx, object, id, { limit: LOOKED_BACK })
  if (log.length === 0) return refused('NOT_FOUND')
  if (rule.rule.trigger.on === 'pressed' || rule.rule.trigger.on === 'ran' || rule.rule.trigger.on === 'pushed') return said('never')
  const found = rule.rule.trigger.on === 'schedule' ? { at: ctx.now, change: null } : rule.rule.trigger.on === 'deadline' || rule.rule.trigger.on === 'silence' ? await instantOf(ctx, rule, { object, id }) : happened(ctx, rule, log)
  if ('kind' in found) return said(found.kind, found)
  if (notPiloted({ plan: { ctx, world }, rule }, { owner: ownerOf(row), by: found.change && causedBy(found.change) })) return said('pilot', { at: found.at })
  const since = await onSince(ctx, key)
  if (since !== null && (found.change ? found.change.act < since.act : found.at < since.at)) return said('before', { at: found.at })
  return judgedThen(ctx, rule, { object, id, at: found.at, later: log.filter(({ recordVersion, at }) => (found.change ? recordVersion > found.change.recordVersion : at > found.at)), fields: found.change?.fields ?? {} }, said)
}

type Found = { at: Date; change: ChangeRow | null } | { kind: WhyNotKind; at?: Date; detail?: string }

/** The last change that the rule listens to, or what comes nearest. */
function happened(ctx: Context, rule: CompiledRule, log: readonly ChangeRow[]): Found {
  const kinds = log.filter(({ event }) => event === (rule.rule.trigger.on === 'created' || rule.rule.trigger.on === 'deleted' || rule.rule.trigger.on === 'restored' ? rule.rule.trigger.on : event === 'created' && rule.rule.trigger.on === 'crossed' ? 'created' : event === 'created' && rule.rule.trigger.on === 'tagged' ? 'created' : 'changed'))
  const answered = kinds.find((change) => fits(rule, eventOf(change), ctx.metadata))
  if (answered) return { at: answered.at, change: answered }
  const anyCause = kinds.find((change) => fits(rule, { ...eventOf(change), cause: { ...change.cause, kind: allowed(rule) } }, ctx.metadata))
  if (anyCause) return { kind: 'cause', at: anyCause.at, detail: anyCause.cause.kind }
  const { trigger } = rule.rule
  if (trigger.on === 'created' && trigger.form !== undefined && kinds[0]) return { kind: 'form', at: kinds[0].at, detail: trigger.form }
  return { kind: 'never' }
}

const allowed = ({ rule: { trigger } }: CompiledRule): 'member' => (('causes' in trigger && trigger.causes?.[0]) || 'member') as 'member'
const eventOf = ({ seq, object, record, recordVersion, event, fields, actor, cause }: ChangeRow): Event => ({ seq, object, record, recordVersion, kind: event, fields, actor, cause, attempts: 0, position: seq })

async function instantOf(ctx: Context, { rule }: CompiledRule, { object, id }: { object: string; id: string }): Promise<Found> {
  const deadline = programOf(ctx.metadata).deadlines(object).find((each) => each.rule.rule.key === rule.key)
  const { row } = await rowNow(ctx, object, id)
  const due = deadline && dueAt(deadline, row.values, workplaceOf(ctx))
  if (!due) return { kind: 'no_date' }
  return due > ctx.now ? { kind: 'not_due', at: due } : { at: due, change: null }
}

/** Since when the rule has been on without a break: an edit counts as a beginning only where it was off before. */
async function onSince(ctx: Context, key: string): Promise<{ at: Date; act: number } | null> {
  const versions = await ctx.tx.query<{ state: string; at: Date; act: number }>(`select state, at, act from {t}.definition_version where kind = 'rule' and key = $1 order by version desc`, [key])
  const off = versions.findIndex(({ state }) => state !== 'active')
  return versions[off < 0 ? versions.length - 1 : off - 1] ?? null
}

async function rowNow(ctx: Context, object: string, id: string): Promise<{ row: Row; plan: Plan; world: World }> {
  const world = new World(ctx)
  for (;;) {
    const plan = new Plan(world, programOf(ctx.metadata), false)
    const row = plan.row(object, id)
    if (row === null) return refused('NOT_FOUND')
    if (row) return { row, plan, world }
    await world.fetch()
  }
}

interface Then { object: string; id: string; at: Date; later: readonly ChangeRow[]; fields: ChangeRow['fields'] }

async function judgedThen(ctx: Context, { condition }: CompiledRule, { object, id, at, later, fields }: Then, said: (kind: WhyNotKind, more: Partial<WhyNot>) => WhyNot): Promise<WhyNot> {
  const { row, plan, world } = await rowNow({ ...ctx, now: at }, object, id)
  const values = { ...row.values }
  for (const change of later) for (const [key, [before]] of Object.entries(change.fields)) values[key] = before
  for (;;) {
    const seen = seenBy(condition.needs, { object, id, values }, plan, fields)
    if (!seen) { await world.fetch(); continue }
    const verdict = explain(condition.checked, values, seen, world.at)
    return said(verdict.verdict ? 'holds' : 'condition', { at, verdict, missing: shortOf(condition.checked, verdict) })
  }
}
