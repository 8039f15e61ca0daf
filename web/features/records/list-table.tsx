import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { RecordShape } from '#contract/api'
import { useEffect, useMemo, useRef } from 'react'
import type { FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Check } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Failure } from '../../design/pieces.tsx'
import { useRowKeys } from '../../design/row-keys.ts'
import { label, t } from '../../i18n/index.ts'
import { sortsOf } from './list-data.ts'
import { ListRow } from './list-row.tsx'
import css from './list.module.css'
import type { ListState } from './list-state.ts'
import { isSortable } from './sort-button.tsx'
import type { Related } from './value.tsx'

export const ROW = 40
const AHEAD = 20

interface Props { state: ListState; records: readonly RecordShape[]; related: Related; marked: ReadonlySet<string>; onMark: (marked: ReadonlySet<string>) => void; more: (() => void) | null; loadingMore: boolean; moreError: unknown; stale: boolean }

/** Rows drawn as far as they are seen; the next page is fetched before its turn comes. */
export function ListTable({ state, records, related, marked, onMark, more, loadingMore, moreError, stale }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const fields = useMemo(() => state.columns.map((key) => state.object.field.get(key)).filter((field): field is FieldShape => field !== undefined), [state.columns, state.object])
  // oxlint-disable-next-line react/incompatible-library -- rows are asked for anew at every scroll, nothing of them is kept
  const rows = useVirtualizer({ count: records.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12 })
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => { if (more && !moreError && last >= records.length - AHEAD) more() }, [last, records.length, more, moreError])
  const toggle = (id: string) => { const next = new Set(marked); if (!next.delete(id)) next.add(id); onMark(next) }
  const { at: focused } = useRowKeys({ count: records.length, onOpen: (index) => void navigate({ to: at.record(state.object.key, records[index]!.id) }), onMark: (index) => toggle(records[index]!.id) })
  useEffect(() => { if (focused >= 0) rows.scrollToIndex(focused, { align: 'auto' }) }, [focused, rows])
  const template = `40px ${fields.map((field, index) => (index === 0 ? 'minmax(148px, 1.3fr)' : widthOf(field))).join(' ')}`
  return (
    <div ref={box} className={css.scroll} data-stale={stale} tabIndex={0} role="region" aria-label={label(state.object.label)}>
      <div role="table" aria-rowcount={records.length + 1} aria-label={label(state.object.label)} className={css.table} style={{ '--columns': template } as React.CSSProperties}>
        <Head state={state} fields={fields} all={records.length > 0 && marked.size >= records.length} some={marked.size > 0} onAll={(on) => onMark(on ? new Set(records.map(({ id }) => id)) : new Set())} />
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map((item) => { const record = records[item.index]!; return <ListRow key={record.id} record={record} fields={fields} related={related} index={item.index} top={item.start} marked={marked.has(record.id)} focused={item.index === focused} onMark={() => toggle(record.id)} /> })}
        </div>
      </div>
      {loadingMore && <p className={css.tail}>{t('common.loading')}</p>}
      {moreError !== null && <Failure error={moreError} onRetry={() => more?.()} />}
    </div>
  )
}

function Head({ state, fields, all, some, onAll }: { state: ListState; fields: readonly FieldShape[]; all: boolean; some: boolean; onAll: (on: boolean) => void }) {
  const [first] = sortsOf(state.sort)
  const sort = (key: string) => state.set({ sort: first?.field === key && first.direction === 'desc' ? key : `-${key}` })
  return (
    <div role="rowgroup" className={css.head}>
      <div role="row" className={css.row}>
        <div role="columnheader" className={css.check}><Check checked={all} mixed={some && !all} onCheck={onAll} aria-label={t('records.markAll')} /></div>
        {fields.map((field) => {
          const sorted = first?.field === field.key ? (first.direction === 'desc' ? 'descending' : 'ascending') : undefined
          return <div key={field.key} role="columnheader" aria-sort={sorted} className={css.cell} data-number={isNumber(field)}>{isSortable(state, field.key) ? <button type="button" className={css.sort} onClick={() => sort(field.key)}>{label(field.label)}{sorted && <Icon name={sorted === 'descending' ? 'down' : 'up'} size={12} />}</button> : label(field.label)}</div>
        })}
      </div>
    </div>
  )
}

export const isNumber = (field: FieldShape): boolean => field.kind === 'money' || field.kind === 'integer' || field.kind === 'decimal' || field.kind === 'percent'

const WIDTHS: Partial<Record<FieldShape['kind'], string>> = { boolean: '72px', date: '104px', datetime: '112px', money: '104px', integer: '84px', decimal: '92px', percent: '80px', phone: '132px', member: '108px', select: 'minmax(92px, 0.6fr)', region: '84px', tags: 'minmax(120px, 0.9fr)', long: 'minmax(180px, 1.5fr)', text: 'minmax(148px, 1.3fr)', auto: '112px' }
const widthOf = (field: FieldShape): string => WIDTHS[field.kind] ?? 'minmax(112px, 1fr)'
