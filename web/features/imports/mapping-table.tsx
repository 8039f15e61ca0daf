import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { Panel, Tag } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label } from '../../i18n/index.ts'
import css from './imports.module.css'
import { importKeys, type Opened } from './query.ts'
import { w } from './words.ts'

const SAMPLED = 4

/** Columns of the file, with what stands in them, and the field that each fills. */
export function MappingTable({ opened, onChange }: { opened: Opened; onChange: (mapping: (string | null)[]) => void }) {
  const { import: given, fields } = opened
  const { data } = useQuery({ queryKey: importKeys.rows(given.id, 'first'), queryFn: () => call('importRows', { params: { id: given.id }, query: { limit: SAMPLED } }), staleTime: Infinity })
  const taken = new Set(given.mapping)
  const matched = given.mapping.filter((key) => key !== null).length
  const pick = (column: number, key: string | null) => onChange(given.mapping.map((each, i) => (i === column ? key : each === key && key !== null ? null : each)))
  return (
    <Panel title={w('columns')} hint={w('matched', { n: matched, m: given.heads.length - matched })}>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={w('columns')}>
        <table className={css.mapping}>
          <thead><tr><th scope="col">{w('column')}</th><th scope="col">{w('sample')}</th><th scope="col">{w('field')}</th></tr></thead>
          <tbody>{given.heads.map((head, column) => {
            const name = head || w('unnamed', { n: column + 1 })
            const samples = (data?.rows ?? []).map(({ cells }) => cells[column] ?? '').filter(Boolean)
            const chosen = given.mapping[column] ?? null
            return (
              <tr key={column} data-left={chosen === null || undefined}>
                <th scope="row">{name}</th>
                <td><span className={css.samples} title={samples.join('\n')}>{samples.join(' · ')}</span></td>
                <td><Picker small clearable label={`${name} ${w('field')}`} placeholder={w('leave')} value={chosen} onPick={(key) => pick(column, key)} options={fields.map(({ key, label: words, required }) => ({ value: key, label: label(words), hint: required ? w('required') : undefined, mark: taken.has(key) && key !== chosen ? <Tag>✓</Tag> : undefined }))} /></td>
              </tr>
            )
          })}</tbody>
        </table>
      </div>
    </Panel>
  )
}
