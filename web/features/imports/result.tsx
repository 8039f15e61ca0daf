import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { addressFor, call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Confirm } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import css from './imports.module.css'
import { importKeys, type ImportedRow, type ImportShape, type Outcome } from './query.ts'
import { w, type Word } from './words.ts'

interface Props { given: ImportShape; name: string; busy: boolean; onUndo: () => void }

/** What became of it, or what would: counts, rows with their reasons, the file with both, and the way back. */
export function Result({ given, busy, onUndo }: Props) {
  const [asking, setAsking] = useState(false)
  const tried = given.state === 'checked'
  const download = given.rowsKept && <Download given={given} />
  return (
    <Panel title={w(tried ? 'foreseen' : 'done')} hint={tried ? undefined : w(`state_${given.state}`)} acts={<>{download}{given.canUndo && <Button small look="plain" busy={busy} onClick={() => setAsking(true)}>{w('undo')}</Button>}</>}>
      <Tally given={given} tried={tried} />
      <Notes given={given} />
      {given.rowsKept ? <Rows given={given} /> : !tried && <p className={css.note}>{w('rowsGone')}</p>}
      {asking && <AskUndo given={given} onUndo={onUndo} onClose={() => setAsking(false)} />}
    </Panel>
  )
}

/** What it would do and meet, before it is done. */
function AskUndo({ given: { id, created, updated }, onUndo, onClose }: { given: ImportShape; onUndo: () => void; onClose: () => void }) {
  const { data } = useQuery({ queryKey: [...importKeys.one(id), 'undo'], queryFn: ({ signal }) => call('importUndoPlan', { params: { id } }, { signal }), staleTime: 0 })
  const sent = (data?.sent ?? []).map(({ channel, n }) => `${channel} ${t('common.rows', { n })}`).join(t('common.listGap'))
  return (
    <Confirm title={w('undoTitle')} act={w('undo')} onAct={onUndo} onClose={onClose}>
      {w('undoHelp', { created, updated })}
      {data && <><br /><b>{data.touched > 0 ? w('undoTouched', { n: data.touched }) : w('undoUntouched')}</b>{sent && <><br />{w('undoSent', { sent })}</>}</>}
    </Confirm>
  )
}

const COUNTS = ['created', 'updated', 'skipped', 'refused'] as const
const WILL = { created: 'willCreated', updated: 'willUpdated', skipped: 'willSkipped', refused: 'willRefused' } as const satisfies Record<string, Word>

const Tally = ({ given, tried }: { given: ImportShape; tried: boolean }) => (
  <dl className={css.tally}>{COUNTS.map((each) => <div key={each} data-some={given[each] > 0 || undefined} data-kind={each}><dt>{w(tried ? WILL[each] : each)}</dt><dd className="num">{given[each]}</dd></div>)}</dl>
)

function Notes({ given }: { given: ImportShape }) {
  const who = useCatalogue().member(given.undoneBy)?.name ?? ''
  if (given.state === 'failed') return <p className={css.note} data-bad>{w('failed', { why: given.trouble === 'SIGN_IN_REQUIRED' ? w('failed_SIGN_IN_REQUIRED') : (given.trouble ?? '') })} {w('interrupted')}</p>
  if (given.state === 'cancelled') return <p className={css.note}>{w('stopped')}</p>
  if (given.state !== 'undone') return null
  return <p className={css.note}>{w('undoneBy', { who, when: given.undoneAt ? clockTime(given.undoneAt, true) : '' })}{t('common.sentenceGap')}{w('undone', { n: given.reverted })}{given.kept > 0 && <>{t('common.sentenceGap')}{w('keptSome', { n: given.kept })}</>}</p>
}

function Download({ given: { id, refused } }: { given: ImportShape }) {
  const take = (format: 'xlsx' | 'csv', outcome?: Outcome) => { const link = document.createElement('a'); link.href = addressFor('importResult', { params: { id }, query: { format, ...(outcome && { outcome }) } }); link.download = ''; link.click() }
  return <MenuButton small icon="download" look="plain" label={w('download')} entries={[...(refused > 0 ? [{ key: 'refused', label: w('downloadRefused'), onPick: () => take('xlsx', 'refuse') }] : []), { key: 'xlsx', label: w('downloadAll'), onPick: () => take('xlsx') }, { key: 'csv', label: w('downloadCsv'), onPick: () => take('csv') }]}>{w('download')}</MenuButton>
}

type Shown = Outcome | 'all' | 'kept'
const OUTCOMES = [['refuse', 'refused'], ['create', 'created'], ['update', 'updated'], ['skip', 'skipped']] as const
const TOGETHER = 100

function Rows({ given }: { given: ImportShape }) {
  const some = OUTCOMES.filter(([, count]) => given[count] > 0)
  const first: Shown = given.kept > 0 ? 'kept' : (some[0]?.[0] ?? 'all')
  const [shown, setShown] = useState<Shown | null>(null)
  const now = shown ?? first
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: importKeys.rows(given.id, [now, given.state, given.handled, given.undoneBatches]), initialPageParam: 0, getNextPageParam: ({ rows }) => (rows.length < TOGETHER ? undefined : rows.at(-1)!.n),
    queryFn: ({ pageParam, signal }) => call('importRows', { params: { id: given.id }, query: { after: pageParam, limit: TOGETHER, ...(now === 'kept' ? { kept: '1' as const } : now !== 'all' && { outcome: now }) } }, { signal }),
  })
  const rows = data?.pages.flatMap((page) => page.rows)
  const tried = given.state === 'checked'
  const tabs = [...(given.kept > 0 ? [{ value: 'kept' as Shown, label: w('kept'), hint: String(given.kept) }] : []), ...some.map(([value, count]) => ({ value: value as Shown, label: w(tried ? WILL[count] : count), hint: String(given[count]) })), { value: 'all' as Shown, label: w('all') }]
  return (
    <>
      <div className={css.tabs}><Tabs label={w('show')} value={now} tabs={tabs} onChoose={setShown} /></div>
      {error && !rows ? <Failure error={error} onRetry={refetch} /> : !rows ? <Skeleton rows={4} height={36} /> : rows.length === 0 ? <Empty title={w('noRows')} /> : <RowTable given={given} rows={rows} />}
      {hasNextPage && <div className={css.more}><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{w('moreRows')}</Button></div>}
    </>
  )
}

/** A row with its reason first: that is what one looks for. */
function RowTable({ given, rows }: { given: ImportShape; rows: readonly ImportedRow[] }) {
  const columns = given.heads.flatMap((head, i) => (given.mapping[i] === null || !rows.some(({ cells }) => cells[i]) ? [] : [{ head: head || w('unnamed', { n: i + 1 }), i }])).slice(0, 8)
  const reasoned = rows.some(({ reasons, kept }) => reasons.length > 0 || kept !== null)
  const opens = given.state !== 'checked' && rows.some(({ record }) => record !== null)
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={w('show')}>
      <table className={css.preview}>
        <thead><tr><th scope="col">{w('row')}</th>{reasoned && <th scope="col">{w('reason')}</th>}{columns.map(({ head, i }) => <th key={i} scope="col">{head}</th>)}{opens && <th scope="col"><span className="sr">{w('opens')}</span></th>}</tr></thead>
        <tbody>{rows.map(({ n, cells, outcome, record, reasons, kept }) => (
          <tr key={n}>
            <td className="num hint">{n}</td>
            {reasoned && <td><ul className={css.reasons} data-outcome={outcome ?? undefined}>{reasons.map(({ head, text }, i) => <li key={i}>{head !== null && !text.includes(head) ? `${head}${t('roles.colon')}${text}` : text}</li>)}{kept && <li>{kept.text}{kept.fields.length > 0 && `（${kept.fields.join(t('common.listGap'))}）`}</li>}</ul></td>}
            {columns.map(({ i }) => <td key={i} data-wrong={reasons.some(({ head }) => head !== null && head === given.heads[i]) || undefined}><span className={css.cell}>{cells[i]}</span></td>)}
            {opens && <td>{record && given.state !== 'checked' && <Link className="link" to={at.record(given.object, record)} aria-label={`${w('opens')} ${n}`}><Icon name="right" size={14} /></Link>}</td>}
          </tr>
        ))}</tbody>
      </table>
    </div>
  )
}
