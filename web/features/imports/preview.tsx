import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label } from '../../i18n/index.ts'
import css from './imports.module.css'
import { importKeys, type Opened } from './query.ts'
import { w } from './words.ts'

/** The first rows as they would be kept; what cannot be read says why, where it stands. */
export function Preview({ opened: { import: { id, mapping }, fields } }: { opened: Opened }) {
  const { data, error, refetch } = useQuery({ queryKey: importKeys.preview(id, mapping), queryFn: ({ signal }) => call('previewImport', { params: { id } }, { signal }), placeholderData: keepPreviousData, enabled: mapping.some((key) => key !== null) })
  const columns = data?.rows[0]?.cells.map(({ field }) => ({ key: field, name: label(fields.find(({ key }) => key === field)?.label) })) ?? []
  if (!mapping.some((key) => key !== null)) return <Panel title={w('preview')}><Empty icon="columns" title={w('nothing')} /></Panel>
  return (
    <Panel title={w('preview')} hint={data && w('previewHint', { n: data.rows.length })}>
      {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={5} height={36} /> : (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={w('preview')}>
          <table className={css.preview}>
            <thead><tr><th scope="col">{w('row')}</th>{columns.map(({ key, name }) => <th key={key} scope="col">{name}</th>)}</tr></thead>
            <tbody>{data.rows.map(({ n, cells }) => (
              <tr key={n}>
                <td className="num hint">{n}</td>
                {cells.map(({ field, text, wrong }) => <td key={field} data-wrong={wrong !== null || undefined}><span className={css.cell}>{text}</span>{wrong !== null && <span className={css.wrong}><Icon name="alert" size={12} />{wrong}</span>}</td>)}
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
