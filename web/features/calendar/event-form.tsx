import { useMutation, useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { ApiError, call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { timeOfDay } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { refreshRecords, removeMany, targetOf } from '../records/acts.ts'
import { FieldEditor, isEditable } from '../records/field-editor.tsx'
import { isBlank, type Related } from '../records/value.tsx'
import css from './calendar.module.css'
import type { EventObject, Slot } from './events.ts'

export interface Editing { record: RecordShape | null; values: Record<string, unknown> }
interface Props { object: EventObject; editing: Editing; me: number; related: Related; onClose: () => void }

/** A new event, or one that is there; who is busy then is said before it is saved. */
export function EventForm({ object, editing: { record, values: first }, me, related, onClose }: Props) {
  const [values, setValues] = useState(first)
  const [tried, setTried] = useState(false)
  const { starts, ends } = object.event
  const fields = object.fields.filter((field) => isEditable(field) && !field.base)
  const missing = fields.filter((field) => field.required && isBlank(values[field.key]))
  const turned = !isBlank(values[starts]) && !isBlank(values[ends]) && String(values[ends]) <= String(values[starts])
  const save = useMutation({
    mutationFn: () => (record ? call('updateRecord', { params: { object: object.key, id: record.id }, body: { version: record.version, values: changed(values, first) } }) : call('createRecord', { params: { object: object.key }, body: { values: filled(values) } })),
    onSuccess: ({ record: saved }) => { void refreshRecords(object.key); say(t(record ? 'calendar.saved' : 'records.created', { name: saved.title }), record ? undefined : () => call('deleteRecord', { params: { object: object.key, id: saved.id } }).then(() => refreshRecords(object.key))); onClose() },
  })
  const submit = () => { setTried(true); if (missing.length === 0 && !turned) save.mutate() }
  const refusedAt = save.error instanceof ApiError && save.error.path ? save.error.path.replace(/^values\./, '') : null
  const errorOf = (field: FieldShape) => (tried && missing.includes(field) ? t('records.mustFill') : field.key === ends && turned ? t('calendar.turned') : refusedAt === field.key ? sentenceOf(save.error) : null)
  const editable = record === null || record.can.edit
  const owner = record ? ((record.values['owner'] as number | null | undefined) ?? me) : me
  const remove = async () => { if (record && (await removeMany(object.key, [targetOf(record)]))) onClose() }
  return (
    <Dialog look="sheet" width={480} title={record ? record.title : t('shell.createNamed', { name: label(object.label) })} onClose={onClose}
      foot={<>{record?.can.delete && <Button look="quiet" icon="trash" onClick={() => void remove()}>{t('calendar.cancelEvent')}</Button>}<span className="grow" /><Button onClick={onClose}>{t('common.cancel')}</Button>{editable && <Button look="primary" busy={save.isPending} onClick={submit}>{t('common.save')}</Button>}</>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }}>
        {save.error && !fields.some((field) => field.key === refusedAt) && <Failure small error={save.error} />}
        {!turned && <Conflicts object={object} self={record?.id ?? null} from={values[starts]} to={values[ends]} members={[owner, ...((object.participants && (values[object.participants] as number[] | null)) || [])]} />}
        {fields.map((field) => <Field key={field.key} label={label(field.label)} required={field.required} error={errorOf(field)}>{(control) => <FieldEditor field={field} control={control} value={values[field.key] ?? null} related={related} onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))} autoFocus={field.key === object.title && record === null} />}</Field>)}
        {record && <Link to={at.record(object.key, record.id)} className="link">{t('calendar.openRecord')}</Link>}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

const filled = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value)))
const changed = (values: Record<string, unknown>, before: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([key, value]) => JSON.stringify(value ?? null) !== JSON.stringify(before[key] ?? null)))

interface Meeting { object: EventObject; self: string | null; from: unknown; to: unknown; members: readonly number[] }
/** Who has something else at that time, by name; it may be saved all the same. */
function Conflicts({ object, self, from, to, members }: Meeting) {
  const catalogue = useCatalogue()
  const whole = typeof from === 'string' && typeof to === 'string' && members.length > 0
  const { data } = useQuery({ enabled: whole, queryKey: [...keys.object(object.key), 'busy', from, to, members], queryFn: () => call('busy', { query: { object: object.key, from: String(from), to: String(to), members: [...new Set(members)].map(String) } }), placeholderData: keepPreviousData })
  const others = whole ? (data?.items ?? []).filter(({ id, from: begins, to: ends }) => (id === null || id !== self) && begins < to && ends > from) : []
  if (others.length === 0) return null
  return (
    <div className={css.conflict} role="alert">
      <Icon name="alert" />
      <ul>{others.map((each, i) => <li key={i}>{t('calendar.conflict', { name: catalogue.member(each.member)?.name ?? t('common.unknownMember'), from: timeOfDay(each.from), to: timeOfDay(each.to), what: each.title ?? t('calendar.busy') })}</li>)}</ul>
    </div>
  )
}

/** The form's values for an event that is there. */
export const editingOf = (object: EventObject, slot: Slot): Editing | null =>
  slot.record && { record: slot.record, values: Object.fromEntries(object.fields.filter((field) => isEditable(field) && !field.base).map((field) => [field.key, slot.record!.values[field.key] ?? null])) }
