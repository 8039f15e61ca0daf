import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { useEdits } from '../drafts/use-form.ts'
import { FieldRow, mayEdit } from './field-row.tsx'
import { groupName } from './groups.ts'
import { arranged, shownIn } from './layout.ts'
import css from './record.module.css'
import { isBlank, valueOf, type Related } from './value.tsx'

/** Shown in the headline already, or of no use to a reader. */
const ELSEWHERE = new Set(['id', 'tags', 'owner', 'collaborators', 'attachments'])

/** What it is: fields in the groups of the definition; empty ones that nobody has to fill stay folded away. */
export function FieldsPanel({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const [all, setAll] = useState(false)
  const layout = useCatalogue().layout(object.key)
  const edits = useEdits(object.key, record.id, object.immutable === true || !object.fields.some((field) => mayEdit(record, field)))
  const fields = shownIn(layout, object.fields.filter((field) => !field.retired && !ELSEWHERE.has(field.key)), 'page')
  const quiet = fields.filter((field) => isBlank(valueOf(record, field.key)) && !isAsked(field, object) && !(field.key in edits.vals))
  const shown = all ? fields : fields.filter((field) => !quiet.includes(field))
  const groups = arranged(layout, shown, (field) => groupName(object, field, t('records.fields')))
  return (
    <Panel label={t('records.fields')} className={css.fields}>
      {groups.map(([name, members]) => (
        <section key={name} className={css.group}>
          <h2 className={css.groupName}>{name}</h2>
          <dl>{members.map((field) => <FieldRow key={field.key} object={object} field={field} record={record} related={related} edits={edits} />)}</dl>
        </section>
      ))}
      {quiet.length > 0 && <button type="button" className={css.fold} onClick={() => setAll(!all)}>{all ? t('records.hideEmpty') : t('records.showEmpty', { n: quiet.length })}</button>}
    </Panel>
  )
}

/** Empty, yet worth showing: required, or part of how the record is presented. */
const isAsked = (field: FieldShape, object: ObjectFacts): boolean => Boolean(field.required) || (object.subtitle ?? []).includes(field.key) || (!field.base && !field.readOnly && field.write && object.fields.indexOf(field) < 14)
export const nameOf = (field: FieldShape): string => label(field.label)
