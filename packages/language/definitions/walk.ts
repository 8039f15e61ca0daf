import type { Control, Lane, Step } from './flow.ts'
import type { Action } from './rule.ts'

const CONTROLS: ReadonlySet<string> = new Set(['wait', 'waitClock', 'waitUntil', 'approve', 'branch', 'forEach', 'parallel'])
export const isControl = (step: Step): step is Control => CONTROLS.has(step.do)
/** The run stands still there: what comes after it, and inside it, comes later. */
export const isWait = (step: Step): boolean => step.do === 'wait' || step.do === 'waitClock' || step.do === 'waitUntil' || step.do === 'approve' || step.do === 'parallel'

/** The lists of steps inside a step, by lane. */
export function lanesOf(step: Step): [Lane, readonly Step[]][] {
  if (step.do === 'branch' || step.do === 'waitUntil') return [['yes', step.yes], ['no', step.no]]
  if (step.do === 'approve') return [['yes', step.yes], ['no', step.no], ['late', step.late]]
  if (step.do === 'parallel') return step.branches.map((steps, at) => [`b${at + 1}`, steps])
  return step.do === 'forEach' ? [['steps', step.steps]] : []
}

/** The step with other steps in one of its lanes. */
export function withLane(step: Step, lane: string, steps: Step[]): Step {
  if (step.do !== 'parallel') return { ...step, [lane]: steps } as Step
  return { ...step, branches: step.branches.map((each, at) => (lane === `b${at + 1}` ? steps : each)) }
}

const BRANCH = /^b\d+$/
/** The branch in which a step stands, by its path: `2.b1` of `2.b1.0.yes.3`, the innermost; empty: it stands in none. */
export function branchOf(path: string): string {
  const parts = path.split('.')
  return parts.slice(0, parts.findLastIndex((part, at) => BRANCH.test(part) && at < parts.length - 1) + 1).join('.')
}
/** A branch by its path: the path of its step, and which it is, from 1. */
export const branchAt = (branch: string): { step: string; no: number } => ({ step: branch.slice(0, branch.lastIndexOf('.')), no: Number(branch.slice(branch.lastIndexOf('.') + 2)) })
const stepsAt = (step: Step, lane: string): readonly Step[] => lanesOf(step).find(([name]) => name === lane)?.[1] ?? []

/** A step and where it stands: `2`, `2.yes.0`, `2.b1.0.steps.1`. `waited`: a wait may have come before it. `each`: the step that repeats it. `depth`: of its list. */
export interface Placed<S = Step> { step: S; path: string; waited: boolean; each: Extract<Control, { do: 'forEach' }> | null; depth: number }

/** Every step in reading order. */
export function stepsIn(steps: readonly Step[]): Placed[] {
  const found: Placed[] = []
  walk(steps, { prefix: '', waited: false, each: null, depth: 0 }, found)
  return found
}

interface Inside { prefix: string; waited: boolean; each: Placed['each']; depth: number }

/** True when a wait may have been passed by its end. */
function walk(steps: readonly Step[], inside: Inside, found: Placed[]): boolean {
  let { waited } = inside
  for (const [at, step] of steps.entries()) {
    const path = `${inside.prefix}${at}`
    found.push({ step, path, waited, each: inside.each, depth: inside.depth })
    const after = isWait(step)
    const within = lanesOf(step).map(([lane, list]) => walk(list, { prefix: `${path}.${lane}.`, waited: waited || after, each: step.do === 'forEach' ? step : inside.each, depth: inside.depth + 1 }, found))
    waited ||= after || within.includes(true)
  }
  return waited
}

/** Every action of a rule, however deep. */
export const actionsIn = (steps: readonly Step[]): Action[] => stepsIn(steps).flatMap(({ step }) => (isControl(step) ? [] : [step]))

/** Another list in which the step at `path` is what `change` makes of it; null takes it out. */
export function stepChanged(steps: readonly Step[], path: string, change: (step: Step) => Step | null): Step[] {
  const [head = '', lane, ...rest] = path.split('.')
  return steps.flatMap((step, at) => {
    if (at !== Number(head)) return [step]
    if (lane === undefined) return change(step) ?? []
    return [withLane(step, lane, stepChanged(stepsAt(step, lane), rest.join('.'), change))]
  })
}

/** Another list with a step put in before the place `path` (`2.yes.0`; one beyond the end appends). */
export function stepAdded(steps: readonly Step[], path: string, step: Step): Step[] {
  const [head = '', lane, ...rest] = path.split('.')
  if (lane === undefined) return [...steps.slice(0, Number(head)), step, ...steps.slice(Number(head))]
  return steps.map((each, at) => (at !== Number(head) ? each : withLane(each, lane, stepAdded(stepsAt(each, lane), rest.join('.'), step))))
}

/** Every action with the object whose records it stands among: the trigger's, or that of the children it is repeated on. */
export const actionsOn = (object: string, steps: readonly Step[]): { action: Action; object: string; path: string; waited: boolean }[] =>
  stepsIn(steps).flatMap(({ step, path, waited, each }) => (isControl(step) ? [] : [{ action: step, object: each?.object ?? object, path, waited }]))
