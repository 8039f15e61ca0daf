import type { RecordShape } from '#contract/api'
import type { Tile } from '#language/definitions'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { ago, money } from '../../design/format.ts'
import { label } from '../../i18n/index.ts'
import { isBlank, textOf, type Related } from '../records/value.tsx'
import css from './dashboards.module.css'
import { Nothing } from './tile.tsx'

const NUMBERS: ReadonlySet<string> = new Set(['money', 'integer', 'decimal', 'percent'])

/** Some records, each a press away. */
export function ListTile({ tile, records, related }: { tile: Extract<Tile, { kind: 'list' }>; records: readonly RecordShape[]; related: Related }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(tile.object)
  if (records.length === 0 || !object) return <Nothing />
  const fields = tile.columns.filter((key) => key !== object.title).flatMap((key) => object.field.get(key) ?? [])
  const said = (field: FieldShape, record: RecordShape): string => {
    const value = field.key === 'tags' ? record.tags : record.values[field.key]
    if (isBlank(value)) return '—'
    return field.kind === 'money' ? money(String(value)) : field.kind === 'datetime' ? ago(String(value)) : textOf(catalogue, field, value, related)
  }
  return (
    <table className={css.table} aria-label={label(tile.title)}>
      <thead><tr><th scope="col">{label(object.field.get(object.title)?.label)}</th>{fields.map((field) => <th key={field.key} scope="col" data-number={NUMBERS.has(field.kind)}>{label(field.label)}</th>)}</tr></thead>
      <tbody>{records.map((record) => (
        <tr key={record.id}>
          <td><To to={at.record(tile.object, record.id)} className="link">{record.title || '—'}</To></td>
          {fields.map((field) => <td key={field.key} data-number={NUMBERS.has(field.kind)} className={NUMBERS.has(field.kind) || field.kind === 'datetime' || field.kind === 'date' ? 'num' : undefined}>{said(field, record)}</td>)}
        </tr>
      ))}</tbody>
    </table>
  )
}
