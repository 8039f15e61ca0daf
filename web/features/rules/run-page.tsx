import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { branchOf, type Rule, type Step } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at, ruleAt } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { useKeptFocus } from '../../design/kept-focus.ts'
import { t } from '../../i18n/index.ts'
import { FlowCanvas } from './flow-canvas.tsx'
import type { Related } from '../records/value.tsx'
import { branchName, RunActs, type Branch } from './run-acts.tsx'
import { Decided, ruleName, RunStep, RunTag, statusColour, statusText, waitText, type Run } from './rule-runs.tsx'
import { statesOf } from './run-states.ts'
import css from './rules.module.css'

/** One run: how far it has come through the steps of the version with which it began, what it did, and what can be decided about it. */
export default function RunPage() {
  useKeptFocus()
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
        const branch = branchOf((steps[0] as { path?: string } | undefined)?.path ?? '')
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
