import { useMutation } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { now } from '../../api/clock.ts'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { refreshRecords } from '../../features/records/acts.ts'
import { Restored } from '../../features/drafts/restored.tsx'
import { useNewForm } from '../../features/drafts/use-form.ts'
import { linesOf, type DraftRow } from '../../features/lines/rows.ts'
import { arranged, shownIn } from '../../features/records/layout.ts'
import { undoOf } from '../../features/records/undo.ts'
import { label, t } from '../../i18n/index.ts'
import { Sheet } from '../frame/sheet.tsx'
import { p } from '../words/index.ts'
import { later } from '../words/later.ts'
import { FieldInput, isEditable } from './field-input.tsx'
import css from './form.module.css'
import { isBlank, type Related } from './text.ts'

interface Props { object: ObjectFacts; preset?: Record<string, unknown>; known?: Related; onClose: () => void; onCreated: (id: string) => void }
const NONE: Related = {}
const NO_ROWS: DraftRow[] = []
const LinesEditor = later(async () => ({ default: (await import('../../features/lines/lines-editor.tsx')).LinesEditor }))
const MOST_MAIN = 5

/** Three to five fields to begin with; the rest for those who know more already. */
export function CreateSheet({ object, preset = {}, known = NONE, onClose, onCreated }: Props) {
  const me = useMe()
  const catalogue = useCatalogue()
  const form = useNewForm(object.key, preset, () => ({ ...defaultsOf(object, me.id), [object.title]: null, ...preset }))
  const { vals: values, rows } = form
  const [all, setAll] = useState(false)
  const [tried, setTried] = useState(false)
  // Whoever may not write suggests the same, and somebody takes it or not.
  const suggests = !object.can.create && object.can.suggest === true
  const suggesting = useMutation({
    mutationFn: async () => { const { tags: _tags, owner: _owner, ...rest } = values; const given = defaultsOf(object, me.id); return call('suggest', { body: { object: object.key, values: filled(Object.fromEntries(Object.entries(rest).filter(([field, value]) => given[field] !== value))), ...(await form.sent()) } }) },
    onError: form.failed,
    onSuccess: () => { say(t('suggestions.sent')); onClose() },
  })
  const create = useMutation({
    mutationFn: async () => { const { tags, owner, ...rest } = values; return call('createRecord', { params: { object: object.key }, body: { values: filled(rest), ...linesOf(object, rows), ...(isBlank(tags) ? {} : { tags: tags as string[] }), ...(isBlank(owner) ? {} : { owner: owner as number }), ...(await form.sent()) } }) },
    onError: form.failed,
    onSuccess: ({ record, undo }) => { void refreshRecords(object.key); say(t('records.created', { name: record.title }), undoOf(undo)); onCreated(record.id); onClose() },
  })
  const layout = catalogue.layout(object.key)
  const fields = arranged(layout, shownIn(layout, object.fields.filter((field) => isEditable(field, true) && !field.base), 'create'), () => '').flatMap(([, members]) => members)
  const main = mainFields(object, fields)
  const rest = fields.filter((field) => !main.includes(field))
  const missing = fields.filter((field) => field.required && field.default === undefined && isBlank(values[field.key]))
  const error = create.error ?? suggesting.error
  const refusedAt = error instanceof ApiError && error.path ? error.path.replace(/^values\./, '') : null
  const submit = () => { setTried(true); if (missing.length === 0) (suggests ? suggesting : create).mutate(); else if (missing.some((field) => rest.includes(field))) setAll(true) }
  const row = (field: FieldShape, index: number) => (
    <Field key={field.key} label={label(field.label)} required={field.required} error={tried && missing.includes(field) ? t('records.mustFill') : refusedAt === field.key ? sentenceOf(error) : null} help={field.help && label(field.help)}>
      {(control) => <FieldInput field={field} control={control} autoFocus={index === 0} value={values[field.key] ?? null} related={known} onChange={(value) => form.setValue(field.key, value)} />}
    </Field>
  )
  const title = suggests ? t('suggestions.makeNamed', { name: label(object.label) }) : p('newNamed', { name: label(object.label) })
  return (
    <Sheet tall label={title} title={title} onClose={onClose} foot={<Button look="primary" busy={create.isPending || suggesting.isPending} onClick={submit}>{t(suggests ? 'suggestions.send' : 'common.save')}</Button>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }}>
        {form.restored && <Restored form onDrop={form.giveUp} />}
        {error && !fields.some((field) => field.key === refusedAt) && <Failure small error={error} />}
        {main.map(row)}
        {all ? rest.map((field) => row(field, -1)) : rest.length > 0 && <button type="button" className={css.rest} onClick={() => setAll(true)}>{p('moreFields', { n: rest.length })}</button>}
        {(object.lines ?? []).filter((line) => catalogue.object(line.object)).map((line) => <section key={line.object} className={css.part} aria-label={label(line.label ?? catalogue.object(line.object)!.label)}><h3>{label(line.label ?? catalogue.object(line.object)!.label)}</h3><Suspense><LinesEditor whole={object} line={line} rows={rows[line.object] ?? NO_ROWS} values={values} related={known} onRows={(next) => form.setRows(line.object, next)} /></Suspense></section>)}
        <button type="submit" hidden />
      </form>
    </Sheet>
  )
}

/** What must be filled and has no answer yet, how the record is presented, then what takes one press to answer. */
function mainFields(object: ObjectFacts, fields: readonly FieldShape[]): FieldShape[] {
  const asked = fields.filter((field) => field.required && field.default === undefined)
  const named = [object.title, ...(object.subtitle ?? [])].flatMap((key) => fields.filter((field) => field.key === key && field.default === undefined))
  const easy = fields.filter((field) => field.kind === 'select' && field.default === undefined)
  const chosen = [...new Set([...named, ...asked, ...easy, ...fields])]
  return chosen.slice(0, Math.max(MOST_MAIN, new Set([...named, ...asked]).size))
}

function defaultsOf(object: ObjectFacts, me: number): Record<string, unknown> {
  return Object.fromEntries(object.fields.flatMap((field) => {
    const value = field.default
    if (value === undefined || !isEditable(field, true)) return []
    return [[field.key, typeof value === 'object' ? ('me' in value ? me : field.kind === 'date' ? now().toISOString().slice(0, 10) : now().toISOString()) : value]]
  }))
}

const filled = (values: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value)))
