import { useMutation } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { Suspense, useState } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { money, phone, yuan } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, Panel, sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { Restored } from '../../features/drafts/restored.tsx'
import { useEdits, type Edits } from '../../features/drafts/use-form.ts'
import { refreshRecords } from '../../features/records/acts.ts'
import { groupName } from '../../features/records/groups.ts'
import { arranged, shownIn } from '../../features/records/layout.ts'
import { undoOf } from '../../features/records/undo.ts'
import { label, t } from '../../i18n/index.ts'
import { Link } from '../frame/router.tsx'
import { Rows, Sheet } from '../frame/sheet.tsx'
import { p } from '../words/index.ts'
import { later } from '../words/later.ts'
import { closedOptions, FieldInput, isEditable } from './field-input.tsx'
import css from './record.module.css'
import { isBlank, textOf, valueOf, type Related } from './text.ts'

const RecordFiles = later(() => import('../../features/files/record-files.tsx'))

/** Shown in the headline already, or of no use to a reader. */
const ELSEWHERE = new Set(['id', 'tags', 'owner', 'collaborators', 'attachments'])

/** What it is: fields in the groups of the definition, each pressed to change it; empty ones and the book-keeping folded away. */
export function FieldsPanel({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const [all, setAll] = useState(false)
  const [editing, setEditing] = useState<FieldShape | null>(null)
  // What is empty is left out of an answer: a field that may be read and is not there has no value.
  const layout = useCatalogue().layout(object.key)
  const edits = useEdits(object.key, record.id, object.immutable === true || !record.can.edit)
  const fields = shownIn(layout, object.fields.filter((field) => !field.retired && !ELSEWHERE.has(field.key)), 'page')
  const empty = fields.filter((field) => field.base || ((isBlank(valueOf(record, field.key)) || valueOf(record, field.key) === false) && !field.required && !(object.subtitle ?? []).includes(field.key)))
  const shown = all ? fields : fields.filter((field) => !empty.includes(field) || field.key in edits.vals)
  const groups = arranged(layout, shown, (field) => groupName(object, field, t('records.fields')))
  return (
    <Panel title={t('records.fields')} label={t('records.fields')}>
      {groups.map(([name, members]) => (
        <section key={name} className={css.group}>
          {groups.length > 1 && <h3 className={css.groupName}>{name}</h3>}
          <dl>{members.map((field) => <FieldRow key={field.key} object={object} field={field} record={record} related={related} unsaved={field.key in edits.vals} onEdit={() => setEditing(field)} />)}</dl>
        </section>
      ))}
      {empty.length > 0 && <button type="button" className={css.add} onClick={() => setAll(!all)}>{all ? p('fold') : p('showFields', { n: empty.length })}</button>}
      {editing && <EditSheet object={object} field={editing} record={record} related={related} edits={edits} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

function FieldRow({ object, field, record, related, unsaved, onEdit }: { object: ObjectFacts; field: FieldShape; record: RecordShape; related: Related; unsaved: boolean; onEdit: () => void }) {
  const catalogue = useCatalogue()
  const value = valueOf(record, field.key)
  const editable = (record.can.edit || (field.open === true && (record.values['locked'] !== true || record.can.unlock))) && isEditable(field) && !object.immutable
  if (field.kind === 'file') return <div className={css.field}><dt>{label(field.label)}</dt><dd><Suspense><RecordFiles object={object} record={record} field={field} editable={editable} /></Suspense></dd></div>
  const shown = isBlank(value) ? <span className="hint">{p('empty')}</span> : <Shown field={field} value={value} text={textOf(catalogue, field, value, related)} related={related} />
  return (
    <div className={css.field}>
      <dt>{label(field.label)}</dt>
      <dd><span className={css.value}>{shown}{editable && unsaved && <button type="button" className={css.unsaved} onClick={onEdit}>{t('comments.unsavedEdit')}</button>}</span>{editable ? <button type="button" className={css.edit} aria-label={t('records.editNamed', { name: label(field.label) })} onClick={onEdit}><Icon name="edit" size={14} /></button>
        : <span className={css.edit} data-locked="true">{!field.base && !field.readOnly && field.formula === undefined && field.rollup === undefined && !object.immutable && <Icon name="lock" size={14} />}</span>}</dd>
    </div>
  )
}

function Shown({ field, value, text, related }: { field: FieldShape; value: unknown; text: string; related: Related }) {
  const tail = String(value)
  switch (field.kind) {
    case 'phone': return <a className={css.reach} href={`tel:${tail}`}>{phone(tail)}</a>
    case 'email': return <a className={css.reach} href={`mailto:${tail}`}>{tail}</a>
    case 'url': return /^https?:\/\//.test(tail) ? <a className={css.reach} href={tail} target="_blank" rel="noreferrer noopener">{tail}</a> : <>{tail}</>
    case 'reference': case 'anyReference': {
      const id = field.kind === 'anyReference' ? (value as { id: string }).id : tail
      return related[id] ? <Link className={css.reach} to={at.record(related[id].object, id)}>{text}</Link> : <span className="hint">{text}</span>
    }
    case 'money': return <span className="num">{yuan(tail)}{Math.abs(Number(tail)) >= 10_000 && <span className="hint">　{money(tail)}</span>}</span>
    case 'long': return <span className={css.long}>{text}</span>
    default: return <span className="num">{text}</span>
  }
}

/** One press is the whole answer. */
const CLOSED: ReadonlySet<FieldShape['kind']> = new Set(['select', 'region', 'member', 'team', 'boolean'])
const SEARCHED_FROM = 14

/** The list may be scrolled far down. */
const intoView = (problem: HTMLElement | null): void => problem?.scrollIntoView({ block: 'center' })

/** One field under the thumb; what is wrong with it stands below it and what was typed stays. */
function EditSheet({ object, field, record, related, edits, onClose }: { object: ObjectFacts; field: FieldShape; record: RecordShape; related: Related; edits: Edits; onClose: () => void }) {
  const before = valueOf(record, field.key) ?? null
  const [restored, setRestored] = useState(field.key in edits.vals)
  const [draft, setDraft] = useState<unknown>(restored ? edits.vals[field.key] : before)
  const version = (restored && edits.version) || record.version
  const name = label(field.label)
  const save = useMutation({
    mutationFn: async (value: unknown) => { await edits.sending(field.key); return write(object.key, { id: record.id, version }, { [field.key]: value }) },
    onSuccess: ({ undo }) => { edits.done(field.key, true); onClose(); say(t('records.changed', { field: name }), undoOf(undo)) },
    onError: (error) => { edits.failed(field.key); if (!CLOSED.has(field.kind)) edits.put(field.key, draft, version); if (error instanceof ApiError && error.code === 'VERSION_STALE') { setRestored(false); void queries.invalidateQueries({ queryKey: keys.record(object.key, record.id) }) } },
  })
  const commit = (value: unknown) => { if (JSON.stringify(value) === JSON.stringify(before)) { edits.done(field.key, false); onClose() } else save.mutate(value) }
  const closed = CLOSED.has(field.kind)
  return (
    <Sheet label={t('records.editNamed', { name })} title={name} hint={field.help && label(field.help)} onClose={onClose} tall={field.kind === 'region' || field.kind === 'reference' || field.kind === 'anyReference'} foot={closed ? undefined : <Button look="primary" busy={save.isPending} onClick={() => commit(draft)}>{t('common.save')}</Button>}>
      {save.error && <p ref={intoView} className={css.problem} role="alert">{sentenceOf(save.error)}</p>}
      {restored && !closed && <Restored form onDrop={() => { edits.done(field.key, false); onClose() }} />}
      {field.decides && !save.error && <p className={css.decides}>{t('records.decides')}</p>}
      {closed ? <ClosedList field={field} value={before} onPick={commit} /> : <form onSubmit={(event) => { event.preventDefault(); commit(draft) }}><FieldInput autoFocus field={field} value={draft} related={related} onChange={(value) => { setDraft(value); edits.put(field.key, value, version) }} /></form>}
    </Sheet>
  )
}

function ClosedList({ field, value, onPick }: { field: FieldShape; value: unknown; onPick: (value: unknown) => void }) {
  const catalogue = useCatalogue()
  const [text, setText] = useState('')
  const numeric = field.kind === 'member' || field.kind === 'team'
  const options = field.kind === 'boolean' ? [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }] : closedOptions(catalogue, field)
  const found = text.trim() ? options.filter((option) => option.label.toLowerCase().includes(text.trim().toLowerCase())) : options
  const read = (key: string): unknown => (field.kind === 'boolean' ? key === 'true' : numeric ? Number(key) : key)
  const none = field.required || text ? [] : [{ key: '', label: <span className="quiet">{p('chooseNone')}</span>, chosen: value === null, onPick: () => onPick(null) }]
  return (
    <>
      {options.length > SEARCHED_FROM && <Input type="search" aria-label={t('common.search')} placeholder={t('common.search')} value={text} onText={setText} />}
      <Rows label={label(field.label)} rows={[...none, ...found.map((option) => ({ key: option.value, label: option.label, ...('hint' in option && option.hint ? { hint: option.hint } : {}), depth: 'parent' in option && option.parent && !text ? 1 : 0, chosen: JSON.stringify(value) === JSON.stringify(read(option.value)), onPick: () => onPick(read(option.value)) }))]} />
      {found.length === 0 && <Failure small error={{ message: t('common.noMatch'), remedy: '', requestId: null }} />}
    </>
  )
}

async function write(object: string, record: Pick<RecordShape, 'id' | 'version'>, values: Record<string, unknown>) {
  const answer = await call('updateRecord', { params: { object, id: record.id }, body: { version: record.version, values, drafted: true } })
  queries.setQueryData(keys.record(object, record.id), answer)
  void refreshRecords(object)
  return answer
}
