import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { addressFor, call } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Missing } from '../../app/states.tsx'
import { Button } from '../../design/button.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { label } from '../../i18n/index.ts'
import { send, type Sending } from '../files/upload.ts'
import css from './imports.module.css'
import { importKeys, type ImportShape } from './query.ts'
import { w } from './words.ts'

/** Where a table is brought along, and what was brought along before. */
export default function ImportsPage() {
  const { object: key = '' } = useParams({ strict: false }) as { object?: string }
  const object = useCatalogue().object(key)
  if (!object) return <Missing />
  const name = label(object.label)
  if (!object.can.import) return <NoRight title={w('title', { name })} right={w('right')} />
  return (
    <Page title={w('title', { name })} hint={w('hint')}>
      <Take object={object} />
      <Past object={object} />
    </Page>
  )
}

function Take({ object }: { object: ObjectFacts }) {
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [going, setGoing] = useState<{ file: string; part: number; sending: Sending<RouteAnswer<Routes['uploadImport']>> } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const take = async (file: File | undefined) => {
    if (!file || going) return
    setError(null)
    const sending = send<RouteAnswer<Routes['uploadImport']>>(file, (part) => setGoing((now) => now && { ...now, part }), { to: addressFor('uploadImport', { params: { object: object.key }, query: { name: file.name } }), mostMb: MOST_MB })
    setGoing({ file: file.name, part: 0, sending })
    try {
      const { import: given } = await sending.done
      void navigate({ to: at.import(object.key, given.id) })
    } catch (problem) {
      if (!(problem instanceof DOMException)) setError(problem)
      setGoing(null)
    }
  }
  const drop = (event: React.DragEvent) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files[0]) }
  return (
    <Panel label={w('choose')}>
      {error !== null && <div className={css.trouble}><Failure small error={error} /></div>}
      <div className={css.drop} data-over={over} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
        {going ? <Reading file={going.file} part={going.part} onStop={() => going.sending.stop()} /> : (
          <>
            <Icon name="form" size={28} />
            <p><b>{w('drop')}</b></p>
            <p className="quiet dense">{w('dropHelp')}</p>
            <div className={css.dropActs}>
              <Button look="primary" onClick={() => input.current?.click()}>{w('choose')}</Button>
              <Templates object={object} />
            </div>
            <input ref={input} type="file" hidden aria-label={w('choose')} accept=".xlsx,.csv,.txt,.tsv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" onChange={(event) => { void take(event.target.files?.[0]); event.target.value = '' }} />
            <p className="hint">{w('templateHelp')}</p>
          </>
        )}
      </div>
    </Panel>
  )
}

const MOST_MB = 30

const Reading = ({ file, part, onStop }: { file: string; part: number; onStop: () => void }) => (
  <div className={css.reading} role="status"><p><b className="clip">{w('reading', { file })}</b></p><progress max={1} value={part < 1 ? part : undefined} aria-label={w('reading', { file })} /><Button small onClick={onStop}>{w('stopReading')}</Button></div>
)

function Templates({ object }: { object: ObjectFacts }) {
  const take = (format: 'xlsx' | 'csv') => { const link = document.createElement('a'); link.href = addressFor('importTemplate', { params: { object: object.key }, query: { format } }); link.download = ''; link.click() }
  return <MenuButton icon="download" look="plain" label={w('template')} entries={[{ key: 'xlsx', label: w('templateXlsx'), onPick: () => take('xlsx') }, { key: 'csv', label: w('templateCsv'), onPick: () => take('csv') }]}>{w('template')}</MenuButton>
}

const TOGETHER = 20

function Past({ object }: { object: ObjectFacts }) {
  const name = label(object.label)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: importKeys.past(object.key), initialPageParam: '', getNextPageParam: (page: RouteAnswer<Routes['imports']>) => (page.items.length < TOGETHER ? undefined : page.items.at(-1)!.at),
    queryFn: ({ pageParam, signal }) => call('imports', { query: { object: object.key, limit: TOGETHER, ...(pageParam && { before: pageParam }) } }, { signal }),
  })
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <Panel title={w('past')}>
      {error && !items ? <Failure error={error} onRetry={refetch} /> : !items ? <Skeleton rows={3} height={56} /> : items.length === 0 ? <Empty icon="history" title={w('noPast', { name })}>{w('noPastHelp')}</Empty> : <ul>{items.map((each) => <Row key={each.id} given={each} />)}</ul>}
      {hasNextPage && <div className={css.more}><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{w('more')}</Button></div>}
    </Panel>
  )
}

function Row({ given }: { given: ImportShape }) {
  const who = useCatalogue().member(given.member)?.name ?? ''
  const { created, updated, skipped, refused } = given
  return (
    <li>
      <Link to={at.import(given.object, given.id)} className={css.row} aria-label={w('open', { file: given.file })}>
        <span className={css.what}><b className="clip">{given.file}</b><span className="quiet dense">{w('tally', { created, updated, skipped, refused })}</span></span>
        <span className={css.state} data-state={given.state}>{w(`state_${given.state}`)}</span>
        <span className={css.who}>{who}</span>
        <time className="hint" dateTime={given.at} title={clockTime(given.at, true)}>{ago(given.at)}</time>
      </Link>
    </li>
  )
}
