import { useMutation } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useRef, useState } from 'react'
import type { FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { Icon } from '../../design/icons.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import type { Edits } from '../drafts/use-form.ts'
import { refreshRecords } from './acts.ts'
import { undoOf } from './undo.ts'
import { FieldEditor, isEditable } from './field-editor.tsx'
import css from './record.module.css'
import { Value, valueOf, type Related } from './value.tsx'

const FieldWhy = lazy(() => import('./field-why.tsx'))
const RecordFiles = lazy(() => import('../files/record-files.tsx'))

/** Of an open field nothing is asked but that the record is not locked. */
export const mayEdit = ({ can, values }: Pick<RecordShape, 'can' | 'values'>, field: FieldShape): boolean => can.edit || (field.open === true && (values['locked'] !== true || can.unlock))

interface Props { object: ObjectFacts; field: FieldShape; record: RecordShape; related: Related; edits: Edits }

/** A field and its value; pressed, it becomes its own editor. What is wrong stands below it. */
export function FieldRow({ object, field, record, related, edits }: Props) {
  const [pressed, setEditing] = useState(false)
  const value = valueOf(record, field.key)
  const held = record.held?.[field.key]
  const editable = mayEdit(record, field) && isEditable(field) && !object.immutable && (!held || (held.write && held.read === 'full'))
  // What was typed and not saved stands here again.
  const editing = pressed || (editable && field.key in edits.vals)
  const reason = editable ? undefined : isWorkedOut(field) ? t('records.workedOutReason') : field.readOnly || field.base ? t('records.readOnlyReason') : t('records.noWriteReason')
  return (
    <div className={css.field}>
      <dt title={field.help && label(field.help)}>{label(field.label)}</dt>
      <dd>
        {field.kind === 'file' ? <Suspense fallback={<span className="hint">{t('common.loading')}</span>}><RecordFiles object={object} record={record} field={field} editable={editable} /></Suspense>
          : editing ? <Editing object={object} field={field} record={record} related={related} edits={edits} focus={pressed} onClose={() => setEditing(false)} />
          : editable ? <div className={css.value} onClick={(event) => { if (!(event.target as HTMLElement).closest('a')) setEditing(true) }}><span className={css.shown}><Value field={field} value={value} related={related} /></span><button type="button" className={css.pencil} aria-label={t('records.editNamed', { name: label(field.label) })} onClick={() => setEditing(true)}><Icon name="edit" size={12} /></button></div>
          : <div className={css.fixed} title={reason}><span className={css.shown}>{held?.read === 'hidden' ? <span className="hint">{t('policies.hiddenHere')}</span> : <Value field={field} value={value} related={related} />}</span>{held ? <WhyLock object={object} field={field} record={record} /> : record.can.edit && !field.base && !field.readOnly && !isWorkedOut(field) && !object.immutable && <span className={css.lock}><Icon name="lock" size={12} /></span>}</div>}
      </dd>
    </div>
  )
}

/** A policy keeps it from this reader, in this record: the lock says which. */
function WhyLock({ object, field, record }: Omit<Props, 'related' | 'edits'>) {
  const [open, setOpen] = useState(false)
  const name = t('policies.whyOpen', { field: label(field.label) })
  return (
    <>
      <button type="button" className={css.lockButton} aria-label={name} title={name} onClick={() => setOpen(true)}><Icon name="lock" size={12} /></button>
      {open && <Suspense><FieldWhy object={object} field={field} record={record} onClose={() => setOpen(false)} /></Suspense>}
    </>
  )
}

/** Follows from other fields: no right is missing. */
const isWorkedOut = ({ formula, rollup }: FieldShape): boolean => formula !== undefined || rollup !== undefined

/** Saved with Enter or by leaving; Escape gives up. A newer version of the record is shown and what was typed stays. */
function Editing({ object, field, record, related, edits, focus, onClose: onLeave }: Props & { focus: boolean; onClose: () => void }) {
  const before = valueOf(record, field.key) ?? null
  const [restored] = useState(!focus)
  const [draft, setDraft] = useState<unknown>(restored ? edits.vals[field.key] : before)
  const onClose = (saved = false) => { edits.done(field.key, saved); onLeave() }
  // What was seen when editing began: somebody else's change in between must be told, not overwritten.
  const [seen, setSeen] = useState({ version: (restored && edits.version) || record.version, before })
  const box = useRef<HTMLDivElement>(null)
  const save = useMutation({
    mutationFn: async (value: unknown) => { await edits.sending(field.key); return write(object.key, { id: record.id, version: seen.version }, { [field.key]: value }) },
    onSuccess: ({ undo }) => { onClose(true); say(t('records.changed', { field: label(field.label) }), undoOf(undo)) },
    onError: async (error) => {
      edits.failed(field.key)
      if (!INSTANT.has(field.kind)) edits.put(field.key, draft, seen.version)
      if (!(error instanceof ApiError) || error.code !== 'VERSION_STALE') return
      const { record: latest } = await queries.fetchQuery({ queryKey: keys.record(object.key, record.id), queryFn: () => call('getRecord', { params: { object: object.key, id: record.id } }), staleTime: 0 })
      setSeen({ version: latest.version, before: valueOf(latest, field.key) ?? null })
    },
  })
  // The list closes in the same breath in which something was chosen from it: the answer decides whether that was all.
  const sent = useRef(false)
  const commit = (value: unknown) => {
    if (JSON.stringify(value ?? null) === JSON.stringify(seen.before)) return onClose()
    sent.current = true
    save.mutate(value, { onError: () => { sent.current = false } })
  }
  const instant = INSTANT.has(field.kind)
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') { event.stopPropagation(); onClose() }
    if (event.key === 'Enter' && !instant && (field.kind !== 'long' || event.metaKey || event.ctrlKey)) { event.preventDefault(); commit(draft) }
  }
  const onBlur = (event: React.FocusEvent) => { if (TEXTUAL.has(field.kind) && !box.current?.contains(event.relatedTarget) && !save.isPending && !save.isError) commit(draft) }
  return (
    <div ref={box} className={css.editing} onKeyDown={onKeyDown} onBlur={onBlur}>
      {restored && !save.error && <p className="hint">{t('comments.unsavedEdit')}</p>}
      {field.decides && !save.error && <p className="hint">{t('records.decides')}</p>}
      <FieldEditor autoFocus={focus} field={field} value={draft} related={related} onChange={(value) => { setDraft(value); if (instant) commit(value); else edits.put(field.key, value, seen.version) }} onClose={() => { if (instant && !sent.current) onClose() }} />
      {!instant && (restored || !TEXTUAL.has(field.kind)) && <div className={css.editActs}><Button small look="primary" busy={save.isPending} onClick={() => commit(draft)}>{t('common.save')}</Button><Button small look="quiet" onClick={() => onClose()}>{t(restored ? 'comments.giveUp' : 'common.cancel')}</Button></div>}
      {save.error && <p className={css.fieldError} role="alert">{sentenceOf(save.error)}</p>}
      {save.error && instant && <div className={css.editActs}><Button small look="quiet" onClick={() => onClose()}>{t('common.cancel')}</Button></div>}
    </div>
  )
}

/** One press is the whole answer. */
const INSTANT: ReadonlySet<FieldShape['kind']> = new Set(['select', 'boolean', 'date', 'region', 'member', 'team', 'reference', 'anyReference'])
/** Typed text is kept on leaving, as in a spreadsheet. */
const TEXTUAL: ReadonlySet<FieldShape['kind']> = new Set(['text', 'long', 'integer', 'decimal', 'money', 'percent', 'phone', 'email', 'url'])

async function write(object: string, record: Pick<RecordShape, 'id' | 'version'>, values: Record<string, unknown>) {
  const answer = await call('updateRecord', { params: { object, id: record.id }, body: { version: record.version, values, drafted: true } })
  queries.setQueryData(keys.record(object, record.id), answer)
  void refreshRecords(object)
  return answer
}
