import type { Context } from '#kernel/access'
import { openDesk } from '#kernel/assignment'
import { lockCapacity, write, type ActDraft, type Intent, type WriteResult, type Written } from '#kernel/records'
import type { Refusal } from '#contract'
import { isRetryable } from '#platform/db'
import { keepApprovals } from './approvals.ts'
import { armAfter, timersFor, type Standing } from './deadlines.ts'
import { barKey, decide, type Limits } from './decide.ts'
import { causeOf, nameChains } from './loops.ts'
import { openGrip, Plan, type Edit, type Grip } from './plan.ts'
import type { Outcome } from './outcome.ts'
import { persist } from './persist.ts'
import { pokeAfter } from './poking.ts'
import { programOf, type Program } from './program.ts'
import { Outdated } from './queue.ts'
import { regrade } from './regrade.ts'
import { waitKey, type Event, type RunDraft } from './types.ts'
import { keepWaits, pokeWaits } from './waits.ts'
import { upsert, World } from './world.ts'

/** What a transaction that had to begin again has learned; carried over by the caller. */
export interface Memory { grip: Grip }
export const openMemory = (): Memory => ({ grip: openGrip() })

/**
 * Answers a batch of events in the transaction of `ctx`: find out what will be touched, lock it (loads by member, records by object and id),
 * decide on what then stands, write everything once. The number of statements does not depend on the number of events.
 */
export async function answer(ctx: Context, events: readonly Event[], limits: Limits, memory: Memory): Promise<Outcome> {
  const program = programOf(ctx.metadata)
  const world = new World(ctx)
  await world.open()
  await foresee(world, program, { events, limits, memory })
  await lock(world, memory.grip)
  return carryOut(world, program, { events, limits, memory })
}

interface Task { events: readonly Event[]; limits: Limits; memory: Memory }

/** Everything that the events call for. */
export function drawUp(world: World, program: Program, { events, limits }: Pick<Task, 'events' | 'limits'>, dry: boolean): Plan {
  const plan = new Plan(world, program, dry)
  for (const event of events) { decide(plan, event, limits); armAfter(plan, event); pokeAfter(plan, event) }
  regrade(plan, events, limits)
  return plan
}

/** Refusals of one batch, and passes that bring nothing new, after which it is given up; and passes at all: what is asked anew each time never ends. */
const ROUNDS = 20
const PASSES = 1_000

/** Plans until nothing has to be fetched any more. A condition after a condition is asked for only when that one is known, so a long rule takes many passes. */
async function settled(world: World, program: Program, task: Task, dry: boolean): Promise<Plan> {
  for (let [pass, idle] = [0, 0]; pass < PASSES && idle < ROUNDS; pass++) {
    if (!world.asks.none) idle = (await world.fetch()) ? 0 : idle + 1
    const plan = drawUp(world, program, task, dry)
    if (world.asks.none) return plan
  }
  throw new Error('a plan asks for something that never comes')
}

/** A dry plan tells what has to be locked. */
async function foresee(world: World, program: Program, task: Task): Promise<void> {
  const { grip } = await settled(world, program, task, true)
  learn(task.memory.grip, grip)
}

async function lock(world: World, { rows, policies, owners }: Grip): Promise<void> {
  if (policies.size > 0) world.desk = await openDesk(world.ctx, { policies: [...policies], alsoLock: [...owners] })
  else if (owners.size > 0) await lockCapacity(world.ctx, [...owners])
  await world.lock(rows)
}

function learn(known: Grip, more: Grip): void {
  for (const [object, ids] of more.rows) for (const id of ids) upsert(known.rows, object, () => new Set<string>()).add(id)
  for (const policy of more.policies) known.policies.add(policy)
  for (const owner of more.owners) known.owners.add(owner)
}

/** The plan on what stands under the locks, and its writing. A refused write bars the rule that asked for it, and the rest is planned again. */
async function carryOut(world: World, program: Program, task: Task): Promise<Outcome> {
  const barred = new Map(task.limits.barred)
  const at = new Map(task.limits.at)
  for (let round = 0; round < ROUNDS; round++) {
    const plan = await settled(world, program, { ...task, limits: { ...task.limits, barred, at } }, false)
    if (plan.grip.rows.size + plan.grip.policies.size > 0) {
      learn(task.memory.grip, plan.grip)
      throw new Outdated('something more has to be locked')
    }
    const edits = editsOf(plan)
    // Loads that are found out only here are taken without waiting; where somebody has them, the next attempt locks them in their order.
    const result = await writeEdits(plan, edits).catch((error: unknown) => { if (isRetryable(error)) learn(task.memory.grip, plan.grip); throw error })
    if (result.ok) return finish(plan, task.events, edits, result)
    for (const { index, refusal } of result.refusals) bar({ barred, at }, edits[index]!, refusal)
  }
  throw new Error('a batch is refused again and again')
}

async function writeEdits(plan: Plan, edits: readonly Edit[]): Promise<WriteResult> {
  const { acts, intents } = wordingOf(plan, edits)
  const actIds = await drawNumbers(plan, acts.length)
  if (edits.length === 0) return { ok: true, written: [], also: [], kept: [] }
  const ctx = { ...plan.ctx, metadata: plan.program.answering, actor: acts[0]!.actor, cause: acts[0]!.cause }
  return write(ctx, intents(), { acts, actIds, locked: plan.world.locked })
}

/** What really does something. */
export const editsOf = ({ edits }: Plan): Edit[] => [...edits.values()].filter(({ values, addTags, removeTags, owner, row }) => row.born || owner !== undefined || addTags.size + removeTags.size + Object.keys(values).length > 0)

/** The edits as the write path is told of them: one act per event; `intents` once the decisions have their numbers. */
export function wordingOf(plan: Plan, edits: readonly Edit[]): { events: Event[]; acts: ActDraft[]; intents: () => Intent[] } {
  const byEvent = Map.groupBy(edits, ({ event }) => event)
  const runs = Map.groupBy(plan.runs, ({ event }) => event)
  const events = [...byEvent.keys()]
  const place = new Map(events.map((event, i) => [event, i]))
  const acts = events.map((event) => actFor(event, byEvent.get(event)!, runs.get(event.seq) ?? []))
  return { events, acts, intents: () => edits.map((edit) => intentFor(edit, place.get(edit.event)!)) }
}

/** The numbers of decisions, taken under the capacity lock, and with them those of the acts that carry them out: one statement, none without a decision. */
async function drawNumbers({ ctx, numbered }: Plan, acts: number): Promise<number[] | undefined> {
  if (numbered.length === 0) return undefined
  const rows = await ctx.tx.query<{ decision: number | null; act: number | null }>(`select nextval('{t}.decision_no') as decision, null::bigint as act from generate_series(1, $1) union all select null, nextval('{t}.act_id') from generate_series(1, $2)`, [numbered.length, acts], { name: 'draw numbers' })
  const drawn = rows.flatMap(({ decision }) => decision ?? [])
  numbered.forEach(({ decision }, i) => { decision.no = drawn[i]! })
  return rows.flatMap(({ act }) => act ?? [])
}

/** One act per event, in the name of the first rule that wrote some of it, however its run goes on; the cause names all that did. */
export function actFor(event: Event, edits: readonly Edit[], runs: readonly RunDraft[]): ActDraft {
  const rules = writersOf(edits, runs)
  const cause = { ...causeOf(event, rules[0] ?? '', edits.length), ...(rules.length > 1 && { rules }) }
  return { actor: { kind: 'rule', key: cause.rule!, event: event.seq, depth: cause.depth! }, cause }
}

/** In the order of their runs. A grading follows what rules write: it lends its name only where none of them wrote. */
function writersOf(edits: readonly Edit[], runs: readonly RunDraft[]): string[] {
  const writers = new Set(edits.flatMap((edit) => [...edit.writers]))
  const wrote = runs.map(({ rule }) => rule).filter((rule) => writers.has(rule))
  const rules = wrote.filter((rule) => !rule.startsWith('grading:'))
  return rules.length > 0 ? rules : wrote.slice(0, 1)
}

function intentFor({ row, values, owner, decision, addTags, removeTags }: Edit, act: number): Intent {
  const { object, id, born } = row
  const change = { object, id, values, act, ...(owner !== undefined && { owner }), ...(decision && decision.no !== null && { decision: decision.no }) }
  if (born) return { op: 'create', ...change, tags: [...addTags], owner: owner ?? null }
  return { op: 'update', ...change, addTags: [...addTags], removeTags: [...removeTags] }
}

/** The rule that wrote the refused field, or every rule that wrote to the record. */
function bar({ barred, at }: { barred: Map<string, string>; at: Map<string, string> }, { event, by, at: steps }: Edit, { code, path, params }: Refusal): void {
  const culprits = path !== undefined && by.has(path) ? [by.get(path)!] : [...new Set(by.values())]
  const reason = [code, path, params && JSON.stringify(params)].filter(Boolean).join(' ')
  const places = new Set(path !== undefined && steps.has(path) ? [steps.get(path)!] : steps.values())
  for (const rule of culprits) {
    barred.set(barKey(event.seq, rule), reason)
    if (culprits.length === 1 && places.size === 1) at.set(barKey(event.seq, rule), [...places][0]!)
  }
}

/** Every record once: as written, else as the plan has it. */
function standing({ armed, world }: Plan, written: readonly Written[]): Iterable<Standing> {
  const changed = written.filter((each) => each.changed).map(({ object, id, after, created }): Standing => ({ object, id, values: after.values, gone: after.gone, before: created ? {} : (world.known(id)?.values ?? {}) }))
  const rows = new Map<string, Standing>(changed.map((each) => [each.id, each]))
  for (const { object, id, values, gone } of armed) rows.set(id, { object, id, gone, values: rows.get(id)?.values ?? values, before: undefined })
  return rows.values()
}

async function finish(plan: Plan, events: readonly Event[], edits: readonly Edit[], { written, also }: { written: Written[]; also: Written[] }): Promise<Outcome> {
  for (const { step, decision } of plan.numbered) step['decision'] = decision.no
  await nameChains(plan.ctx.tx, plan.runs)
  const acts = new Map(written.flatMap(({ act }, i) => (act === null ? [] : [[edits[i]!.event.seq, act]])))
  const timers = timersFor(plan.program, plan.ctx, standing(plan, [...written, ...also]))
  await persist(plan, { events, acts, timers: [...timers.set, ...plan.timers], lift: [...timers.lift, ...plan.ended.map(waitKey)] })
  await keepWaits(plan.ctx, plan)
  await keepApprovals(plan.ctx, plan.approvals)
  await pokeWaits(plan.ctx, plan.poked)
  return { events: events.length, runs: plan.runs.length, notices: plan.notices.length, outbox: plan.outbox.length }
}
