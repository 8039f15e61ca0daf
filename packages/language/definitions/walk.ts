import type { Control, Lane, Step } from './flow.ts'
import type { Action } from './rule.ts'

const CONTROLS: ReadonlySet<string> = new Set(['wait', 'waitClock', 'waitUntil', 'approve', 'branch', 'forEach'])
export const isControl = (step: Step): step is Control => CONTROLS.has(step.do)
export const isWait = (step: Step): boolean => step.do === 'wait' || step.do === 'waitClock' || step.do === 'waitUntil' || step.do === 'approve'

/** The lists of steps inside a step, by lane. */
export function lanesOf(step: Step): [Lane, readonly Step[]][] {
  if (step.do === 'branch' || step.do === 'waitUntil') return [['yes', step.yes], ['no', step.no]]
  if (step.do === 'approve') return [['yes', step.yes], ['no', step.no], ['late', step.late]]
  return step.do === 'forEach' ? [['steps', step.steps]] : []
}

/** A step and where it stands: `2`, `2.yes.0`, `2.yes.0.steps.1`. `waited`: a wait may have come before it. `each`: the step that repeats it. `depth`: of its list. */
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
    return [{ ...step, [lane]: stepChanged((step as unknown as Record<string, readonly Step[]>)[lane] ?? [], rest.join('.'), change) } as Step]
  })
}

/** Another list with a step put in before the place `path` (`2.yes.0`; one beyond the end appends). */
export function stepAdded(steps: readonly Step[], path: string, step: Step): Step[] {
  const [head = '', lane, ...rest] = path.split('.')
  if (lane === undefined) return [...steps.slice(0, Number(head)), step, ...steps.slice(Number(head))]
  return steps.map((each, at) => (at !== Number(head) ? each : { ...each, [lane]: stepAdded((each as unknown as Record<string, readonly Step[]>)[lane] ?? [], rest.join('.'), step) } as Step))
}

/** Every action with the object whose records it stands among: the trigger's, or that of the children it is repeated on. */
export const actionsOn = (object: string, steps: readonly Step[]): { action: Action; object: string; path: string; waited: boolean }[] =>
  stepsIn(steps).flatMap(({ step, path, waited, each }) => (isControl(step) ? [] : [{ action: step, object: each?.object ?? object, path, waited }]))
