import { Link } from '@tanstack/react-router'
import type { RecordShape } from '#contract/api'
import { memo } from 'react'
import type { FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { cx } from '../../design/classes.ts'
import { Check } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import css from './list.module.css'
import { isNumber, ROW } from './list-table.tsx'
import { Tags, Value, valueOf, type Related } from './value.tsx'

interface Props { record: RecordShape; fields: readonly FieldShape[]; related: Related; index: number; top: number; marked: boolean; focused: boolean; onMark: () => void }

export const ListRow = memo(function ListRow({ record, fields, related, index, top, marked, focused, onMark }: Props) {
  return (
    <div role="row" aria-rowindex={index + 2} className={cx(css.row, css.body)} data-marked={marked} data-focused={focused} style={{ transform: `translateY(${top}px)`, height: ROW }}>
      <div role="cell" className={css.check}><Check checked={marked} onCheck={onMark} aria-label={t('records.markNamed', { name: record.title })} /></div>
      {fields.map((field, column) => (
        <div key={field.key} role="cell" className={css.cell} data-number={isNumber(field)}>
          <span className={css.text}>{column === 0 ? <Link to={at.record(record.object, record.id)} className={css.title}>{record.title || t('records.untitled')}</Link> : field.kind === 'tags' ? <Tags keys={record.tags} most={2} /> : <Value field={field} value={valueOf(record, field.key)} related={related} linked={false} />}</span>
        </div>
      ))}
    </div>
  )
}, (before, after) => before.record === after.record && before.top === after.top && before.marked === after.marked && before.focused === after.focused && before.fields === after.fields && before.related === after.related)
