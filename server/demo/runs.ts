import type { Context } from '#kernel/access'
import type { Decision } from '#kernel/assignment'
import type { Written } from '#kernel/records'
import { pastTheGuard, type Tx } from '#platform/db'
import type { Act, Write } from './history.ts'

/** Which of the writes before it an act of a rule answers; rules of time answer none. */
const ANSWERS: Readonly<Record<string, (write: Write) => boolean>> = {
  r1_tag: born('lead'), r1_red: born('lead'), r1_grade: born('lead'), r1_assign: born('lead'), r2_behaviour: born('behaviour'), r3_followed: born('activity'), r3_touched: born('activity'),
  r19_tampering: (write) => write.op === 'update' && write.values?.['purchase_on'] !== undefined,
  r1_alert: (write) => write.op === 'update' && (write.addTags ?? []).includes('红标预警'),
  r3_restart: (write) => write.op === 'update' && write.object === 'lead' && write.owner !== undefined && write.owner !== null,
}
/** What other systems post is about the lead whose number it names. */
const PUSHED = new Set(['call_pushed', 'message_pushed'])
function born(object: string) { return (write: Write): boolean => write.op === 'create' && write.object === object }

interface Run { event: number | null; rule: string; version: number; object: string; record: string; at: Date; steps: object[]; act: number | null; decision: number | null }

/** What a moment of the past wrote, act by act. */
export interface Moment { acts: readonly Act[]; written: readonly Written[]; decisions: ReadonlyMap<number, Decision>; at: Date }

/** The runs behind what rules did: gathered moment by moment, written in the end. */
export class PastRuns {
  readonly #runs: Run[] = []
  readonly #ctx: Context
  readonly #member: (key: string) => number
  constructor(ctx: Context, member: (key: string) => number) {
    this.#ctx = ctx
    this.#member = member
  }

  take({ acts, written, decisions, at }: Moment): void {
    const offsets = acts.reduce<number[]>((all, { writes }) => [...all, all.at(-1)! + writes.length], [0])
    const recent = new Map<string, { write: Write; seq: number; at: number }[]>()
    const open = new Map<string, Run>()
    acts.forEach((act, i) => {
      const mine = written.slice(offsets[i]!, offsets[i + 1]!)
      const before = (recent.get(act.subject) ?? []).filter((each) => act.at - each.at <= 1000)
      if ('rule' in act.who) this.#note({ act, rule: act.who.rule, decision: decisions.get(i), before, mine, at, open })
      recent.set(act.subject, [...before, ...act.writes.flatMap((write, n) => (mine[n]?.seq ? [{ write, seq: mine[n].seq, at: act.at }] : []))])
    })
  }

  #note({ act, rule, decision, before, mine, at, open }: { act: Act; rule: string; decision: Decision | undefined; before: readonly { write: Write; seq: number }[]; mine: readonly Written[]; at: Date; open: Map<string, Run> }): void {
    const cause = ANSWERS[rule] && before.findLast(({ write }) => ANSWERS[rule]!(write))
    const own = PUSHED.has(rule) ? { object: 'lead', id: act.subject } : (cause?.write ?? act.writes[0])
    const told = act.notices?.[0]
    const { object, id: record } = own ?? (told ? { object: told.object, id: told.record } : { object: 'lead', id: act.subject })
    const steps = stepsOf(act, { rule, record, decision, member: this.#member })
    const key = `${cause?.seq ?? act.at} ${rule} ${record}`
    const same = open.get(key)
    if (same) return void same.steps.push(...steps)
    const { rules, gradings } = this.#ctx.metadata
    const version = (rule.startsWith('grading:') ? gradings.get(rule.slice(8)) : rules.get(rule))?.version ?? 1
    const run: Run = { event: cause?.seq ?? null, rule, version, object, record, at, steps, act: mine.find(({ act: id }) => id !== null)?.act ?? null, decision: decision?.no ?? null }
    this.#runs.push(run)
    open.set(key, run)
  }

  /** Deadlines and ends of windows take their numbers now; acts and decisions learn what they answered. */
  async write(tx: Tx): Promise<number> {
    const timers = this.#runs.filter(({ event }) => event === null)
    const numbers = await tx.query<{ n: number }>(`select nextval('{t}.change_seq') as n from generate_series(1, $1::int)`, [timers.length])
    timers.forEach((run, i) => { run.event = numbers[i]!.n })
    for (let from = 0; from < this.#runs.length; from += PART) {
      const rows = this.#runs.slice(from, from + PART).map(({ event, rule, version, object, record, at, steps, act, decision }) => ({ e: event, r: rule, v: version, o: object, i: record, t: at, s: steps, a: act, d: decision }))
      await pastTheGuard(tx, () => tx.query(INSERT, [JSON.stringify(rows), this.#ctx.metadata.epoch]))
    }
    return this.#runs.length
  }
}

const PART = 5000
const INSERT = `with x as materialized (select * from json_to_recordset($1::json) as x(e bigint, r text, v int, o text, i uuid, t timestamptz, s jsonb, a bigint, d bigint)),
  acts as (update {t}.act set cause = cause || jsonb_build_object('event', x.e) from x where act.id = x.a),
  decisions as (update {t}.decision set event = x.e from x where decision.no = x.d)
  insert into {t}.run (event, rule, version, status, object, record, started_at, finished_at, steps, act, epoch) select e, r, v, 'done', o, i, t, t, s, a, $2::bigint from x on conflict do nothing`

interface About { rule: string; record: string; decision: Decision | undefined; member: (key: string) => number }

/** What the act did, step by step, as the engine would note it. */
function stepsOf({ writes, notices = [] }: Act, { rule, record, decision, member }: About): object[] {
  const assigned = decision ? [{ do: 'assign', policy: decision.policy, chosen: decision.chosen, reason: decision.reason, decision: decision.no, ...(decision.chosen === null && { why: 'nobody', pool: decision.pool }) }] : []
  const told = [...Map.groupBy(notices, ({ kind }) => kind)].map(([kind, some]) => ({ do: 'notify', kind, to: some.map(({ to }) => member(to)) }))
  return [...assigned, ...writes.flatMap((write) => stepOf(write, rule).map((step) => ({ ...step, ...(write.id !== record && !('created' in step) && !('updated' in step) && { on: { object: write.object, id: write.id } }) }))), ...told]
}

function stepOf(write: Write, rule: string): ({ do: string } & Record<string, unknown>)[] {
  if (write.op === 'delete') return []
  if (write.op === 'create') return [{ do: 'create', object: write.object, created: write.id }]
  const { values = {}, addTags = [], removeTags = [] } = write
  const { grade, ...others } = values
  const rest = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
  return [
    ...(addTags.length + removeTags.length > 0 ? [{ do: 'tag', ...(addTags.length > 0 && { added: addTags }), ...(removeTags.length > 0 && { removed: removeTags }) }] : []),
    ...(grade !== undefined ? [{ do: 'grade', grading: 'lead_grade', to: grade }] : []),
    ...(Object.keys(rest).length === 0 ? (Object.keys(others).length === 0 ? [] : [{ do: 'set', why: 'no_change' }]) : write.object === 'task' && rule !== 'r3_escalate' ? [{ do: 'updateChildren', object: 'task', updated: [write.id] }] : [{ do: 'set', values: rest }]),
  ]
}
