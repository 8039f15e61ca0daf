import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Routes } from '#contract/api'
import type { RouteAnswer } from '#contract/api'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag, type Colour } from '../../design/pieces.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import css from './rules.module.css'

type Run = RouteAnswer<Routes['runs']>['items'][number]
const COLOURS: Record<string, Colour> = { failed: 'red', parked: 'red', loop_stopped: 'red' }
export const statusColour = (status: string): Colour | undefined => COLOURS[status]
export const statusText = (status: string): string => { const word = t(`rules.run_${status}` as WordKey); return word.startsWith('rules.') ? status : word }

/** What the rule has done: on which record, how it went, step by step. */
export function RuleRuns({ rule }: { rule: string }) {
  const [status, setStatus] = useState<'all' | 'done' | 'failed'>('all')
  const query = { rule, ...(status === 'all' ? {} : { status }) }
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ queryKey: keys.runs(query), queryFn: ({ pageParam }) => call('runs', { query: { ...query, limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } }), initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined })
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <Panel title={t('rules.runs')} acts={<Choice label={t('rules.runs')} value={status} onChoose={setStatus} options={[{ value: 'all', label: t('common.all') }, { value: 'done', label: t('rules.run_done') }, { value: 'failed', label: t('rules.run_failed') }]} />}>
      {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={4} /> : items.length === 0 ? <Empty icon="history" title={t('rules.noRuns')}>{t('rules.noRunsHelp')}</Empty> : <ul>{items.map((run) => <RunRow key={`${run.event}-${run.rule}`} run={run} />)}</ul>}
      {hasNextPage && <div className={css.moreRuns}><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.loadMore')}</Button></div>}
    </Panel>
  )
}

function RunRow({ run }: { run: Run }) {
  const [open, setOpen] = useState(false)
  return (
    <li className={css.run}>
      <div className={css.runHead}>
        <button type="button" className={css.expand} aria-expanded={open} aria-label={t('rules.showSteps', { name: run.title ?? '' })} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} size={14} /></button>
        <Tag colour={COLOURS[run.status]}>{statusText(run.status)}</Tag>
        {run.object && run.record ? <Link to={at.record(run.object, run.record)} className="link clip">{run.title ?? t('records.hiddenRecord')}</Link> : <span>{run.title}</span>}
        <span className="grow danger clip">{run.error}</span>
        <Link to={at.trace(run.event)} className="link">{t('trace.whole')}</Link>
        <span className="hint">{t('common.version', { n: run.version })}</span><time className="hint" dateTime={run.startedAt} title={clockTime(run.startedAt, true)}>{ago(run.startedAt)}</time>
      </div>
      {open && <ol className={css.steps}>{run.steps.map((step, index) => <RunStep key={index} step={step} />)}</ol>}
    </li>
  )
}

/** A step as the engine kept it: what it did, or why it did not. */
export function RunStep({ step }: { step: unknown }) {
  const { do: kind, why, error, unannounced, ...rest } = (step ?? {}) as { do?: string; why?: unknown; error?: string; unannounced?: number[] }
  const name = kind ? t(`rules.do_${kind}` as WordKey) : t('rules.step')
  const reason = typeof why === 'string' ? reasonOf(why) : why && typeof why === 'object' && 'zh' in why ? String((why as { zh: string }).zh) : null
  const told = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null)
  return <li><b>{name}</b>{reason && <span className="quiet"> {t('rules.skippedBecause', { reason })}</span>}{error && <span className="danger"> {error}</span>}{unannounced && <span className="quiet"> {t('calendar.unannounced', { years: unannounced.join('、') })}</span>}{told.length > 0 && <code className={css.kept}>{JSON.stringify(Object.fromEntries(told))}</code>}</li>
}

/** A reason that has no word of its own yet is shown as it is kept. */
function reasonOf(why: string): string {
  const word = t(`rules.why_${why}` as WordKey)
  return word.startsWith('rules.') ? why : word
}
