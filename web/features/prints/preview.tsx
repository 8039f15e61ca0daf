import { useQuery } from '@tanstack/react-query'
import type { Paper, PrintTemplate } from '#language/definitions'
import { useDeferredValue, useState } from 'react'
import { call, keepPreviousData } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { RecordPicker } from '../records/record-picker.tsx'
import { openPrint } from './open-print.ts'
import css from './prints.module.css'

/** The paper as it will be, of the newest record or the chosen one. */
export function Preview({ template, saved }: { template: PrintTemplate; saved: boolean }) {
  const [record, setRecord] = useState<string | null>(null)
  const shown = useDeferredValue(template)
  const { data, error, refetch } = useQuery({ queryKey: ['print-preview', shown, record], queryFn: ({ signal }) => call('previewPrint', { body: { template: shown, ...(record && { id: record }) } }, { signal }), placeholderData: keepPreviousData, retry: false })
  const acts = saved && record && <Button small icon="external" onClick={() => openPrint({ object: template.object, id: record }, template.key)}>{t('prints.open')}</Button>
  return (
    <Panel title={t('prints.preview')} hint={t('prints.previewHint')} acts={acts} className={css.preview}>
      <div className={css.pick}><RecordPicker small clearable label={t('prints.previewOf')} object={template.object} value={record} onPick={(picked) => setRecord(picked?.id ?? null)} /></div>
      {error ? <Failure small error={error} onRetry={refetch} /> : !data ? <Skeleton rows={10} /> : data.paper ? <Sheet paper={data.paper} /> : <Empty icon="form" title={t('prints.nothing')} />}
    </Panel>
  )
}

const Sheet = ({ paper }: { paper: Paper }) => (
  <article className={css.sheet} aria-label={paper.title} tabIndex={0}>{paper.parts.map((part, at) => <Part key={at} part={part} />)}<footer>{paper.footer}</footer></article>
)

function Part({ part }: { part: Paper['parts'][number] }) {
  switch (part.kind) {
    case 'company': return <header className={css.letterhead}>{part.logo && <img src={part.logo} alt="" />}<div><b>{part.name}</b>{part.lines.map((line) => <p key={line}>{line}</p>)}</div></header>
    case 'heading': return part.level === 1 ? <h2 className={css.large}>{part.text}</h2> : <h3>{part.text}</h3>
    case 'text': return <p className={css.words}>{part.text}</p>
    case 'fields': return <dl data-columns={part.columns}>{part.rows.map(({ label, value }, at) => <div key={at}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
    case 'table': return <Table part={part} />
    case 'totals': return <div className={css.totals}>{part.lines.map(({ label, value, words }) => <p key={label}><span>{label}</span> <b>{value}</b>{words && <em>{words}</em>}</p>)}</div>
    case 'signature': return <div className={css.sign}>{part.parties.map((party) => <div key={party}><b>{party}</b><span>{t('prints.sign')}</span><i /><span>{t('prints.date')}</span></div>)}</div>
  }
}

const Table = ({ part: { title, columns, rows, sums, cut } }: { part: Extract<Paper['parts'][number], { kind: 'table' }> }) => (
  <>
    {title && <h3>{title}</h3>}
    <table>
      <thead><tr>{columns.map(({ label, right }) => <th key={label} scope="col" data-right={right}>{label}</th>)}</tr></thead>
      <tbody>{rows.length === 0 ? <tr><td colSpan={columns.length}>{t('prints.noRows')}</td></tr> : rows.slice(0, 60).map((row, at) => <tr key={at}>{row.map((cell, i) => <td key={i} data-right={columns[i]?.right}>{cell}</td>)}</tr>)}{sums && <tr className={css.sum}>{sums.map((cell, i) => <td key={i} data-right={columns[i]?.right}>{cell}</td>)}</tr>}</tbody>
    </table>
    {cut && <p className={css.cut}>{t('prints.cut', { n: rows.length })}</p>}
  </>
)
