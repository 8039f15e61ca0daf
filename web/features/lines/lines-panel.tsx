import { useMutation, useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { refreshRecords } from '../records/acts.ts'
import { isBlank, Value, type Related } from '../records/value.tsx'
import { emptyRow, exactly, LinesEditor, numeric } from './lines-editor.tsx'
import css from './lines.module.css'
import { changesOf, isFilled, type DraftRow, type Line } from './rows.ts'

/** The rows of a record on its page; pressed, they are edited in place and saved in one act. */
export default function LinesPanels({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const catalogue = useCatalogue()
  return (object.lines ?? []).filter((line) => catalogue.object(line.object)).map((line) => <LinesPanel key={line.object} whole={object} line={line} record={record} />)
}

function LinesPanel({ whole, line, record }: { whole: ObjectFacts; line: Line; record: RecordShape }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(line.object)!
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.object(line.object), 'lines', record.id, record.version],
    queryFn: ({ signal }) => call('listRecords', { params: { object: line.object }, query: { filter: { field: line.via, op: 'eq', value: record.id }, limit: 200, ...(line.order ? { sort: line.order } : { sort: 'created_at' }) } as never }, { signal }),
  })
  const [editing, setEditing] = useState(false)
  const title = label(line.label ?? object.label)
  const edit = record.can.edit && !editing && data && <Button small icon="edit" onClick={() => setEditing(true)}>{t('lines.edit')}</Button>
  return (
    <Panel title={title} label={title} acts={edit || undefined}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={3} height={40} />
        : editing ? <Editing whole={whole} line={line} record={record} rows={data.records} related={data.related} onClose={() => setEditing(false)} />
        : data.records.length === 0 ? <p className={css.none}>{t('lines.none')}</p>
        : <Rows whole={whole} line={line} record={record} rows={data.records} related={data.related} />}
    </Panel>
  )
}

interface Shown { whole: ObjectFacts; line: Line; record: RecordShape; rows: readonly RecordShape[]; related: Related }

function Rows({ line, rows, related }: Shown) {
  const catalogue = useCatalogue()
  const object = catalogue.object(line.object)!
  const columns = line.columns.flatMap((key) => object.field.get(key) ?? [])
  return (
    <table className={css.table}>
      <thead><tr>{columns.map((field) => <th key={field.key} scope="col" data-kind={numeric(field)}>{label(field.label)}</th>)}</tr></thead>
      <tbody>{rows.map((row) => (
        <tr key={row.id}>{columns.map((field, i) => {
          const value = row.values[field.key]
          return <td key={field.key} data-label={label(field.label)} data-kind={numeric(field)}>{i === 0 && isBlank(value) ? (row.title || '—') : field.kind === 'money' && !isBlank(value) ? <span className="num">{exactly(catalogue, field, value)}</span> : <Value field={field} value={value} related={related} />}</td>
        })}</tr>
      ))}</tbody>
    </table>
  )
}

function Editing({ whole, line, record, rows: stored, related, onClose }: Shown & { onClose: () => void }) {
  const object = useCatalogue().object(line.object)!
  const writable = (row: RecordShape) => Object.fromEntries(object.fields.filter((field) => field.write && !field.base && field.key !== line.via).map((field) => [field.key, row.values[field.key] ?? null]))
  const [rows, setRows] = useState<DraftRow[]>(() => (stored.length > 0 ? stored.map((row) => ({ key: row.id, id: row.id, before: writable(row), values: writable(row) })) : [emptyRow(object)]))
  const [gone, setGone] = useState<string[]>([])
  const save = useMutation({
    mutationFn: () => call('updateRecord', { params: { object: whole.key, id: record.id }, body: { version: record.version, lines: { [line.object]: changesOf(rows.filter(isFilled), gone, line) } } }),
    onSuccess: (answer) => { queries.setQueryData(keys.record(whole.key, record.id), answer); void refreshRecords(whole.key); void refreshRecords(line.object); say(t('lines.saved')); onClose() },
  })
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      {save.error && <Failure small error={save.error} />}
      <LinesEditor whole={whole} line={line} rows={rows} values={record.values} related={related} onRows={setRows} onRemove={(row) => row.id && setGone([...gone, row.id])} />
      <div className={css.acts}><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} onClick={() => save.mutate()}>{t('common.save')}</Button></div>
    </form>
  )
}
