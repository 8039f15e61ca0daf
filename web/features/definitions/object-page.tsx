import { Link, useParams } from '@tanstack/react-router'
import type { Field as FieldDefinition, ObjectDefinition } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { putDefinition, useDefinition, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './definitions.module.css'
import { FieldForm } from './field-form.tsx'
import { FieldList } from './field-list.tsx'
import { ObjectSettings } from './object-settings.tsx'

/** One object: its fields in the order and groups in which forms show them. */
export default function ObjectPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const { data, error, refetch } = useDefinition('object', key, catalogue.can('definitions'))
  if (!catalogue.can('definitions')) return <NoRight title={t('definitions.title')} right={t('definitions.title')} />
  if (error) return <Page title={t('definitions.title')}><Panel label={t('definitions.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (!data) return <Page title={t('definitions.title')}><Panel label={t('definitions.title')}><Skeleton rows={8} /></Panel></Page>
  return <Loaded stored={data} />
}

function Loaded({ stored }: { stored: Definition<'object'> }) {
  // With the definition as it was when the sheet was opened: a colleague may publish meanwhile.
  const [editing, setEditing] = useState<{ field: FieldDefinition | null; version: number } | null>(null)
  const [settings, setSettings] = useState<Definition<'object'> | null>(null)
  const save = useSave('object')
  const object = stored.body
  const put = (body: ObjectDefinition, expectVersion = stored.version) => save.mutateAsync({ key: stored.key, body, expectVersion })
  // Other fields that changed meanwhile stay as they are now; the same one is refused.
  const keep = async (field: FieldDefinition, { field: before, version }: NonNullable<typeof editing>) => {
    const now = object.fields.find((each) => each.key === field.key)
    const isNew = !now
    await put({ ...object, fields: isNew ? [...object.fields, field] : object.fields.map((each) => (each.key === field.key ? field : each)) }, JSON.stringify(now ?? null) === JSON.stringify(before) ? stored.version : version)
    setEditing(null)
  }
  const retire = async (field: FieldDefinition, retired: boolean) => {
    const without = ({ retired: _, ...rest }: FieldDefinition): FieldDefinition => (retired ? { ...rest, retired } : rest)
    const before = object
    try {
      await putDefinition('object', { key: stored.key, body: { ...object, fields: object.fields.map((each) => (each.key === field.key ? without(each) : each)) }, expectVersion: stored.version })
      say(t(retired ? 'definitions.retiredSaid' : 'definitions.backSaid', { name: label(field.label) }), () => putDefinition('object', { key: stored.key, body: before }))
    } catch (error) {
      sayTrouble(sentenceOf(error))
    }
  }
  return (
    <Page title={label(object.label)} hint={t('definitions.about', { key: stored.key, n: stored.version })} acts={<><Link to={at.list(stored.key)} className={css.open}>{t('definitions.openList')}</Link><Link to={at.layout(stored.key)} className={css.open}>{t('layouts.title')}</Link><Button onClick={() => setSettings(stored)}>{t('definitions.settings')}</Button><Button look="primary" onClick={() => setEditing({ field: null, version: stored.version })}>{t('definitions.newField')}</Button></>}>
      {save.error && !editing && <Failure small error={save.error} />}
      <FieldList object={object} onEdit={(field) => setEditing({ field, version: stored.version })} onRetire={(field, off) => void retire(field, off)} onOrder={(fields) => void put({ ...object, fields }).catch(() => undefined)} />
      {editing && <FieldForm key={editing.field?.key ?? 'new'} object={object} field={editing.field} error={save.error} busy={save.isPending} onClose={() => { save.reset(); setEditing(null) }} onSave={(field) => void keep(field, editing).catch(() => undefined)} />}
      {settings && <ObjectSettings object={settings.body} error={save.error} busy={save.isPending} onClose={() => { save.reset(); setSettings(null) }} onSave={(body) => void put(body, settings.version).then(() => setSettings(null), () => undefined)} />}
    </Page>
  )
}
