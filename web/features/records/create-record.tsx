import { useMutation } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import type { Layout } from '#language/definitions'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { now } from '../../api/clock.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { refreshRecords } from './acts.ts'
import { undoOf } from './undo.ts'
import { Restored } from '../drafts/restored.tsx'
import { useNewForm } from '../drafts/use-form.ts'
import { linesOf, type DraftRow } from '../lines/rows.ts'
import css from './create-record.module.css'
import { groupName } from './groups.ts'
import { arranged, shownIn } from './layout.ts'
import { FieldEditor, isEditable } from './field-editor.tsx'
import { isBlank, type Related } from './value.tsx'

interface Props { object: string; preset?: Record<string, unknown>; known?: Related; onClose: () => void; onCreated: (id: string, record: RecordShape) => void }

/** A form made from the definition: what is required first, the rest by group. */
export function CreateRecord({ object: key, preset = {}, known, onClose, onCreated }: Props) {
  const catalogue = useCatalogue()
  const me = useMe()
  const object = catalogue.object(key)!
  const form = useNewForm(key, preset, () => ({ ...defaultsOf(object, me.id), ...preset }))
  const { vals: values, rows } = form
  const [tried, setTried] = useState(false)
  // Whoever may not write suggests the same, and somebody takes it or not.
  const suggests = !object.can.create && object.can.suggest === true
  const suggesting = useMutation({
    mutationFn: async () => { const { tags: _tags, owner: _owner, ...rest } = values; const given = defaultsOf(object, me.id); return call('suggest', { body: { object: key, values: filled(Object.fromEntries(Object.entries(rest).filter(([field, value]) => given[field] !== value))), ...(await form.sent()) } }) },
    onError: form.failed,
    onSuccess: () => { say(t('suggestions.sent')); onClose() },
  })
  const create = useMutation({
    mutationFn: async () => { const { tags, owner, ...rest } = values; return call('createRecord', { params: { object: key }, body: { values: filled(rest), ...linesOf(object, rows), ...(isBlank(tags) ? {} : { tags: tags as string[] }), ...(isBlank(owner) ? {} : { owner: owner as number }), ...(await form.sent()) } }) },
    onError: form.failed,
    onSuccess: ({ record, undo }) => { void refreshRecords(key); say(t('records.created', { name: record.title }), undoOf(undo)); onClose(); onCreated(record.id, record) },
  })
  const layout = catalogue.layout(key)
  const fields = shownIn(layout, object.fields.filter((field) => isEditable(field, true) && (!field.base || field.key === 'tags' || field.key === 'owner')), 'create')
  const missing = fields.filter((field) => field.required && isBlank(values[field.key]))
  const error = create.error ?? suggesting.error
  const refusedAt = error instanceof ApiError && error.path ? error.path.replace(/^values\./, '') : null
  const submit = () => { setTried(true); if (missing.length === 0) (suggests ? suggesting : create).mutate() }
  const row = (field: FieldShape) => {
    const wrong = tried && missing.includes(field) ? t('records.mustFill') : refusedAt === field.key ? sentenceOf(error) : null
    return <Field key={field.key} label={label(field.label)} required={field.required} error={wrong} help={field.help && label(field.help)}>{(control) => <FieldEditor field={field} control={control} value={values[field.key] ?? null} {...(known ? { related: known } : {})} onChange={(value) => form.setValue(field.key, value)} />}</Field>
  }
  return (
    <Dialog look="sheet" width={object.lines ? 980 : 560} title={t(suggests ? 'suggestions.makeNamed' : 'shell.createNamed', { name: label(object.label) })} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={create.isPending || suggesting.isPending} onClick={submit}>{t(suggests ? 'suggestions.send' : 'common.save')}</Button></>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }}>
        {form.restored && <Restored form onDrop={form.giveUp} />}
        {error && !(refusedAt && fields.some((field) => field.key === refusedAt)) && <Failure small error={error} />}
        {groupsOf(object, layout, fields).map(([name, members]) => <fieldset key={name} className={css.group}>{name && <legend className={css.legend}>{name}</legend>}<div className={css.grid}>{members.map(row)}</div></fieldset>)}
        {(object.lines ?? []).filter((line) => catalogue.object(line.object)).map((line) => <fieldset key={line.object} className={css.group}><legend className={css.legend}>{label(line.label ?? catalogue.object(line.object)!.label)}</legend><Suspense><LinesEditor whole={object} line={line} rows={rows[line.object] ?? NO_ROWS} values={values} related={known ?? NO_RELATED} onRows={(next) => form.setRows(line.object, next)} /></Suspense></fieldset>)}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

const LinesEditor = lazy(async () => ({ default: (await import('../lines/lines-editor.tsx')).LinesEditor }))
const NO_ROWS: DraftRow[] = []
const NO_RELATED: Related = {}

/** As the layout says; without one, required ones stand together at the top and the others keep the groups of the definition. */
function groupsOf(object: ObjectFacts, layout: Layout | undefined, fields: readonly FieldShape[]): [string, FieldShape[]][] {
  const other = (field: FieldShape) => (field.base ? t('records.ownership') : groupName(object, field, t('records.otherFields')))
  if (layout && layout.groups.length > 0) return arranged(layout, fields, other)
  const groups = Map.groupBy(fields, (field) => (field.required ? '' : other(field)))
  return [...groups].sort(([a], [b]) => Number(b === '') - Number(a === ''))
}

function defaultsOf(object: ObjectFacts, me: number): Record<string, unknown> {
  return Object.fromEntries(object.fields.flatMap((field) => {
    const value = field.default
    if (value === undefined || !isEditable(field, true)) return []
    return [[field.key, typeof value === 'object' ? ('me' in value ? me : field.kind === 'date' ? now().toISOString().slice(0, 10) : now().toISOString()) : value]]
  }))
}

const filled = (values: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value)))
