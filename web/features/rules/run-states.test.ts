import { expect, test } from 'vitest'
import type { Step } from '#language/definitions'
import { teach } from '../../i18n/index.ts'
import { zh } from '../../i18n/zh/index.ts'
import { statesOf } from './run-states.ts'

teach(zh)
const tag: Step = { do: 'tag', add: ['hot'] }
const branch = (yes: Step[], no: Step[]): Step => ({ do: 'branch', condition: { all: [] }, yes, no })
type Run = Parameters<typeof statesOf>[0]
const run = (more: Partial<Run>): Run => ({ status: 'failed', steps: [], branches: [], wait: null, ...more })
const said = (states: Run, steps: Step[]): Record<string, string> => Object.fromEntries([...statesOf(states, steps)].map(([path, { text }]) => [path, text]))

const BACK = '随失败的一步一起撤回，没有生效'
const HERE = '这一步没有做成'

test('what stands before the step that failed was taken back with it, and what stands after it was not reached', () => {
  expect(said(run({ steps: [{ do: 'tag', path: '1', why: 'failed' }] }), [tag, tag, tag])).toEqual({ 0: BACK, 1: HERE, 2: '没有走到' })
})

test('beside the lane in which a step failed nothing was done; which lane of an earlier step was gone is not known', () => {
  const steps = [branch([tag], [tag]), branch([tag, tag, tag], [tag]), tag]
  expect(said(run({ steps: [{ do: 'tag', path: '1.yes.1', why: 'failed' }] }), steps)).toEqual({
    0: BACK, '0.yes.0': '没有生效', '0.no.0': '没有生效', 1: BACK, '1.yes.0': BACK, '1.yes.1': HERE, '1.yes.2': '没有走到', '1.no.0': '没走这边', 2: '没有走到',
  })
})

test('what was done before a wait stays, whatever fails after it', () => {
  const steps: Step[] = [tag, { do: 'wait', for: '1d' }, tag, tag]
  const earlier = [{ do: 'tag', path: '0' }, { do: 'wait', path: '1', went: 'due' }]
  const wait = { state: 'failed', path: '1' } as Run['wait']
  expect(said(run({ steps: [...earlier, { do: 'tag', path: '3', why: 'failed' }], wait }), steps)).toEqual({ 0: '已完成', 1: '时间到了，继续', 2: BACK, 3: HERE })
  expect(said(run({ steps: earlier, wait }), steps)).toEqual({ 0: '已完成', 1: '时间到了，继续', 2: '从这里起没有做成', 3: '没有生效' })
})

test('a branch that fails leaves the others on their way', () => {
  const steps: Step[] = [{ do: 'parallel', branches: [[tag, tag], [tag]], join: 'all' } as unknown as Step, tag]
  const branches = [{ branch: '0.b1', path: '0.b1', state: 'failed' }] as unknown as Run['branches']
  const states = said(run({ steps: [{ do: 'tag', path: '0.b1.1', why: 'failed' }], branches }), steps)
  expect(states).toMatchObject({ '0.b1.0': BACK, '0.b1.1': HERE, '0.b2.0': '还没走到', 1: '还没走到' })
})

test('a run that waits has yet to come to its next steps, one that has ended never does', () => {
  expect(said(run({ status: 'waiting' }), [tag])).toEqual({ 0: '还没走到' })
  expect(said(run({ status: 'loop_stopped' }), [tag])).toEqual({ 0: '没有走到' })
})
