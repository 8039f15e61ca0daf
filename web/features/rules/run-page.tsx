import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { SentShape } from '#contract/api'
import { branchOf, isControl, stepsIn, type Rule, type Step } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at, ruleAt } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import { FlowCanvas, type NodeState } from './flow-canvas.tsx'
import type { Related } from '../records/value.tsx'
import { branchName, RunActs, type Branch } from './run-acts.tsx'
import { Decided, ruleName, RunStep, RunTag, statusColour, statusText, waitText, wentText, type Run } from './rule-runs.tsx'
import css from './rules.module.css'

/** One run: how far it has come through the steps of the version with which it began, what it did, and what can be decided about it. */
export default function RunPage() {
  const params = useParams({ strict: false }) as { event?: string; rule?: string }
  const [event, rule] = [Number(params.event), params.rule === 'event' ? '*' : (params.rule ?? '')]
  const { data: run, error, refetch } = useQuery({ queryKey: ['run', event, rule], queryFn: ({ signal }) => call('run', { params: { event, rule } }, { signal }), retry: false, refetchInterval: (query) => (query.state.data?.wait?.state === 'waiting' ? 5_000 : false) })
  if (error) return <Page title={t('rules.runOf')}><Panel label={t('rules.runOf')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (!run) return <Page title={t('rules.runOf')}><Panel label={t('rules.runOf')}><Skeleton rows={5} height={48} /></Panel></Page>
  const [steps, home] = [run.actions as Step[], ruleAt(run.rule)]
  return (
    <Page title={ruleName(run)} hint={t('rules.runAbout', { when: clockTime(run.startedAt, true), n: run.version })}>
      <Panel label={t('rules.runOf')}>
        <div className={css.runTop}>
          <RunTag run={run} />
          {run.object && run.record && <Link to={at.record(run.object, run.record)} className="link">{run.title ?? t('records.hiddenRecord')}</Link>}
          {run.error && <span className="danger">{run.error}</span>}
          <span className="grow" />
          {home !== null && <To to={home} className="link">{t(run.rule.startsWith('fallback:') ? 'rules.toPolicy' : 'rules.toRule')}</To>}
          {run.rule !== '*' && <Link to={at.trace(run.event)} className="link">{t('trace.whole')}</Link>}
        </div>
        <Decided run={run} whole />
        {run.wait?.state === 'held' && <p className={css.runNote}>{t('rules.heldNote')}</p>}
        {run.rule === '*' && <p className={css.runNote}>{t('rules.parkedNote')}</p>}
        {run.can.length > 0 && <RunActs run={run} actions={steps} />}
      </Panel>
      {steps.length > 0 && run.trigger !== null && <Panel title={t('rules.progress')} className={css.drawn}><FlowCanvas rule={{ trigger: run.trigger as Rule['trigger'], condition: { all: [] }, actions: steps }} states={statesOf(run, steps)} /></Panel>}
      {run.branches.length > 0 && <Panel title={t('rules.sidesNow')}><ul>{run.branches.map((branch) => <Side key={branch.branch} run={run} branch={branch} steps={steps} />)}</ul></Panel>}
      <Panel title={t('rules.whatItDid')}><Parts run={run} /></Panel>
    </Page>
  )
}

/** One branch that has not come to its end: what it waits for, why it failed, and what can be decided about it alone. */
function Side({ run, branch, steps }: { run: Run; branch: Branch; steps: readonly Step[] }) {
  const catalogue = useCatalogue()
  const waits = branch.state === 'waiting' || branch.state === 'held'
  return (
    <li className={`${css.run} ${css.side}`}>
      <div className={css.runHead}>
        <b>{branchName(branch)}</b>
        <Tag colour={statusColour(branch.state)}>{statusText(branch.state)}</Tag>
        {waits && <span className={css.until}>{waitText(branch)}</span>}
        {branch.state === 'dismissed' && typeof branch.off === 'number' && <span className="hint">{t('rules.sideOffBy', { name: catalogue.member(branch.off)?.name ?? t('common.unknownMember') })}</span>}
        {branch.error && <span className="grow danger">{branch.error}</span>}
      </div>
      {branch.can.length > 0 && <RunActs run={run} branch={branch} actions={steps} />}
    </li>
  )
}

/** Part by part: what waited lies in between; what was done in a branch says in which. */
function Parts({ run }: { run: Run & { related: Related } }) {
  const begins = run.parts.map((_, at) => run.parts.slice(0, at).reduce((sum, { steps }) => sum + steps, 0))
  return (
    <ol>
      {run.parts.map((part, at) => {
        const steps = run.steps.slice(begins[at], begins[at]! + part.steps)
        const branch = branchOf((steps[0] as Kept | undefined)?.path ?? '')
        return (
          <li key={part.event} className={css.part2}>
            <time className="hint" dateTime={part.at}>{clockTime(part.at, true)}</time>{branch !== '' && <Tag>{branchName({ branch })}</Tag>}
            {part.error && <p className="danger">{part.error}</p>}
            {steps.length > 0 && <ol className={css.steps}>{steps.map((step, index) => <RunStep key={index} step={step} about={run.object} related={run.related} />)}</ol>}
          </li>
        )
      })}
    </ol>
  )
}

interface Kept { told?: boolean; off?: number[]; answered?: 'yes' | 'no'; do?: string; path?: string; why?: string; until?: string; went?: string; nobody?: boolean; sent?: SentShape }

/** By the place of a step: what became of it. A step that was repeated counts as done when one of its turns was. */
function statesOf(run: Run, steps: readonly Step[]): ReadonlyMap<string, NodeState> {
  const states = new Map<string, NodeState>(stepsIn(steps).map(({ path }) => [path, { tone: 'ahead', text: t(run.status === 'done' ? 'rules.notReached' : 'rules.notYet') }]))
  const flows = steps.some(isControl)
  run.steps.forEach((step, index) => {
    const kept = step as Kept
    const path = kept.path ?? (flows ? undefined : String(index))
    if (path === undefined || !states.has(path) || (kept.why && states.get(path)!.tone === 'done')) return
    states.set(path, stateOf(kept))
    if (kept.went === 'joined') for (const n of kept.off ?? []) leave(states, `${path}.b${n}`, t('rules.sideCalledOff'))
    else passOver(states, path, kept.went)
  })
  for (const branch of run.branches) side(states, branch)
  const place = run.wait?.path
  if (run.wait && place && run.wait.state !== 'failed') states.set(place, { tone: 'waiting', text: run.wait.state === 'cancelled' ? t('rules.run_cancelled') : waitText(run.wait) })
  if (run.status === 'failed' && run.branches.length === 0) failing(states, place)
  return states
}

/** What a branch has not come to is not to come. */
function leave(states: Map<string, NodeState>, branch: string, text: string): void {
  for (const [path, { tone }] of states) if (path.startsWith(`${branch}.`) && tone !== 'done') states.set(path, { tone: 'skipped', text })
}

function side(states: Map<string, NodeState>, branch: Branch): void {
  if (branch.state === 'dismissed') return leave(states, branch.branch, t('rules.sideDismissed'))
  const [first] = [...states.keys()].filter((path) => path.startsWith(`${branch.branch}.`) && states.get(path)!.tone === 'ahead')
  if (branch.state === 'failed') { if (![...states].some(([path, { tone }]) => tone === 'failed' && path.startsWith(`${branch.branch}.`)) && first) states.set(first, { tone: 'failed', text: t('rules.failsFrom') }) }
  else if (states.has(branch.path)) states.set(branch.path, { tone: 'waiting', text: branch.state === 'cancelled' ? t('rules.run_cancelled') : waitText(branch) })
}

const TAKEN: Readonly<Record<string, string>> = { yes: 'yes', met: 'yes', approved: 'yes', no: 'no', refused: 'no' }
/** A run goes one way: what stands on the other is not to come. */
function passOver(states: Map<string, NodeState>, path: string, went: string | undefined): void {
  if (!went || went === 'due') return
  // Too late is a lane of its own where somebody was asked, and the other one elsewhere.
  const lanes = new Set([...states.keys()].filter((key) => key.startsWith(`${path}.`)).map((key) => key.slice(path.length + 1).split('.')[0]!))
  const taken = TAKEN[went] ?? (lanes.has('late') ? 'late' : 'no')
  for (const key of states.keys()) if (key.startsWith(`${path}.`) && !key.startsWith(`${path}.${taken}.`)) states.set(key, { tone: 'ahead', text: t('rules.notTaken') })
}

/** What comes after the place at which it stands is where it fails. */
function failing(states: Map<string, NodeState>, place: string | undefined): void {
  if ([...states.values()].some(({ tone }) => tone === 'failed')) return
  const paths = [...states.keys()]
  const next = place ? paths.slice(paths.indexOf(place) + 1).find((path) => states.get(path)!.tone === 'ahead') : paths[0]
  if (next) states.set(next, { tone: 'failed', text: t('rules.failsFrom') })
}

const SENT: Partial<Record<SentShape['state'], NodeState['tone']>> = { delivered: 'done', refused: 'failed', failed: 'failed' }

function stateOf({ why, until, went, answered, told, sent }: Kept): NodeState {
  if (sent) return { tone: SENT[sent.state] ?? 'waiting', text: t(`sending.state_${sent.state}`) }
  if (why === 'failed') return { tone: 'failed', text: t('rules.failedHere') }
  if (why) { const word = t(`rules.why_${why}` as WordKey); return { tone: 'skipped', text: t('rules.skippedBecause', { reason: word.startsWith('rules.') ? why : word }) } }
  if (went) return { tone: 'done', text: wentText({ went, answered, told }) }
  return until ? { tone: 'waiting', text: t('rules.waitsUntilTime', { when: clockTime(until) }) } : { tone: 'done', text: t('rules.stepDone') }
}
