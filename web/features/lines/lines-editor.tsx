import { useEffect, useLayoutEffect, useRef } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { label, t } from '../../i18n/index.ts'
import { FieldEditor, isEditable } from '../records/field-editor.tsx'
import { isBlank, textOf, type Related } from '../records/value.tsx'
import css from './lines.module.css'
import { reckonRow, reckonWhole } from './reckon.ts'
import type { DraftRow, Line } from './rows.ts'

let made = 0
/** An empty row with what the definition fills in. */
export const emptyRow = (object: ObjectFacts): DraftRow => ({
  key: `new-${++made}`,
  values: Object.fromEntries(object.fields.flatMap((field) => (field.default === undefined || typeof field.default === 'object' ? [] : [[field.key, field.default]]))),
})

interface Props { whole: ObjectFacts; line: Line; rows: readonly DraftRow[]; values: Record<string, unknown>; related: Related; onRows: (rows: DraftRow[]) => void; onRemove?: (row: DraftRow) => void }

/** Rows edited in place, as in a spreadsheet: Enter goes down and Tab to the right, both make a new row at the end. Totals follow while typing. */
export function LinesEditor({ whole, line, rows, values, related, onRows, onRemove }: Props) {
  const catalogue = useCatalogue()
  const object = catalogue.object(line.object)!
  const columns = line.columns.flatMap((key) => object.field.get(key) ?? [])
  const body = useRef<HTMLTableSectionElement>(null)
  const wanted = useRef<[row: number, column: number] | null>(null)
  useEffect(() => {
    if (!wanted.current) return
    const [row, column] = wanted.current
    wanted.current = null
    body.current?.querySelectorAll('tr')[row]?.querySelectorAll<HTMLElement>('td')[column]?.querySelector<HTMLElement>('input, button')?.focus()
  })
  // Typing goes on while a price is fetched: every change is made to what stands by then, not to what was drawn.
  const latest = useRef(rows)
  useLayoutEffect(() => { latest.current = rows }, [rows])
  const set = (next: DraftRow[]) => { latest.current = next; onRows(next) }
  const put = (row: DraftRow, changed: Record<string, unknown>) => set(latest.current.map((each) => (each.key === row.key ? { ...each, values: { ...each.values, ...changed } } : each)))
  const add = (column = 0) => { wanted.current = [latest.current.length, column]; set([...latest.current, emptyRow(object)]) }
  const change = async (row: DraftRow, field: FieldShape, value: unknown) => {
    put(row, { [field.key]: value })
    const takers = object.fields.filter((each) => each.copy?.via === field.key)
    if (takers.length === 0 || typeof value !== 'string' || typeof field.to !== 'string') return
    const { record } = await call('getRecord', { params: { object: field.to, id: value } })
    // Another choice since then takes its own.
    if (latest.current.some((each) => each.key === row.key && each.values[field.key] === value)) put(row, Object.fromEntries(takers.map((taker) => [taker.key, record.values[taker.copy!.field] ?? null])))
  }
  const onKeyDown = (event: React.KeyboardEvent, at: [row: number, column: number]) => {
    if (event.nativeEvent.isComposing || (event.target as HTMLElement).tagName !== 'INPUT') return
    const last = at[0] === rows.length - 1
    const end = last && columns.slice(at[1] + 1).every((field) => !isEditable(field))
    if (event.key === 'Enter') {
      event.preventDefault()
      if (last) add()
      else body.current?.querySelectorAll('tr')[at[0] + 1]?.querySelectorAll<HTMLElement>('td')[at[1]]?.querySelector<HTMLElement>('input, button')?.focus()
    } else if (event.key === 'Tab' && !event.shiftKey && end) { event.preventDefault(); add() }
  }
  const reckoned = rows.map((row) => reckonRow(catalogue, line.object, row.values))
  return (
    <div className={css.editor}>
      <table className={css.table}>
        <thead><tr>{columns.map((field) => <th key={field.key} data-kind={numeric(field)} data-wide={field.kind === 'reference'} scope="col">{label(field.label)}</th>)}<th><span className="sr">{t('lines.remove')}</span></th></tr></thead>
        <tbody ref={body}>
          {rows.map((row, i) => (
            <tr key={row.key} aria-label={t('lines.rowNo', { n: i + 1 })}>
              {columns.map((field, column) => (
                <td key={field.key} data-label={label(field.label)} data-kind={numeric(field)} onKeyDown={(event) => onKeyDown(event, [i, column])}>
                  {column === 0 && isBlank(row.values[field.key]) && !isBlank(row.values[object.title]) && <span className={css.named}>{row.values[object.title] as string}</span>}
                  {isEditable(field) ? <FieldEditor key={fillKey(row, field)} field={field} value={row.values[field.key] ?? null} related={related} onChange={(value) => void change(row, field, value)} />
                    : <span className={css.worked}>{isBlank(reckoned[i]![field.key]) ? '—' : exactly(catalogue, field, reckoned[i]![field.key])}</span>}
                </td>
              ))}
              <td className={css.last}><IconButton small icon="trash" label={t('lines.removeNo', { n: i + 1 })} onClick={() => { onRemove?.(row); set(latest.current.filter((each) => each.key !== row.key)) }} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={css.foot}>
        <Button small icon="plus" onClick={() => add()}>{t('lines.add')}</Button>
        <Totals whole={whole} line={line} rows={reckoned} values={values} />
      </div>
    </div>
  )
}

/** A number's own text stands in its input: what is taken over from elsewhere begins a new one. */
const fillKey = (row: DraftRow, field: FieldShape): string => (field.copy ? `${field.key} ${(row.values[field.copy.via] as string | null) ?? ''}` : field.key)
const NUMERIC: ReadonlySet<string> = new Set(['integer', 'decimal', 'money', 'percent'])
export const numeric = (field: FieldShape): 'number' | undefined => (NUMERIC.has(field.kind) ? 'number' : undefined)

/** What the record will say. */
function Totals({ whole, line, rows, values }: { whole: ObjectFacts; line: Line; rows: readonly Record<string, unknown>[]; values: Record<string, unknown> }) {
  const catalogue = useCatalogue()
  const moved = reckonWhole(catalogue, whole.key, { line, rows, values }).flatMap(([key, value]) => { const field = whole.field.get(key); return field ? [{ field, value }] : [] })
  return <dl className={css.totals} aria-live="polite">{moved.map(({ field, value }) => <div key={field.key}><dt>{label(field.label)}</dt><dd className="num">{isBlank(value) ? '—' : exactly(catalogue, field, value)}</dd></div>)}</dl>
}

/** To the cent: 12.8 万 is no total. */
export function exactly(catalogue: ReturnType<typeof useCatalogue>, field: FieldShape, value: unknown): string {
  if (field.kind !== 'money') return textOf(catalogue, field, value, {})
  const [whole = '0', fraction = ''] = String(value).split('.')
  return `¥${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.padEnd(2, '0')}`
}
