import { checkCondition, needsOf, type Condition } from '#language/conditions'
import { type Control, isWait, lanesOf, MAX_FLOW_DEPTH, type Placed } from '#language/definitions'
import { parseDuration } from '#language/values'
import { type Finding, finding, findings, under } from './finding.ts'
import type { Reader } from './reader.ts'
import { checkRecipients, checkText } from './texts.ts'

/** `object`: whose records the step stands among. */
interface Among { object: string; /** Names of what another system sends. */ sent: ReadonlySet<string>; reader: Reader }

/** A wait, a branch, a repetition: what it names exists, and it comes to something. */
export function checkControl(step: Control, { path, depth, each }: Omit<Placed, 'step'>, among: Among): Finding[] {
  return under(`actions.${path}`, findings(
    depth >= MAX_FLOW_DEPTH && lanesOf(step).length > 0 && finding('', `步骤套得太深：最多 ${MAX_FLOW_DEPTH} 层，请拆成两条规则`, `Steps stand too deep in each other: ${MAX_FLOW_DEPTH} levels at most; make two rules of it`),
    each !== null && (isWait(step) || step.do === 'forEach') && finding('', '「逐条处理」里不能等待、不能同时进行，也不能再逐条处理', 'Inside “for each” nothing can wait or go side by side, and nothing can be repeated again'),
    checkKind(step, among),
  ))
}

function checkKind(step: Control, { object, sent, reader }: Among): Finding[] {
  switch (step.do) {
    case 'wait': return lasts('for', step.for)
    case 'waitClock': return []
    case 'waitUntil': return findings(
      reader.condition('until', object, step.until, 'filter'), lasts('atMost', step.atMost), waitable(object, step.until, reader))
    case 'approve': return findings(checkRecipients(step.to, object, reader), checkText('title', step.title, { target: object, sent, reader }), checkText('body', step.body ?? '', { target: object, sent, reader }), lasts('atMost', step.atMost))
    case 'branch': return findings(
      step.yes.length + step.no.length === 0 && finding('yes', '分支里还没有步骤', 'The branch has no steps yet'),
      reader.condition('condition', object, step.condition, 'filter'))
    case 'parallel': return step.branches.flatMap((steps, at) => findings(steps.length === 0 && finding(`b${at + 1}`, `分支 ${at + 1} 里还没有步骤`, `Branch ${at + 1} has no steps yet`)))
    case 'forEach': return findings(reader.object('object', step.object), reader.referenceTo('childVia', step.object, step.childVia, object), reader.condition('where', step.object, step.where, 'filter'))
  }
}

const lasts = (path: string, length: string): Finding[] =>
  findings(parseDuration(length)?.amount === 0 && finding(path, '等待时间要大于 0', 'The wait must be longer than nothing'))

/** Whether it may have come to hold is looked at when the record or its children change: nobody tells when a parent does. */
function waitable(object: string, until: Condition, { metadata }: Reader): Finding[] {
  const checked = metadata.objects.has(object) && checkCondition(until, metadata.conditionSchema(object), 'filter')
  if (!checked || !checked.ok) return []
  const { own, parents, aggregates } = needsOf(checked.checked)
  return findings(
    parents.length > 0 && finding('until', '等待条件只能看这条记录自己的字段和它的下级记录，不能看上级记录', 'A wait can look at the record’s own fields and its children, not at what it belongs to'),
    own.size + aggregates.length + parents.length === 0 && finding('until', '请写明等什么', 'Say what is waited for'))
}
