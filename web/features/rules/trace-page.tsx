import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { TraceAnswer } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { clockTime } from '../../design/format.ts'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t, type WordKey } from '../../i18n/index.ts'
import { RunStep, statusColour, statusText } from './rule-runs.tsx'
import css from './trace.module.css'

type Event = TraceAnswer['events'][number]
type Run = Event['runs'][number]

/** One chain on one page: what happened, which rules answered and on what they saw, what they did, who was told and read it, and what people did next. */
export default function TracePage() {
  const { event = '' } = useParams({ strict: false }) as { event?: string }
  const { data, error, refetch } = useQuery({ queryKey: ['trace', event], queryFn: ({ signal }) => call('trace', { params: { event: Number(event) } }, { signal }), retry: false })
  const first = data?.events[0]
  return (
    <Page title={t('trace.title')} hint={first?.title ?? t('trace.hint')}>
      {error ? <Panel label={t('trace.title')}><Failure error={error} onRetry={refetch} /></Panel> : !data ? <Panel label={t('trace.title')}><Skeleton rows={5} height={64} /></Panel> : (
        <>
          <Panel label={t('trace.title')}><ol>{data.events.map((each) => <Happened key={each.seq} event={each} />)}</ol></Panel>
          <Panel title={t('trace.next')}>
            {data.next.length === 0 ? <p className={css.quiet}>{t('trace.nextNothing')}</p> : <ol>{data.next.map((each, index) => <li key={index} className={css.next}><time className="hint" dateTime={each.at}>{clockTime(each.at)}</time> <b>{each.actor.name}</b> {t('trace.did', { fields: each.fields.map(label).join(t('common.listGap')) })}</li>)}</ol>}
          </Panel>
        </>
      )}
    </Page>
  )
}

function Happened({ event }: { event: Event }) {
  const catalogue = useCatalogue()
  const object = label(catalogue.object(event.object)?.label)
  const what = event.actor === null ? t('trace.due', { object }) : event.actor.kind === 'rule' && !event.born && event.fields.length === 0 && event.runs.length > 0 ? t('trace.follows') : event.born ? t('trace.came', { object }) : t('trace.changed', { object, fields: event.fields.map(label).join(t('common.listGap')) })
  return (
    <li className={css.event} data-deep={event.depth > 0}>
      <div className={css.head}>
        <time className="hint" dateTime={event.at}>{clockTime(event.at, true)}</time>
        {event.actor && <b>{event.actor.name}</b>}<span>{what}</span>
        {event.title === null ? <span className="quiet">{t('records.hiddenRecord')}</span> : <Link to={at.record(event.object, event.record)} className="link">{event.title}</Link>}
      </div>
      {event.runs.length === 0 ? event.depth === 0 && <p className={css.quiet}>{t('trace.noRules')}</p> : <ul className={css.runs}>{event.runs.map((run) => <Answered key={run.rule} run={run} />)}</ul>}
    </li>
  )
}

function Answered({ run }: { run: Run }) {
  return (
    <li>
      <div className={css.head}>
        <Tag colour={statusColour(run.status)}>{statusText(run.status)}</Tag>
        {run.rule.includes(':') ? <b>{run.label}</b> : <Link to={at.rule(run.rule)} className="link">{run.label}</Link>}
        <span className="hint">{t('trace.version', { n: run.version })}</span>
        {run.error && <span className="danger">{run.error}</span>}
      </div>
      {run.seen !== null && run.seen !== undefined && <details className={css.seen}><summary>{t('trace.saw')}</summary><code>{JSON.stringify(run.seen)}</code></details>}
      <ol className={css.steps}>{run.steps.map((step, index) => <RunStep key={index} step={step} />)}</ol>
      {run.told.map((told) => <p key={`${told.member}-${told.kind}`} className={css.told}>{t('trace.told', { name: told.name })} <span className="hint">{told.read ? t('trace.read', { when: clockTime(told.read) }) : t('trace.unread')}</span></p>)}
      {run.sent.map((sent, index) => <p key={index} className={css.told}>{t('trace.sent', { channel: sent.channel, state: t(`trace.state_${sent.state}` as WordKey) })}</p>)}
    </li>
  )
}
