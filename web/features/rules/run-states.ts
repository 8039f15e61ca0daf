import type { SentShape } from '#contract/api'
import { isControl, stepsIn, type Step } from '#language/definitions'
import { clockTime } from '../../design/format.ts'
import { t, type WordKey } from '../../i18n/index.ts'
import type { NodeState } from './flow-canvas.tsx'
import { reasonOf, waitText, wentText, type Run } from './rule-runs.tsx'

type Branch = Run['branches'][number]
type States = Map<string, NodeState>
interface Kept { told?: boolean; off?: number[]; answered?: 'yes' | 'no'; do?: string; path?: string; why?: string; until?: string; went?: string; nobody?: boolean; sent?: SentShape }

/** By the place of a step: what became of it. A step that was repeated counts as done when one of its turns was. */
export function statesOf(run: Pick<Run, 'status' | 'steps' | 'branches' | 'wait'>, steps: readonly Step[]): ReadonlyMap<string, NodeState> {
  const ahead: NodeState = { tone: 'ahead', text: t(goesOn(run) ? 'rules.notYet' : 'rules.notReached') }
  const states: States = new Map(stepsIn(steps).map(({ path }) => [path, ahead]))
  const flows = steps.some(isControl)
  run.steps.forEach((step, index) => {
    const kept = step as Kept
    const path = kept.path ?? (flows ? undefined : String(index))
    if (path === undefined || !states.has(path) || (kept.why && states.get(path)!.tone === 'done')) return
    states.set(path, stateOf(kept))
    if (kept.went === 'joined') for (const n of kept.off ?? []) leave(states, `${path}.b${n}`, t('rules.sideCalledOff'))
    else passOver(states, path, kept.went)
  })
  const failed = run.steps.flatMap((step) => ((step as Kept).why === 'failed' ? ((step as Kept).path ?? []) : []))
  for (const branch of run.branches) side(states, branch, { ahead, failed: failed.findLast((path) => path.startsWith(`${branch.branch}.`)), after: undefined })
  const place = run.wait?.path
  if (run.wait && place && run.wait.state !== 'failed') states.set(place, { tone: 'waiting', text: run.wait.state === 'cancelled' ? t('rules.run_cancelled') : waitText(run.wait) })
  if (run.status === 'failed' && run.branches.length === 0) failing(states, [...states.keys()], { ahead, failed: failed.at(-1), after: place })
  return states
}

/** A run whose branch has failed goes on with the others. */
const goesOn = ({ status, branches }: Pick<Run, 'status' | 'branches'>): boolean => status === 'waiting' || status === 'held' || (status === 'failed' && branches.length > 0)

/** What a branch has not come to is not to come. */
function leave(states: States, branch: string, text: string): void {
  for (const [path, { tone }] of states) if (path.startsWith(`${branch}.`) && tone !== 'done') states.set(path, { tone: 'skipped', text })
}

function side(states: States, branch: Branch, at: Failing): void {
  if (branch.state === 'dismissed') return leave(states, branch.branch, t('rules.sideDismissed'))
  if (branch.state === 'failed') failing(states, [...states.keys()].filter((path) => path.startsWith(`${branch.branch}.`)), at)
  else if (states.has(branch.path)) states.set(branch.path, { tone: 'waiting', text: branch.state === 'cancelled' ? t('rules.run_cancelled') : waitText(branch) })
}

const TAKEN: Readonly<Record<string, string>> = { yes: 'yes', met: 'yes', approved: 'yes', no: 'no', refused: 'no' }
/** A run goes one way: what stands on the other is not to come. */
function passOver(states: States, path: string, went: string | undefined): void {
  if (!went || went === 'due') return
  // Too late is a lane of its own where somebody was asked, and the other one elsewhere.
  const lanes = new Set([...states.keys()].filter((key) => key.startsWith(`${path}.`)).map((key) => key.slice(path.length + 1).split('.')[0]!))
  const taken = TAKEN[went] ?? (lanes.has('late') ? 'late' : 'no')
  for (const key of states.keys()) if (key.startsWith(`${path}.`) && !key.startsWith(`${path}.${taken}.`)) states.set(key, { tone: 'ahead', text: t('rules.notTaken') })
}

/** `ahead`: what nothing is known of; `failed`: the step that could not be written, where it is known; `after`: the wait before it. */
interface Failing { ahead: NodeState; failed: string | undefined; after: string | undefined }

/** What is done between two waits is written together or not at all: steps before the one that failed were taken back with it. */
function failing(states: States, paths: readonly string[], { ahead, failed, after }: Failing): void {
  const open = paths.filter((path) => states.get(path) === ahead)
  if (failed !== undefined) for (const path of open) states.set(path, { tone: 'ahead', text: t(besides(path, failed, paths)) })
  else {
    const from = after === undefined ? 0 : paths.indexOf(after) + 1
    const [first, ...others] = open.filter((path) => paths.indexOf(path) >= from)
    if (first) states.set(first, { tone: 'failed', text: t('rules.failsFrom') })
    for (const path of others) states.set(path, { tone: 'ahead', text: t('rules.noEffect') })
  }
}

function besides(path: string, failed: string, paths: readonly string[]): WordKey {
  const [own, its] = [path.split('.'), failed.split('.')]
  const parts = own.findIndex((piece, at) => piece !== its[at])
  // Places and lanes take turns: 2.yes.0.
  if (parts % 2 === 1) return 'rules.notTaken'
  if (paths.indexOf(path) > paths.indexOf(failed)) return 'rules.notReached'
  // Of an earlier step that holds others it is not known which way was gone.
  return parts !== -1 && parts < own.length - 1 ? 'rules.noEffect' : 'rules.takenBack'
}

const SENT: Partial<Record<SentShape['state'], NodeState['tone']>> = { delivered: 'done', refused: 'failed', failed: 'failed' }

function stateOf({ why, until, went, answered, told, sent }: Kept): NodeState {
  if (sent) return { tone: SENT[sent.state] ?? 'waiting', text: t(`sending.state_${sent.state}`) }
  if (why === 'failed') return { tone: 'failed', text: t('rules.failedHere') }
  if (why) return { tone: 'skipped', text: t('rules.skippedBecause', { reason: reasonOf(why) }) }
  if (went) return { tone: 'done', text: wentText({ went, answered, told }) }
  return until ? { tone: 'waiting', text: t('rules.waitsUntilTime', { when: clockTime(until) }) } : { tone: 'done', text: t('rules.stepDone') }
}
