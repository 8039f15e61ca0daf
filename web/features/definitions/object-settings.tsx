import type { ObjectDefinition } from '#language/definitions'
import { useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './definitions.module.css'
import { StandsFor } from './stands-for.tsx'

/** What the object is called and how one of its records introduces itself. */
export function ObjectSettings({ object, error, busy, onClose, onSave }: { object: ObjectDefinition; error: unknown; busy: boolean; onClose: () => void; onSave: (object: ObjectDefinition) => void }) {
  const [draft, setDraft] = useState(object)
  const fields = draft.fields.filter((field) => !field.retired).map((field) => ({ value: field.key, label: label(field.label) }))
  const references = draft.fields.filter((field) => !field.retired && (field.kind === 'reference' || field.kind === 'anyReference')).map((field) => ({ value: field.key, label: label(field.label) }))
  const optional = <K extends keyof ObjectDefinition>(key: K, value: ObjectDefinition[K] | undefined) => { const { [key]: _, ...rest } = draft; setDraft((value === undefined ? rest : { ...rest, [key]: value }) as ObjectDefinition) }
  return (
    <Dialog look="sheet" width={520} title={t('definitions.settings')} hint={label(object.label)} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} disabled={!draft.label.zh.trim() || (draft.keepDeleted !== undefined && (draft.keepDeleted < 7 || draft.keepDeleted > 3650))} onClick={() => onSave(draft)}>{t('common.save')}</Button></>}>
      {error ? <Failure small error={error} /> : null}
      <div className={css.grid}>
        <Field label={t('definitions.name')} required>{(control) => <Input {...control} value={draft.label.zh} maxLength={40} onText={(zh) => setDraft({ ...draft, label: { ...draft.label, zh } })} />}</Field>
        <Field label={t('definitions.nameEn')}>{(control) => <Input {...control} value={draft.label.en} maxLength={80} onText={(en) => setDraft({ ...draft, label: { ...draft.label, en: en || draft.label.zh } })} />}</Field>
        <Field label={t('definitions.titleField')} help={t('definitions.titleHelp')}>{(control) => <Picker {...control} label={t('definitions.titleField')} value={draft.title} options={fields} onPick={(title) => title && setDraft({ ...draft, title })} />}</Field>
        <Field label={t('definitions.subtitle')} help={t('definitions.subtitleHelp')}>{(control) => <MultiPicker {...control} label={t('definitions.subtitle')} value={draft.subtitle ?? []} options={fields} onPick={(keys) => optional('subtitle', keys.length ? keys.slice(0, 3) : undefined)} />}</Field>
        <Field label={t('definitions.timelineOf')} help={t('definitions.timelineHelp')}>{(control) => <MultiPicker {...control} label={t('definitions.timelineOf')} value={draft.timeline ?? []} options={references} onPick={(keys) => optional('timeline', keys.length ? keys.slice(0, 4) : undefined)} />}</Field>
        <Field label={t('definitions.scopeVia')} help={t('definitions.scopeHelp')}>{(control) => <Picker {...control} clearable label={t('definitions.scopeVia')} placeholder={t('definitions.ownScope')} value={draft.scopeVia ?? null} options={references} onPick={(key) => optional('scopeVia', key ?? undefined)} />}</Field>
        {!draft.immutable && <Field label={t('definitions.keepDeleted')} help={t('definitions.keepDeletedHelp')}>{(control) => <Input {...control} inputMode="numeric" value={String(draft.keepDeleted ?? 90)} onText={(text) => { const days = Number(text.replace(/\D/g, '').slice(0, 4)); optional('keepDeleted', days === 90 ? undefined : days) }} />}</Field>}
      </div>
      {!draft.immutable && !draft.part && <StandsFor object={draft.key} value={draft.person} onChange={(person) => optional('person', person)} />}
      <Check checked={Boolean(draft.hidden)} onCheck={(hidden) => optional('hidden', hidden || undefined)}>{t('definitions.hide')}</Check>
    </Dialog>
  )
}
