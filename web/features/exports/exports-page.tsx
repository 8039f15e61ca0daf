import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCatalogue } from '../../api/catalogue.ts'
import { addressFor, call, queries } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { ago, clockTime, number } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label } from '../../i18n/index.ts'
import css from './exports.module.css'
import { exportsQuery, isActive, type ExportShape, type Whose } from './query.ts'
import { TracePanel } from './trace-panel.tsx'
import { w } from './words.ts'

type Shown = Whose | 'trace'

/** What was taken along: one's own; and for those who audit everybody's, and where leaked rows come from. */
export default function ExportsPage() {
  const audits = useCatalogue().can('audit')
  const navigate = useNavigate()
  const given = (useSearch({ strict: false }) as { show?: string }).show
  const shown: Shown = audits && (given === 'all' || given === 'trace') ? given : 'mine'
  return (
    <Page title={w('title')} hint={w('hint')}>
      {audits && <Tabs label={w('which')} value={shown} tabs={(['mine', 'all', 'trace'] as const).map((value) => ({ value, label: w(value) }))} onChoose={(show) => void navigate({ to: at.exports, search: (show === 'mine' ? {} : { show }) as never, replace: true })} />}
      {shown === 'trace' ? <TracePanel /> : <Past key={shown} whose={shown} />}
    </Page>
  )
}

function Past({ whose }: { whose: Whose }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(exportsQuery(whose))
  const items = data?.pages.flatMap((page) => page.items)
  const empty = whose === 'mine' ? <Empty icon="download" title={w('none')}>{w('noneHelp')}</Empty> : <Empty icon="download" title={w('noneAll')}>{w('noneAllHelp')}</Empty>
  return (
    <Panel label={w(whose)}>
      {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={5} height={56} /> : items.length === 0 ? empty : <ul>{items.map((each) => <Row key={each.no} given={each} />)}</ul>}
      {hasNextPage && <div className={css.more}><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{w('more')}</Button></div>}
    </Panel>
  )
}

function Row({ given }: { given: ExportShape }) {
  const catalogue = useCatalogue()
  const name = label(catalogue.object(given.object)?.label) || given.object
  const stop = useMutation({ mutationFn: () => call('stopExport', { params: { no: given.no } }), onSuccess: async () => { say(w('stopped')); await queries.invalidateQueries({ queryKey: ['exports'] }) } })
  return (
    <li className={css.row} aria-label={`E${given.no}`}>
      <div className={css.what}>
        <b className="clip">{name} · {given.format.toUpperCase()}</b>
        <span className="quiet dense">{[`E${given.no}`, w('rows', { n: number(given.rows) }), ...(given.mine ? [] : [catalogue.member(given.member)?.name ?? `#${given.member}`]), ...(given.ip ? [given.ip] : [])].join(' · ')}</span>
        {isActive(given) && <><progress max={Math.max(1, given.rows)} value={given.done} aria-label={w('progress', { done: given.done, n: given.rows })} />{given.mine && <span className="hint">{w('leave')}</span>}</>}
        {given.trouble && <span className={css.trouble}>{given.trouble}</span>}
      </div>
      <div className={css.where}>
        <span className={css.state} data-state={given.state}>{isActive(given) && given.done > 0 ? w('progress', { done: number(given.done), n: number(given.rows) }) : w(`state_${given.state}`)}</span>
        {given.until && <span className="hint">{[w('until', { when: clockTime(given.until) }), given.taken > 0 ? w('taken', { n: given.taken }) : ''].filter(Boolean).join(' · ')}</span>}
      </div>
      <time className="hint" dateTime={given.at} title={clockTime(given.at, true)}>{ago(given.at)}</time>
      {given.mine && given.state === 'done' && <a className={css.take} download="" href={addressFor('exportFile', { params: { no: given.no } })} aria-label={w('downloadNamed', { name: `${name} E${given.no}` })}>{w('download')}</a>}
      {given.mine && isActive(given) && <Button small busy={stop.isPending} onClick={() => stop.mutate()}>{w('stop')}</Button>}
    </li>
  )
}
