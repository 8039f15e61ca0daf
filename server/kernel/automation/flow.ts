import { after, nextCron, parseCron } from '#language/values'
import { branchAt, branchOf, type Control } from '#language/definitions'
import { askFor } from './approvals.ts'
import { judge, seenBy } from './judge.ts'
import { recipients } from './notices.ts'
import { ownerOf } from './own.ts'
import { keptValues, perform } from './perform.ts'
import type { Row } from './plan.ts'
import { isControlled, type CompiledControl, type CompiledStep } from './program.ts'
import { holds, judging, type Scene } from './scene.ts'
import type { SeenKept, Step } from './types.ts'
import { workplaceOf } from './working-time.ts'

/** A step to come, on the run's own record or on a child. */
interface Due { step: CompiledStep; child: Row | null }
/** The run stands still: for how long at most, or until what. `join`: until its branches have come to their end. */
export interface Halt { path: string; kind: 'time' | 'condition' | 'approval' | 'join'; due: Date }
/** `stopped`: the run is over, not only the branch that came to it. */
export interface Walked { steps: Step[]; halt: Halt | null; stopped?: boolean }

/** More children than this are left alone, and the step says so. */
const MOST_CHILDREN = 50

export const all = (steps: readonly CompiledStep[], child: Row | null = null): Due[] => steps.map((step) => ({ step, child }))

/** What comes after the step at `path`, first the lane of it that is taken, where it has any. A branch ends with its own steps. */
export function following(steps: readonly CompiledStep[], path: string, lane?: 'yes' | 'no' | 'late'): Due[] {
  const branch = branchOf(path)
  return branch === '' ? onFrom(steps, path, lane) : onFrom(branchSteps(steps, branch), path.slice(branch.length + 1), lane)
}

/** The steps of a branch. */
export function branchSteps(steps: readonly CompiledStep[], branch: string): readonly CompiledStep[] {
  const { step, no } = branchAt(branch)
  const around = stepAt(steps, step)
  return (around && isControlled(around) && around.branches[no - 1]) || []
}

function onFrom(steps: readonly CompiledStep[], path: string, lane?: 'yes' | 'no' | 'late'): Due[] {
  const [head = '', inside, ...rest] = path.split('.')
  const [at, later] = [steps[Number(head)], all(steps.slice(Number(head) + 1))]
  if (!at || !isControlled(at)) return later
  if (inside === undefined) return [...(lane ? all(at[lane]) : []), ...later]
  return [...onFrom(lanesAt(at, inside), rest.join('.'), lane), ...later]
}

const lanesAt = ({ yes, no, late, branches }: CompiledControl, lane: string): readonly CompiledStep[] => (lane === 'no' ? no : lane === 'late' ? late : (branches[Number(lane.slice(1)) - 1] ?? yes))

/** The step at `path`. */
export function stepAt(steps: readonly CompiledStep[], path: string): CompiledStep | undefined {
  const [head = '', inside, ...rest] = path.split('.')
  const at = steps[Number(head)]
  if (inside === undefined || !at) return at
  return isControlled(at) ? stepAt(lanesAt(at, inside), rest.join('.')) : undefined
}

/** Step after step, to the end or to a wait. Undefined while something is being fetched; a dry plan goes both ways of a fork, to find what may be touched. */
export function walk(scene: Scene, todo: Due[]): Walked | undefined {
  const steps: Step[] = []
  let [whole, stopped] = [true, false]
  for (let next; (next = todo.shift()); ) {
    const here = next.child ? { ...scene, trigger: next.child, owner: ownerOf(next.child) ?? scene.owner } : scene
    const passed = scene.skips?.find(({ path }) => path === next.step.path)
    if (passed) { steps.push({ do: isControlled(next.step) ? next.step.control.do : next.step.action.do, why: 'by_hand', ...passed }); continue }
    const went = isControlled(next.step) ? steer(here, next.step, todo) : perform(here, next.step)
    if (went === 'unknown') return undefined
    if (went && isHalted(went)) return whole && !scene.plan.dry ? { steps: [...steps, went.step], halt: went.halt } : undefined
    if (!went) { whole = false; continue }
    steps.push(scene.rule.flows ? Object.assign(went, { path: next.step.path }) : went)
    if (went.do !== 'stop' || went.why !== undefined) continue
    stopped ||= next.child === null
    todo.splice(0, next.child ? todo.findLastIndex(({ child }) => child === next.child) + 1 : todo.length)
  }
  return whole ? { steps, halt: null, stopped } : undefined
}

interface Halted { halt: Halt; step: Step }
const isHalted = (went: Step | Halted): went is Halted => typeof went.halt === 'object'

/** Where a step goes on: what it brings comes next in `todo`. */
function steer(scene: Scene, step: CompiledControl, todo: Due[]): Step | Halted | 'unknown' {
  const { control } = step
  switch (control.do) {
    case 'wait': case 'waitClock': return halted(step, 'time', comesAt(scene, control))
    case 'waitUntil': return until(scene, step, todo)
    case 'approve': return approval(scene, step, todo)
    case 'branch': return fork(scene, step, todo)
    case 'forEach': return repeat(scene, step, todo)
    case 'parallel': return part(scene, step)
  }
}

const halted = ({ control, path }: CompiledControl, kind: Halt['kind'], due: Date): Halted => ({ halt: { path, kind, due }, step: { do: control.do, path, until: due.toISOString() } })

function comesAt({ plan: { ctx } }: Scene, control: Extract<Control, { do: 'wait' | 'waitClock' }>): Date {
  const now = ctx.now.getTime()
  if (control.do === 'wait') return new Date(after(now, control.for, workplaceOf(ctx)))
  const [hour, minute] = control.at.split(':').map(Number)
  return new Date(nextCron(parseCron(`${minute} ${hour} * * *`)!, now, ctx.tenant.zone, control.workingDays ? ctx.metadata.calendar : undefined) ?? now)
}

/** What holds already is not waited for. The record is locked: whatever comes after it finds the wait. */
function until(scene: Scene, step: CompiledControl, todo: Due[]): Step | Halted | 'unknown' {
  const { plan, trigger } = scene
  plan.hold(trigger)
  if (plan.dry) { todo.unshift(...all(step.yes)); return { do: 'waitUntil' } }
  const met = holds(plan, step.condition, trigger)
  if (met === undefined) return 'unknown'
  if (!met) return halted(step, 'condition', new Date(after(plan.ctx.now.getTime(), (step.control as Extract<Control, { do: 'waitUntil' }>).atMost, workplaceOf(plan.ctx))))
  todo.unshift(...all(step.yes))
  return { do: 'waitUntil', went: 'met', saw: sawOf(scene, step) }
}

/** Nobody there to be asked: it is too late at once, and the step says so. */
function approval(scene: Scene, step: CompiledControl, todo: Due[]): Step | Halted | 'unknown' {
  const { plan, trigger } = scene
  plan.hold(trigger)
  const control = step.control as Extract<Control, { do: 'approve' }>
  if (plan.dry) { recipients({ plan, target: trigger }, control.to); todo.unshift(...all(step.yes), ...all(step.no), ...all(step.late)); return { do: 'approve' } }
  const due = new Date(after(plan.ctx.now.getTime(), control.atMost, workplaceOf(plan.ctx)))
  const asked = askFor(scene, control, { path: step.path, due })
  if (!asked) return 'unknown'
  if (asked.length === 0) { todo.unshift(...all(step.late)); return { do: 'approve', went: 'late', nobody: true } }
  const { halt, step: told } = halted(step, 'approval', due)
  return { halt, step: { ...told, asked } }
}

/** Branches begin in a time of their own, each by itself: whatever becomes of one is nothing to the others. */
const part = ({ plan }: Scene, { path, branches }: CompiledControl): Halted => ({ halt: { path, kind: 'join', due: plan.ctx.now }, step: { do: 'parallel', path, branches: branches.length } })

function fork(scene: Scene, step: CompiledControl, todo: Due[]): Step | 'unknown' {
  const { plan, trigger } = scene
  const child = trigger.id === scene.event.record ? null : trigger
  if (plan.dry) { todo.unshift(...all(step.yes, child), ...all(step.no, child)); return { do: 'branch' } }
  const met = holds(plan, step.condition, trigger)
  if (met === undefined) return 'unknown'
  todo.unshift(...all(met ? step.yes : step.no, child))
  return { do: 'branch', went: met ? 'yes' : 'no', saw: sawOf(scene, step) }
}

/** What the condition of a step has read of the record. */
export function sawOf({ plan, trigger }: Scene, { condition }: CompiledControl): SeenKept {
  return keptValues(condition!.needs, trigger.values, seenBy(condition!.needs, trigger, plan)!)
}

function repeat(scene: Scene, step: CompiledControl, todo: Due[]): Step | 'unknown' {
  const { plan, trigger, rule: { rule } } = scene
  const { object, childVia } = step.control as Extract<Control, { do: 'forEach' }>
  const children = plan.children({ key: `${rule.key}.${rule.version} ${step.path}`, object, via: childVia, where: step.condition, order: 'oldest', limit: MOST_CHILDREN + 1 }, trigger)
  const verdicts = children?.map((child) => judge(step.condition!, child, judging(plan)))
  if (!verdicts || verdicts.includes(undefined)) return 'unknown'
  const found = children!.filter((_, i) => verdicts[i])
  todo.unshift(...found.slice(0, MOST_CHILDREN).flatMap((child) => all(step.yes, child)))
  return { do: 'forEach', object, count: Math.min(found.length, MOST_CHILDREN), ...(found.length === 0 && { why: 'no_children' as const }), ...(found.length > MOST_CHILDREN && { more: true }) }
}
