import { decisionsAbout, GO, waitKey, type TimerDraft, type WaitRow } from '#kernel/automation'
import { branchAt, branchOf } from '#language/definitions'
import type { RunDecided } from './decided.ts'
import type { Waiting } from './waits.ts'

/** When a timer rings from now on; null: no more. */
export interface Rings { timer: TimerDraft; rings: Date | null }

export const timerOf = (row: WaitRow, dueAt: Date): TimerDraft => ({ key: waitKey(row), kind: 'wait', dueAt, payload: { object: row.object, record: row.record, name: row.rule, run: row.run, ...(row.branch && { branch: row.branch }) } })

/** Does the run, or this branch of it, stand so that somebody could decide so? Its rule is in force here, whatever it was then. */
export function canDecide(run: readonly Waiting[], { rule, branch, decision }: RunDecided): boolean {
  const here = run.find(({ row }) => row.branch === branch)
  return (here?.goes ?? null) !== null && decisionsAbout({ status: 'waiting', settled: null, rule }, run.map(({ row }) => row), { branch, on: true }).includes(decision)
}

/** The run with all its branches stands from now on as somebody decided; as `settleRun` does it to rows. */
export function settle(run: readonly Waiting[], { branch, decision, by, skip }: RunDecided, at: Date): Rings[] {
  const inside = run.filter(({ row }) => branch === '' || row.branch === branch || row.branch.startsWith(`${branch}.`))
  switch (decision) {
    case 'cancel': return inside.filter(({ row: { state } }) => state === 'waiting' || state === 'held').map((each) => stop(each, { state: 'cancelled', carries: { ...each.row.carries, off: by } }))
    case 'dismiss': return [
      ...inside.filter(({ row: { state } }) => state !== 'dismissed').map((each) => stop(each, { state: 'dismissed', carries: { ...each.row.carries, was: each.row.state, off: by, with: branch } })),
      ...run.filter(({ row }) => row.branch === branchOf(branchAt(branch).step) && row.state === 'waiting').map(({ row }) => ({ timer: timerOf(row, at), rings: at })),
    ]
    case 'restore': return inside.filter(({ row: { state, carries } }) => (branch === '' ? state === 'cancelled' : state === 'dismissed' && carries.with === branch)).flatMap((each) => restore(each, at))
    default: return inside.filter(({ row }) => row.branch === branch).map((each) => {
      const { row } = each
      each.row = { ...row, state: 'waiting', go: GO[decision] ?? null, carries: { ...row.carries, told: { to: decision, by }, ...(skip && { skipped: [...(row.carries.skipped ?? []), skip] }) } }
      return { timer: timerOf(row, at), rings: at }
    })
  }
}

function stop(waiting: Waiting, change: Partial<WaitRow>): Rings {
  waiting.row = { ...waiting.row, ...change }
  return { timer: timerOf(waiting.row, waiting.row.due), rings: null }
}

function restore(waiting: Waiting, at: Date): Rings[] {
  const { row, goes } = waiting
  const { was, off: _, with: __, ...carries } = row.carries
  waiting.row = { ...row, state: was === 'failed' ? 'failed' : 'waiting', carries }
  // What it waits for may have come meanwhile, or before.
  const looks = row.kind === 'condition' || row.go !== null || carries.told !== undefined || (goes !== null && goes.at < at)
  return was === 'failed' || goes === null ? [] : [{ timer: timerOf(row, at), rings: looks ? at : goes.at }]
}
