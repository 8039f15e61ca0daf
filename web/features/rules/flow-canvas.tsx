import { isControl, lanesOf, stepAdded, stepChanged, withLane, type Rule, type Step } from '#language/definitions'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../design/icons.tsx'
import { t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways } from '../conditions/sentence.ts'
import css from './canvas.module.css'
import { Part } from './part.tsx'
import { conditionParts, restOf, stepText, whenText, withRest, type Speaker } from './speech.ts'
import { StepEditor } from './step-editor.tsx'
import { AddStep, Guard, StepFoot } from './step-list.tsx'
import { TriggerEditor } from './trigger-editor.tsx'
import { useSpeaker } from './use-speaker.ts'

/** How far a run has come at a step. */
export interface NodeState { tone: 'done' | 'waiting' | 'skipped' | 'failed' | 'ahead'; text: string }
interface Props { rule: Pick<Rule, 'trigger' | 'condition' | 'actions'>; /** Absent: nothing can be changed. */ onChange?: (actions: Step[]) => void; onRule?: (change: Partial<Rule>) => void; states?: ReadonlyMap<string, NodeState> }
interface Drawing extends Props { speaker: Speaker }
/** One list: where it stands, whose records, and what it hangs on. */
interface Lane { steps: readonly Step[]; prefix: string; object: string; depth: number; inEach: boolean; label?: string }

/** The same rule as the sentence, drawn from top to bottom; what is pressed opens where it stands. */
export function FlowCanvas(props: Props) {
  const speaker = useSpeaker()
  const { rule: { trigger, condition, actions }, onRule } = props
  const rest = restOf(speaker, props.rule)
  const met = conditionParts(speaker, trigger.object, rest).join(t('rules.andGap'))
  return (
    <div ref={onTrunk} className={css.canvas} role="group" aria-label={t('rules.canvas')} tabIndex={0}>
      <div className={css.flow}>
        <Node kind="trigger" icon="bolt" text={t('rules.when') + whenText(speaker, props.rule)} name={t('rules.editTrigger')}>{onRule && <TriggerEditor value={trigger} condition={condition} onCondition={(next) => onRule({ condition: next })} onChange={(next) => onRule(next.object === trigger.object ? { trigger: next } : { trigger: next, condition: { all: [] }, actions: [] })} />}</Node>
        {!props.states && <Node kind="condition" icon="filter" text={isAlways(rest) ? t('rules.anyCase') : t('rules.if') + met} name={t('rules.editCondition')}>{onRule && <Builder object={trigger.object} profile="rule" value={rest} onChange={(next) => onRule({ condition: withRest(speaker, props.rule, next) })} empty={t('rules.always')} />}</Node>}
        <Steps drawing={{ ...props, speaker }} lane={{ steps: actions, prefix: '', object: trigger.object, depth: 0, inEach: false }} />
        <span className={css.end}>{t('rules.flowEnd')}</span>
      </div>
    </div>
  )
}

/** A drawing that is wider than the screen begins with what every run passes through in its middle. */
function onTrunk(canvas: HTMLDivElement | null): void {
  if (canvas) canvas.scrollLeft = (canvas.scrollWidth - canvas.clientWidth) / 2
}

function Steps({ drawing, lane }: { drawing: Drawing; lane: Lane }) {
  const { rule: { actions }, onChange } = drawing
  const { steps, prefix, object, depth, inEach, label } = lane
  return (
    <>
      {steps.map((step, at) => <StepNode key={at} drawing={drawing} lane={lane} step={step} at={at} />)}
      {onChange && <div className={css.adding}><AddStep inside={{ object, depth, inEach }} label={label ?? t('rules.flowEnd')} onAdd={(step) => onChange(stepAdded(actions, `${prefix}${steps.length}`, step))} /></div>}
    </>
  )
}

const ICONS: Partial<Record<Step['do'], IconName>> = { wait: 'clock', waitClock: 'clock', waitUntil: 'clock', approve: 'check', branch: 'sort', parallel: 'columns', forEach: 'list', tag: 'tag', notify: 'bell', assign: 'people', create: 'plus', set: 'edit', updateChildren: 'edit', webhook: 'external', message: 'external', stop: 'close', grade: 'target' }

function StepNode({ drawing, lane, step, at }: { drawing: Drawing; lane: Lane; step: Step; at: number }) {
  const { speaker, onChange, rule: { actions }, states } = drawing
  const { steps, prefix, object } = lane
  const path = `${prefix}${at}`
  const put = (list: readonly Step[]) => onChange?.(prefix === '' ? [...list] : withList(actions, prefix, list))
  const text = <>{!isControl(step) && <Guard speaker={speaker} object={object} action={step} />}{stepText(speaker, object, step)}</>
  return (
    <>
      <Node kind={isControl(step) ? 'control' : 'action'} icon={ICONS[step.do] ?? 'right'} text={text} name={t(isControl(step) ? 'rules.editStep' : 'rules.editAction')} state={states?.get(path)} foot={onChange && ((close) => <StepFoot steps={steps} at={at} onChange={(next) => { put(next); close() }} />)}>
        {onChange && <StepEditor object={object} value={step} onChange={(next) => onChange(stepChanged(actions, path, () => next))} />}
      </Node>
      <Arms drawing={drawing} lane={lane} step={step} path={path} />
    </>
  )
}

/** The list at `prefix` (`2.yes.`) replaced. */
function withList(actions: readonly Step[], prefix: string, list: readonly Step[]): Step[] {
  const [lane, ...rest] = prefix.slice(0, -1).split('.').reverse()
  return stepChanged(actions, rest.reverse().join('.'), (step) => withLane(step, lane!, [...list]))
}

function Arms({ drawing, lane: { object, depth, inEach }, step, path }: { drawing: Drawing; lane: Lane; step: Step; path: string }) {
  const arm = (label: string, key: string, steps: readonly Step[], on = object) => (
    <div key={key} className={css.arm}>
      <span className={css.armName}>{label}</span>
      <Steps drawing={drawing} lane={{ steps, prefix: `${path}.${key}.`, object: on, depth: depth + 1, inEach: inEach || key === 'steps', label }} />
      <span className={css.rest} />
    </div>
  )
  if (step.do === 'forEach') return <div className={css.fork} data-one="true">{arm(t('rules.laneEach'), 'steps', step.steps, step.object)}</div>
  if (step.do === 'approve') return <div className={css.fork}>{arm(t('rules.laneApproved'), 'yes', step.yes)}{arm(t('rules.laneRefused'), 'no', step.no)}{arm(t('rules.laneLate'), 'late', step.late)}</div>
  if (step.do === 'parallel') return <div className={css.fork} data-sides="true">{lanesOf(step).map(([lane, steps], n) => arm(t('rules.side', { n: String(n + 1) }), lane, steps))}</div>
  if (step.do !== 'branch' && step.do !== 'waitUntil') return null
  const [yes, no] = step.do === 'branch' ? [t('rules.laneYes'), t('rules.laneElse')] : [t('rules.laneMet'), t('rules.laneLate')]
  return <div className={css.fork}>{arm(yes, 'yes', step.yes)}{arm(no, 'no', step.no)}</div>
}

function Node({ kind, icon, text, name, state, foot, children }: { kind: string; icon: IconName; text: ReactNode; name: string; state?: NodeState | undefined; foot?: ((close: () => void) => ReactNode) | undefined; children?: ReactNode }) {
  const inside = <><span className={css.icon}><Icon name={icon} size={14} /></span><span className={css.words}>{text}{state && <small className={css.state} data-tone={state.tone}>{state.text}</small>}</span></>
  return (
    <div className={css.node} data-kind={kind} data-tone={state?.tone}>
      {children ? <Part wide className={css.press} name={name} text={inside} foot={foot}>{children}</Part> : <div className={css.press}>{inside}</div>}
    </div>
  )
}
