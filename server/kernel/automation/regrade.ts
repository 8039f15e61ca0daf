import { barKey, type Limits } from './decide.ts'
import { verdictOn } from './grades.ts'
import type { CompiledGrading, Verdict } from './gradings.ts'
import type { Plan, Row } from './plan.ts'
import { put, retag } from './scene.ts'
import { NO_RECORD, type Event, type Kin, type Step } from './types.ts'
import { STAMPED } from './hearing.ts'
import { parentsOf } from './poking.ts'

interface Wish { graded: CompiledGrading; row: Row; event: Event }

/** Records regraded in one batch because their common parents changed; the others are left to timers that are due at once, so that no transaction holds more. */
const KIN = 500
/** How many of them are left. */
interface Budget { left: number }

/** Gradings are kept live: after all rules, every record that an event of the batch concerns is graded once, as it then stands. */
export function regrade(plan: Plan, events: readonly Event[], limits: Limits): void {
  const wishes = new Map<string, Wish>()
  const budget: Budget = { left: KIN }
  for (const event of events) for (const { graded, row } of concerned(plan, event, budget)) if (!row.gone && !row.born) wishes.set(`${graded.grading.key} ${row.id}`, { graded, row, event })
  for (const wish of written(plan)) wishes.set(nameOf(wish), wish)
  const kept = new Map<string, number>()
  const takeAll = (all: Iterable<Wish>) => { for (const wish of all) if (!limits.barred.has(barKey(wish.event.seq, runKey(wish.graded)))) take(plan, wish, kept) }
  takeAll(wishes.values())
  // A grade that a segment reads, and a segment that a grading reads, have been written meanwhile.
  takeAll(written(plan).filter(({ row, graded }) => plan.graded.get(`${graded.grading.key} ${row.id}`)?.touched !== row.touched))
}

const nameOf = ({ graded, row }: Wish): string => `${graded.grading.key} ${row.id}`
function written(plan: Plan): Wish[] {
  const wishes: Wish[] = []
  for (const { event, row, by } of plan.edits.values()) {
    if (row.born) continue
    for (const graded of plan.program.gradings.of(row.object)) if (readsSome(graded.own, by.keys())) wishes.push({ graded, row, event })
  }
  return wishes
}

type Concern = Pick<Wish, 'graded' | 'row'>

/** Which records' grades an event may turn: its own, its parents', its children's. */
function concerned(plan: Plan, event: Event, budget: Budget): Concern[] {
  const { gradings } = plan.program
  const { name, kin: page } = event.timer ?? {}
  if (page) return kin(plan, event, { graded: gradings.byKey.get(name!), ...page }, budget)
  if (event.timer) return event.timer.kind === 'grade' ? rowsOf(plan, event.object, [event.record], gradings.byKey.get(event.timer.name)) : []
  const own = gradings.of(event.object).filter(({ own: reads }) => event.kind !== 'changed' || (touches(event, reads) && !gradedThen(event)))
  const above = gradings.throughChildren(event.object)
  const below = gradings.throughParents(event.object).filter(({ reads }) => event.kind === 'changed' && touches(event, reads))
  return [
    ...own.flatMap((graded) => rowsOf(plan, event.object, [event.record], graded)),
    ...above.flatMap(({ graded, via }) => rowsOf(plan, graded.grading.object, parentsOf(plan, event, { via, object: graded.grading.object }), graded)),
    ...below.flatMap(({ graded, field }) => kin(plan, event, { graded, field, behind: NO_RECORD }, budget)),
  ]
}

/** Who wrote as a rule has graded what was written in the same transaction; only what the write path stamped beside it is new. */
const gradedThen = ({ actor, fields }: Event): boolean => actor.kind === 'rule' && !Object.keys(fields).some((key) => STAMPED.has(key))

const touches = ({ fields }: Event, reads: ReadonlySet<string>): boolean => readsSome(reads, Object.keys(fields))

function readsSome(reads: ReadonlySet<string>, keys: Iterable<string>): boolean {
  for (const key of keys) if (reads.has(key)) return true
  return false
}

function rowsOf(plan: Plan, object: string, ids: readonly string[], graded: CompiledGrading | undefined): Concern[] {
  if (!graded) return []
  return ids.map((id) => plan.row(object, id)).filter((row) => row !== null && row !== undefined).map((row) => ({ graded, row }))
}

/** A page of the records that point to the event's, by id. */
function kin(plan: Plan, event: Event, { graded, field, behind }: { graded: CompiledGrading | undefined } & Kin, budget: Budget): Concern[] {
  const parent = plan.row(event.object, event.record)
  if (!graded || !parent) return []
  const { object } = graded.grading
  const page = budget.left === 0 ? [] : plan.world.children({ key: `kin ${object} ${field} ${behind}`, object, via: field, where: null, order: 'id', behind, limit: KIN }, parent.object, parent.id)
  if (!page) return []
  const those = page.slice(0, budget.left)
  if (budget.left === 0 || page.length === KIN || those.length < page.length) leaveKin(plan, event, { graded, field, behind: those.at(-1) ?? behind })
  budget.left -= those.length
  return rowsOf(plan, object, those, graded)
}

/** The rest comes in its own time. Of two that are left of one parent the one that stands further in front holds for both. */
function leaveKin(plan: Plan, { object, record }: Event, { graded: { grading }, field, behind }: { graded: CompiledGrading } & Kin): void {
  const key = `kin:${grading.key}:${field}:${record}`
  const known = plan.timers.findIndex((timer) => timer.key === key)
  const front = known < 0 ? behind : [behind, plan.timers[known]!.payload.kin!.behind].toSorted()[0]!
  if (known >= 0) plan.timers.splice(known, 1)
  plan.timers.push({ key, dueAt: plan.ctx.now, kind: 'grade', payload: { object, record, name: grading.key, kin: { field, behind: front } } })
}

export const runKey = ({ grading, tag }: CompiledGrading): string => (tag === undefined ? `grading:${grading.key}` : grading.key)

function take(plan: Plan, { graded, row, event }: Wish, kept: Map<string, number>): void {
  const { grading } = graded
  const again = plan.graded.has(`${grading.key} ${row.id}`)
  const verdict = verdictOn(plan, graded, row)
  if (!verdict) return
  const key = `grade:${grading.key}:${row.id}`
  // Taken twice in one plan: the later verdict says when.
  const before = again ? plan.timers.findIndex((timer) => timer.key === key) : -1
  if (before >= 0) plan.timers.splice(before, 1)
  if (verdict.until) plan.timers.push({ key, dueAt: verdict.until, kind: 'grade', payload: { object: row.object, record: row.id, name: grading.key } })
  if (graded.tag !== undefined) return enterOrLeave(plan, { graded, row, event }, verdict, kept)
  const from = row.values[grading.field] ?? null
  if (!put({ plan, event, by: runKey(graded), view: { values: {}, moved: false } }, row, grading.field, verdict.value)) return
  const step: Step = { do: 'grade', grading: grading.key, from, to: verdict.value, level: verdict.level, reason: verdict.reason, saw: verdict.saw }
  keepRun(plan, { graded, row, event }, step, kept)
}

/** The tag comes and goes with the verdict. */
function enterOrLeave(plan: Plan, { graded, row, event }: Wish, { level, saw }: Verdict, kept: Map<string, number>): void {
  const tag = [graded.tag!]
  const { added, removed } = retag({ plan, event, by: runKey(graded), view: { values: {}, moved: false } }, row, level >= 0 ? { add: tag, remove: [] } : { add: [], remove: tag })
  if (added.length + removed.length === 0) return
  keepRun(plan, { graded, row, event }, { do: 'segment', ...(added.length > 0 ? { added } : { removed }), saw }, kept)
}

/** One run per record: a change of a common parent turns several. */
function keepRun(plan: Plan, { graded, row, event }: Wish, step: Step, kept: Map<string, number>): void {
  const key = runKey(graded)
  const nth = (kept.get(`${event.seq} ${key}`) ?? 0) + 1
  kept.set(`${event.seq} ${key}`, nth)
  plan.runs.push({
    event: event.seq, rule: nth === 1 ? key : `${key}#${nth}`, version: graded.grading.version, status: 'done', object: row.object, record: row.id,
    seen: null, steps: [step], error: null, attempts: event.attempts,
  })
}
