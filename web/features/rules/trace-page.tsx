import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { TraceAnswer } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at, ruleAt } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { wokenText } from '../records/timeline-item.tsx'
import { Sent } from '../sending/sent.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import type { Related } from '../records/value.tsx'
import { Seen } from './seen.tsx'
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
          <Panel label={t('trace.title')}><ol>{data.events.map((each) => <Happened key={each.seq} event={each} related={data.related} />)}</ol></Panel>
          <Panel title={t('trace.next')}>
            {data.next.length === 0 ? <p className={css.quiet}>{t('trace.nextNothing')}</p> : <ol>{data.next.map((each, index) => <li key={index} className={css.next}><time className="hint" dateTime={each.at}>{clockTime(each.at)}</time> <b>{each.actor.name}</b> {t('trace.did', { fields: each.fields.map(label).join(t('common.listGap')) })}</li>)}</ol>}
          </Panel>
        </>
      )}
    </Page>
  )
}

function Happened({ event, related }: { event: Event; related: Related }) {
  const catalogue = useCatalogue()
  const object = label(catalogue.object(event.object)?.label)
  const what = wordsOf(event, object)
  return (
    <li className={css.event} data-deep={event.depth > 0}>
      <div className={css.head}>
        <time className="hint" dateTime={event.at}>{clockTime(event.at, true)}</time>
        {event.actor && <b>{event.actor.name}</b>}<span>{what}</span>
        {event.title === null ? <span className="quiet">{t('records.hiddenRecord')}</span> : <Link to={at.record(event.object, event.record)} className="link">{event.title}</Link>}
      </div>
      {event.runs.length === 0 ? event.depth === 0 && <p className={css.quiet}>{t('trace.noRules')}</p> : <ul className={css.runs}>{event.runs.map((run) => <Answered key={run.rule} run={run} about={event.object} related={related} />)}</ul>}
    </li>
  )
}

/** What happened, for whom it is about. */
function wordsOf({ actor, because, born, fields, runs }: Event, object: string): string {
  const woken = because && wokenText(because)
  if (actor === null && woken) return t('trace.woken', { what: woken, object })
  // Somebody's word, or what they decided about the run, and not the clock.
  const first = runs.map(({ steps }) => (steps[0] ?? {}) as { by?: unknown; told?: boolean; why?: string })
  if (actor === null) return t(first.some(({ told, why }) => told || why === 'by_hand') ? 'trace.decided' : first.some(({ by }) => typeof by === 'number') ? 'trace.answered' : 'trace.due', { object })
  if (born) return t('trace.came', { object })
  if (fields.length > 0) return t('trace.changed', { object, fields: fields.map(label).join(t('common.listGap')) })
  return actor.kind === 'rule' && runs.length > 0 ? t('trace.follows') : t('trace.touched', { object })
}

function Answered({ run, about, related }: { run: Run; about: string; related: Related }) {
  return (
    <li>
      <div className={css.head}>
        <Tag colour={statusColour(run.status)}>{statusText(run.status)}</Tag>
        <RuleName run={run} />
        <span className="hint">{t('trace.version', { n: run.version })}</span>
        {run.error && <span className="danger">{run.error}</span>}
      </div>
      {run.seen !== null && run.seen !== undefined && <details className={css.seen}><summary>{t('trace.saw')}</summary><Seen about={about} seen={run.seen} related={related} /></details>}
      <ol className={css.steps}>{run.steps.map((step, index) => <RunStep key={index} step={step} about={about} related={related} />)}</ol>
      {run.told.map((told) => <p key={`${told.member}-${told.kind}`} className={css.told}>{t('trace.told', { name: told.name })} <span className="hint">{told.read ? t('trace.read', { when: clockTime(told.read) }) : t('trace.unread')}</span></p>)}
      {run.sent.map((sent, index) => <p key={index} className={css.told}><Sent whole sent={sent} /></p>)}
    </li>
  )
}

/** Only what is configured somewhere leads there. */
function RuleName({ run: { rule, label: name } }: { run: { rule: string; label: string } }) {
  const to = ruleAt(rule)
  return to === null ? <b>{name}</b> : <To to={to} className="link">{name}</To>
}
