import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Routes } from '#contract/api'
import type { RouteAnswer } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag, type Colour } from '../../design/pieces.tsx'
import { label, t, type WordKey } from '../../i18n/index.ts'
import type { Related } from '../records/value.tsx'
import { refreshRuns } from './refresh-runs.ts'
import { RunActs } from './run-acts.tsx'
import { Deed, type DeedKept } from './run-deed.tsx'
import css from './rules.module.css'

export type Run = RouteAnswer<Routes['runs']>['items'][number]
const COLOURS: Record<string, Colour> = { failed: 'red', parked: 'red', loop_stopped: 'red' }
export const statusColour = (status: string): Colour | undefined => COLOURS[status]
export const statusText = (status: string): string => { const word = t(`rules.run_${status}` as WordKey); return word.startsWith('rules.') ? status : word }

/** What the rule has done, or all of them: on which record, how it went, step by step. */
export function RuleRuns({ rule, first = 'all' }: { rule?: string; first?: Shown }) {
  const [status, setStatus] = useState<Shown>(first)
  const query = { ...(rule !== undefined && { rule }), ...(status === 'all' ? {} : { status }) }
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ queryKey: keys.runs(query), queryFn: ({ pageParam }) => call('runs', { query: { ...query, limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } }), initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined })
  useLive(rule === undefined ? null : { kind: 'runs', rule }, () => void refreshRuns())
  const items = data?.pages.flatMap((page) => page.items.map((run) => ({ run, related: page.related })))
  const kinds: Shown[] = rule === undefined ? ['all', 'waiting', 'failed', 'parked'] : ['all', 'done', 'waiting', 'failed']
  return (
    <Panel title={t('rules.runs')} acts={<Choice label={t('rules.runs')} value={status} onChoose={setStatus} options={kinds.map((kind) => ({ value: kind, label: kind === 'all' ? t('common.all') : statusText(kind) }))} />}>
      {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={4} /> : items.length === 0 ? <Empty icon="history" title={t(status === 'all' ? 'rules.noRuns' : 'rules.noSuchRuns')}>{status === 'all' ? t('rules.noRunsHelp') : null}</Empty> : <ul>{items.map(({ run, related }) => <RunRow key={`${run.event}-${run.rule}`} run={run} related={related} named={rule === undefined} />)}</ul>}
      {hasNextPage && <div className={css.moreRuns}><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </Panel>
  )
}
type Shown = 'all' | 'done' | 'waiting' | 'failed' | 'parked'

function RunRow({ run, related, named }: { run: Run; related: Related; named: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <li className={css.run}>
      <div className={css.runHead}>
        <button type="button" className={css.expand} aria-expanded={open} aria-label={t('rules.showSteps', { name: run.title ?? '' })} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} size={14} /></button>
        <RunTag run={run} /><Decided run={run} />
        {run.object && run.record ? <Link to={at.record(run.object, run.record)} className="link clip">{run.title ?? t('records.hiddenRecord')}</Link> : <span className="quiet">{t('rules.wholeLook')}</span>}
        <Link to={at.run(run.event, run.rule)} className={`link clip ${css.runRule}`}>{named ? ruleName(run) : t('rules.runOpen')}</Link>
        <span className="grow danger clip">{run.error}</span>
        <span className={css.runFacts}>
          {run.rule !== '*' && <><Link to={at.trace(run.event)} className="link">{t('trace.whole')}</Link><span className="hint">{t('common.version', { n: run.version })}</span></>}
          <time className="hint" dateTime={run.startedAt} title={clockTime(run.startedAt, true)}>{ago(run.startedAt)}</time>
        </span>
      </div>
      {run.can.length > 0 && <RunActs run={run} />}
      {open && <ol className={css.steps}>{run.steps.map((step, index) => <RunStep key={index} step={step} about={run.object} related={related} />)}</ol>}
    </li>
  )
}

/** `*` stands for the event itself, which no rule could answer. */
export function ruleName({ rule, ruleLabel, record }: Pick<Run, 'rule' | 'ruleLabel' | 'record'>): string {
  const named = label(ruleLabel ?? undefined)
  if (rule !== '*') return named || rule
  return [t(record === null ? 'rules.parkedLook' : 'rules.parkedEvent'), named].filter(Boolean).join(' · ')
}

export function RunTag({ run }: { run: Run }) {
  return <><Tag colour={isSettled(run) ? undefined : COLOURS[run.status]}>{statusText(run.status)}</Tag>{run.wait && (run.wait.state === 'waiting' || run.wait.state === 'held') && <span className={css.until}>{waitText(run.wait)}</span>}</>
}

const isSettled = ({ settled, status }: Run): boolean => settled !== null && status !== 'done' && status !== 'waiting'
type Told = 'dismiss' | 'restore' | 'retry' | 'skip' | 'cancel'
/** Who has it go on says so at its step. */
const isTold = (to: string): to is Told => ['dismiss', 'restore', 'retry', 'skip', 'cancel'].includes(to)

/** Who dismissed it, tried it again, called it off; `whole`: also who took it up again, with when and why. Of long ago it is only known what became of it. */
export function Decided({ run, whole = false }: { run: Run; whole?: boolean }) {
  const catalogue = useCatalogue()
  const { decided, wait } = run
  const named = (by: number | null): { name: string } => ({ name: (by !== null && catalogue.member(by)?.name) || t('common.unknownMember') })
  const told = (text: string) => (whole ? <p className={css.runNote}>{text}</p> : <span className="hint">{text}</span>)
  const isOff = wait?.state === 'cancelled'
  if (decided && isTold(decided.to) && (whole || isOff || isSettled(run))) return told([t(`rules.decided_${decided.to}`, named(decided.by)), ...(whole ? [clockTime(decided.at), decided.reason] : [])].filter(Boolean).join(' · '))
  if (isOff && wait.off !== null) return told(t('rules.decided_cancel', named(wait.off)))
  return isSettled(run) ? told(t(`rules.settled_${run.settled!}`)) : null
}

/** What it waits for, and how long at most. */
export const waitText = ({ kind, due }: Pick<NonNullable<Run['wait']>, 'kind' | 'due'>): string =>
  (kind === 'join' ? t('rules.waitsSides') : kind === 'begin' ? t('rules.sideBegins') : t(kind === 'condition' || kind === 'approval' ? 'rules.waitsTill' : 'rules.waitsUntilTime', { when: clockTime(due) }))

/** Which way a step went; of branches that have come together also what they said. `told`: somebody had it go on, before its time or its branches had come. */
export const wentText = ({ went, answered, told }: { went: string; answered?: 'yes' | 'no' | undefined; told?: boolean | undefined }): string => (told && (went === 'due' || went === 'joined') ? t('rules.went_told') : t(`rules.went_${went}` as WordKey)) + (answered ? t('rules.sidesSay', { what: t(answered === 'yes' ? 'common.yes' : 'common.no') }) : '')

/** A step as the engine kept it: what it did, or why it did not. */
export function RunStep({ step, about, related = {} }: { step: unknown; about: string | null; related?: Related }) {
  const catalogue = useCatalogue()
  const { do: kind, why, error, unannounced, path: _path, went, until, told, saw: _saw, branches: _branches, off, answered, ...kept } = (step ?? {}) as Kept
  const { by, ...untold } = kept
  const name = kind ? t(`rules.do_${kind}` as WordKey) : t('rules.step')
  const reason = typeof why === 'string' ? reasonOf(why) : why && typeof why === 'object' && 'zh' in why ? String((why as { zh: string }).zh) : null
  const hand = typeof by === 'number' ? t('rules.byName', { name: catalogue.member(by)?.name ?? t('common.unknownMember') }) : t('rules.byHand')
  const way = went ? wentText({ went, answered, told }) + (told ? hand : '') : until ? t(kind === 'waitUntil' || kind === 'approve' ? 'rules.waitsTill' : 'rules.waitsUntilTime', { when: clockTime(until) }) : null
  return <li><b>{name}</b>{way && <span> {way}</span>}{reason && (why === 'failed' ? <span className="danger"> {reason}</span> : <span className="quiet"> {t('rules.skippedBecause', { reason })}</span>)}{error && <span className="danger"> {error}</span>}{unannounced && <span className="quiet"> {t('calendar.unannounced', { years: unannounced.join('、') })}</span>}{off && <span className="quiet"> {t('rules.sidesOff', { which: off.map((n) => t('rules.side', { n: String(n) })).join(t('common.listGap')) })}</span>}<Deed kept={told ? untold : kept} about={about} related={related} /></li>
}

interface Kept extends DeedKept { do?: string; why?: unknown; error?: string; unannounced?: number[]; path?: string; went?: string; answered?: 'yes' | 'no'; until?: string; told?: boolean; saw?: unknown; off?: number[] }

/** A reason that has no word of its own yet is shown as it is kept. */
export function reasonOf(why: string): string {
  const word = t(`rules.why_${why}` as WordKey)
  return word.startsWith('rules.') ? why : word
}
