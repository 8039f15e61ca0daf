import { FIELD_KINDS, type Field as FieldDefinition, type FieldKind, type ObjectDefinition } from '#language/definitions'
import { ALWAYS } from '#language/conditions'
import { useState } from 'react'
import { CatalogueDraft, useCatalogue, withField } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import css from './definitions.module.css'
import { DefaultValue } from './default-value.tsx'
import { DerivedOptions } from './derived-options.tsx'
import { keyFrom, KEY } from './keys.ts'
import { KindOptions } from './kind-options.tsx'

interface Props { object: ObjectDefinition; field: FieldDefinition | null; error: unknown; busy: boolean; onClose: () => void; onSave: (field: FieldDefinition) => void }
const blank: FieldDefinition = { key: '', label: { zh: '', en: '' }, kind: 'text' }
const SORTABLE: ReadonlySet<FieldKind> = new Set(['text', 'integer', 'decimal', 'money', 'percent', 'date', 'datetime', 'select', 'phone', 'email', 'region', 'auto', 'boolean', 'member'])
const SEARCHABLE: ReadonlySet<FieldKind> = new Set(['text', 'long', 'phone', 'email', 'url', 'auto'])
const UNIQUE: ReadonlySet<FieldKind> = new Set(['text', 'integer', 'phone', 'email', 'url', 'auto'])

/** A field from its name to what must be true of it. The kind of an existing one stays: its column already holds values. */
export function FieldForm({ object, field, error, busy, onClose, onSave }: Props) {
  const catalogue = useCatalogue()
  const [draft, setDraft] = useState<FieldDefinition>(field ?? { ...blank, ...(object.fields.at(-1)?.group ? { group: object.fields.at(-1)!.group! } : {}) })
  const put = (next: Partial<FieldDefinition>) => setDraft((before) => tidy({ ...before, ...next }))
  const isNew = field === null
  const derived = draft.formula !== undefined || draft.rollup !== undefined
  const name = draft.label.zh
  const taken = isNew && object.fields.some((each) => each.key === draft.key)
  const groups = [...new Set(object.fields.flatMap((each) => each.group ?? []))]
  const ready = name.trim() && KEY.test(draft.key) && !taken && (draft.kind !== 'select' && draft.kind !== 'multiselect' || draft.dictionary) && (draft.kind !== 'reference' && draft.kind !== 'anyReference' || draft.to) && draft.formula !== '' && (!draft.rollup || (draft.rollup.object && (draft.rollup.take === 'count' || draft.rollup.of)))
  const rename = (text: string) => put({ label: { zh: text, en: draft.label.en === draft.label.zh || !draft.label.en ? text : draft.label.en }, ...(isNew && (draft.key === '' || draft.key === keyFrom(name, 'field')) ? { key: keyFrom(text, 'field') } : {}) })
  const flag = (key: 'required' | 'unique' | 'sortable' | 'searchable' | 'personal' | 'readOnly' | 'open', shown = true) => shown && <Check checked={Boolean(draft[key])} onCheck={(on) => put({ [key]: on || undefined })}>{t(`definitions.flag_${key}`)}</Check>
  return (
    <Dialog look="sheet" width={620} title={isNew ? t('definitions.newField') : label(field.label)} hint={label(object.label)} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} disabled={!ready} onClick={() => onSave(draft)}>{t('definitions.saveField')}</Button></>}>
      {error ? <Failure small error={error} /> : null}
      <div className={css.grid}>
        <Field label={t('definitions.name')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} onText={rename} />}</Field>
        <Field label={t('definitions.nameEn')}>{(control) => <Input {...control} value={draft.label.en} maxLength={80} onText={(en) => put({ label: { zh: draft.label.zh, en: en || draft.label.zh } })} />}</Field>
        <Field label={t('definitions.kind')} required help={isNew ? undefined : t('definitions.kindFixed')}>{(control) => <Picker {...control} label={t('definitions.kind')} disabled={!isNew} value={draft.kind} options={FIELD_KINDS.filter((kind) => kind !== 'file' || !isNew).map((kind) => ({ value: kind, label: t(`definitions.kind_${kind}`), hint: t(`definitions.kindHint_${kind}`) }))} onPick={(kind) => kind && setDraft({ ...keptAcross(draft), kind: kind as FieldKind, ...(kind === 'auto' ? { auto: { prefix: '', digits: 6 }, readOnly: true } : {}) })} />}</Field>
        <Field label={t('definitions.key')} required error={draft.key && !KEY.test(draft.key) ? t('definitions.keyShape') : taken ? t('definitions.keyTaken') : null} help={isNew ? t('definitions.keyHelp') : undefined}>{(control) => <Input {...control} disabled={!isNew} value={draft.key} maxLength={40} spellCheck={false} onText={(key) => put({ key })} />}</Field>
        <KindOptions draft={draft} isNew={isNew} onChange={put} />
        <Field label={t('definitions.group')} help={t('definitions.groupHelp')}>{(control) => <><Input {...control} list="field-groups" value={draft.group ?? ''} maxLength={40} onText={(group) => put({ group: group || undefined })} /><datalist id="field-groups">{groups.map((group) => <option key={group} value={group} />)}</datalist></>}</Field>
        <Field label={t('definitions.help')}>{(control) => <Input {...control} value={draft.help?.zh ?? ''} maxLength={80} onText={(text) => put({ help: text ? plainLabel(text) : undefined })} />}</Field>
        {!derived && <DefaultValue draft={draft} onChange={put} />}
      </div>
      <DerivedOptions object={object} draft={draft} onChange={put} />
      <div className={css.flags}>{flag('required', draft.kind !== 'auto' && !derived)}{flag('unique', UNIQUE.has(draft.kind) && !derived)}{flag('sortable', SORTABLE.has(draft.kind))}{flag('searchable', SEARCHABLE.has(draft.kind))}{flag('readOnly', draft.kind !== 'auto' && !derived)}{flag('personal')}{flag('open', draft.kind !== 'auto' && !derived && !draft.readOnly)}</div>
      {catalogue.object(object.key) && !derived && <CheckEditor object={object} draft={draft} onChange={put} />}
    </Dialog>
  )
}

/** What stays when the kind changes. */
const keptAcross = ({ key, label: words, group, help, required, personal }: FieldDefinition): Omit<FieldDefinition, 'kind'> => tidy({ key, label: words, group, help, required, personal }) as Omit<FieldDefinition, 'kind'>
const tidy = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T

/** A sentence that must hold after every write, and what to say when it does not. */
function CheckEditor({ object, draft, onChange }: { object: ObjectDefinition; draft: FieldDefinition; onChange: (next: Partial<FieldDefinition>) => void }) {
  const catalogue = useCatalogue()
  const { check } = draft
  if (!check) return <Button small look="quiet" icon="plus" className={css.left!} onClick={() => onChange({ check: { condition: ALWAYS, message: plainLabel(t('definitions.checkMessageDefault')) } })}>{t('definitions.addCheck')}</Button>
  return (
    <fieldset className={css.box}>
      <legend>{t('definitions.check')}</legend>
      <CatalogueDraft value={withField(catalogue, object.key, { ...draft, write: true, base: false })}><Builder object={object.key} profile="field-check" value={check.condition} onChange={(condition) => onChange({ check: { ...check, condition } })} empty={t('definitions.checkEmpty')} /></CatalogueDraft>
      <Field label={t('definitions.checkMessage')}>{(control) => <Input {...control} small value={label(check.message)} maxLength={80} onText={(text) => onChange({ check: { ...check, message: plainLabel(text || ' ') } })} />}</Field>
      <Button small look="quiet" className={css.left!} onClick={() => onChange({ check: undefined })}>{t('definitions.dropCheck')}</Button>
    </fieldset>
  )
}
