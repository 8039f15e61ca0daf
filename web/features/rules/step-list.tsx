import { isControl, lanesOf, MAX_FLOW_DEPTH, withLane, type Action, type Step } from '#language/definitions'
import { Button } from '../../design/button.tsx'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import { actionsFor, newAction, newControl, NEW_CONTROLS } from './new-action.ts'
import { Part } from './part.tsx'
import css from './rules.module.css'
import { guardText, stepText, type Speaker } from './speech.ts'
import { StepEditor } from './step-editor.tsx'
import { useSpeaker } from './use-speaker.ts'

/** `object`: whose records the steps work on. `inEach`: they are repeated on children. */
export interface Inside { object: string; depth: number; inEach: boolean }
interface Props { object: string; steps: readonly Step[]; onChange: (steps: Step[]) => void; depth?: number; inEach?: boolean; label?: string }

/** Steps one below the other; what stands inside a step is indented under it. Everything is a button: Tab goes through the sentence, Enter opens. */
export function StepList({ object, steps, onChange, depth = 0, inEach = false, label }: Props) {
  const speaker = useSpeaker()
  const put = (at: number, step: Step) => onChange(steps.map((each, index) => (index === at ? step : each)))
  return (
    <ol className={css.steps2} data-deep={depth > 0} aria-label={label}>
      {steps.map((step, at) => (
        <li key={at}>
          {!isControl(step) && <Guard speaker={speaker} object={object} action={step} />}
          <Part wide after={isControl(step) ? '' : markAfter(at === steps.length - 1, depth)} name={t(isControl(step) ? 'rules.editStep' : 'rules.editAction')} text={stepText(speaker, object, step)} foot={(close) => <StepFoot steps={steps} at={at} onChange={(next) => { onChange(next); close() }} />}><StepEditor object={object} value={step} onChange={(next) => put(at, next)} /></Part>
          {isControl(step) && <Lanes step={step} inside={{ object, depth: depth + 1, inEach }} onChange={(next) => put(at, next)} />}
        </li>
      ))}
      <li className={css.add}><AddStep inside={{ object, depth, inEach }} label={label} onAdd={(step) => onChange([...steps, step])} /></li>
    </ol>
  )
}

/** A comma goes on; the last of the whole sentence ends it. */
const markAfter = (last: boolean, depth: number): string => (!last ? t('common.comma') : depth === 0 ? t('common.stop') : '')

/** The lists inside a step, each under the words that lead to it. */
function Lanes({ step, inside: { object, depth, inEach }, onChange }: { step: Step; inside: Inside; onChange: (step: Step) => void }) {
  if (step.do === 'forEach') return <>{t('common.colon')}<StepList object={step.object} steps={step.steps} depth={depth} inEach label={t('rules.laneEach')} onChange={(steps) => onChange({ ...step, steps })} /></>
  if (step.do === 'approve') {
    const lanes = [['yes', t('rules.laneApproved')], ['no', t('rules.laneRefused')], ['late', t('rules.laneLate')]] as const
    return <>{lanes.map(([lane, name]) => <div key={lane} className={css.lane}><span className={css.k}>{name}</span><StepList object={object} steps={step[lane]} depth={depth} inEach={inEach} label={name} onChange={(list) => onChange({ ...step, [lane]: list })} /></div>)}</>
  }
  if (step.do === 'parallel') return <>{lanesOf(step).map(([lane, steps], at) => { const name = t('rules.side', { n: String(at + 1) }); return <div key={lane} className={css.lane}><span className={css.k}>{name}</span><StepList object={object} steps={steps} depth={depth} inEach={inEach} label={name} onChange={(list) => onChange(withLane(step, lane, list))} /></div> })}</>
  if (step.do !== 'branch' && step.do !== 'waitUntil') return null
  const [yes, no] = step.do === 'branch' ? [t('rules.laneThen'), t('rules.laneElse')] : [t('rules.laneMet'), t('rules.laneLate')]
  return (
    <>
      <div className={css.lane}><span className={css.k}>{yes}</span><StepList object={object} steps={step.yes} depth={depth} inEach={inEach} label={yes} onChange={(list) => onChange({ ...step, yes: list })} /></div>
      <div className={css.lane}><span className={css.k}>{no}</span><StepList object={object} steps={step.no} depth={depth} inEach={inEach} label={no} onChange={(list) => onChange({ ...step, no: list })} /></div>
    </>
  )
}

/** Only what may stand there is offered: no wait where steps are repeated, nothing that holds steps where it is deep enough. */
export function AddStep({ inside: { object, depth, inEach }, label, onAdd }: { inside: Inside; label?: string | undefined; onAdd: (step: Step) => void }) {
  const speaker = useSpeaker()
  const controls = NEW_CONTROLS.filter((kind) => !(inEach && kind !== 'branch') && !(depth >= MAX_FLOW_DEPTH && kind !== 'wait' && kind !== 'waitClock'))
  const name = label === undefined ? t('rules.addAction') : t('rules.addTo', { lane: label })
  const entries: MenuEntry[] = [
    ...actionsFor(speaker, object).map((kind) => ({ key: kind, label: t(`rules.do_${kind}` as WordKey), onPick: () => onAdd(newAction(speaker, object, kind)) })), ...(controls.length > 0 ? ['line' as const] : []),
    ...controls.map((kind) => ({ key: kind, label: t(`rules.do_${kind}` as WordKey), onPick: () => onAdd(newControl(speaker, object, kind)) })),
  ]
  return <MenuButton small icon="plus" label={name} side="below" entries={entries}>{label === undefined ? name : undefined}</MenuButton>
}

/** Afterwards another step stands in this place: the editor is closed with it. */
export function StepFoot({ steps, at, onChange }: { steps: readonly Step[]; at: number; onChange: (steps: Step[]) => void }) {
  const swap = (other: number) => onChange(steps.map((step, index) => (index === at ? steps[other]! : index === other ? steps[at]! : step)))
  return (
    <>
      <Button small look="danger" icon="trash" onClick={() => onChange(steps.filter((_, index) => index !== at))}>{t('rules.removeAction')}</Button>
      {steps.length > 1 && <Button small look="quiet" icon="up" disabled={at === 0} aria-label={t('rules.up')} title={t('rules.up')} onClick={() => swap(at - 1)} />}
      {steps.length > 1 && <Button small look="quiet" icon="down" disabled={at === steps.length - 1} aria-label={t('rules.down')} title={t('rules.down')} onClick={() => swap(at + 1)} />}
    </>
  )
}

export function Guard({ speaker, object, action }: { speaker: Speaker; object: string; action: Action }) {
  const text = guardText(speaker, object, action)
  return text === '' ? null : <span className={css.guard}>{text}</span>
}
