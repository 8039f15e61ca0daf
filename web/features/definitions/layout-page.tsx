import { Link, useParams } from '@tanstack/react-router'
import type { Layout, ObjectDefinition } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel, removeDefinition, useDefinition, useDefinitions, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { Failure, Panel, sentenceOf, Skeleton, Tabs } from '../../design/pieces.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './layout.module.css'
import { completed, firstLayout, laidFields } from './layout-draft.ts'
import { LayoutGroups } from './layout-groups.tsx'
import { LayoutHints } from './layout-hints.tsx'
import { LayoutPreview } from './layout-preview.tsx'

/** How records of one object are laid out, for whom, and what is said at which stage. */
export default function LayoutPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const may = useCatalogue().can('definitions')
  const object = useDefinition('object', key, may)
  const layouts = useDefinitions('layout', may)
  const title = t('layouts.title')
  if (!may) return <NoRight title={title} right={t('definitions.title')} />
  const error = object.error ?? layouts.error
  if (error) return <Page title={title}><Panel label={title}><Failure error={error} onRetry={() => void Promise.all([object.refetch(), layouts.refetch()])} /></Panel></Page>
  if (!object.data || !layouts.data) return <Page title={title}><Panel label={title}><Skeleton rows={8} /></Panel></Page>
  return <Loaded object={object.data.body} layouts={layouts.data.filter(({ body }) => body.object === key).sort((a, b) => a.body.order - b.body.order)} />
}

function Loaded({ object, layouts }: { object: ObjectDefinition; layouts: Definition<'layout'>[] }) {
  const catalogue = useCatalogue()
  const [chosen, setChosen] = useState<string | null>(null)
  const [fresh, setFresh] = useState<Layout | null>(() => (layouts.length === 0 ? firstLayout(object, 10) : null))
  const open = fresh && (chosen === null || chosen === fresh.key) ? null : (layouts.find(({ key }) => key === chosen) ?? layouts[0] ?? null)
  const add = () => { const next = { ...firstLayout(object, (layouts.at(-1)?.body.order ?? 0) + 10), ...(open ? { groups: open.body.groups, hidden: open.body.hidden, hints: open.body.hints } : {}), label: plainLabel(t('layouts.forRoles')) }; setFresh(next); setChosen(next.key) }
  const name = (layout: Layout) => (layout.roles.length === 0 ? label(layout.label) : layout.roles.map((key) => label(catalogue.role(key)?.label) || key).join(t('common.listGap')))
  const tabs = [...layouts.map(({ key, body }) => ({ value: key, label: name(body) })), ...(fresh && !layouts.some(({ key }) => key === fresh.key) ? [{ value: fresh.key, label: t('layouts.fresh') }] : [])]
  const current = open?.key ?? fresh?.key ?? ''
  return (
    <Page wide title={`${label(object.label)} · ${t('layouts.title')}`} hint={t('layouts.hint')} acts={<><Link to={at.objectDefinition(object.key)} className="link">{t('layouts.toFields')}</Link>{layouts.length > 0 && <Button icon="plus" onClick={add}>{t('layouts.add')}</Button>}</>}>
      <Tabs label={t('layouts.title')} value={current} onChoose={setChosen} tabs={tabs} />
      <Editor key={current} object={object} stored={open} first={open?.body ?? fresh!} onSaved={(stored) => { setFresh(null); setChosen(stored.key) }} onRemoved={() => setChosen(null)} />
    </Page>
  )
}

function Editor({ object, stored, first, onSaved, onRemoved }: { object: ObjectDefinition; stored: Definition<'layout'> | null; first: Layout; onSaved: (stored: Definition<'layout'>) => void; onRemoved: () => void }) {
  const catalogue = useCatalogue()
  const fields = laidFields(object)
  const { draft, setDraft, take, changed, version, giveUp } = useDraft<'layout'>(stored, first)
  const save = useSave('layout', (saved) => { take(saved); onSaved(saved) })
  const shown = completed(draft, fields)
  const keep = () => save.mutate({ key: draft.key, body: { ...shown, groups: shown.groups.filter((group) => group.fields.length > 0) }, expectVersion: version })
  const remove = () => void removeDefinition('layout', stored!, t('layouts.title')).then(onRemoved, (error: unknown) => sayTrouble(sentenceOf(error)))
  return (
    <div className={css.columns}>
      <div className={css.stack}>
        {save.error && <Failure small error={save.error} />}
        <Panel title={t('layouts.whom')} acts={<>{stored && <Button small look="danger" onClick={remove}>{t('common.delete')}</Button>}{changed && stored && <Button small onClick={giveUp}>{t('common.cancel')}</Button>}<Button small look="primary" disabled={!changed} busy={save.isPending} onClick={keep}>{t('common.save')}</Button></>}>
          <div className={css.whom}><Field label={t('layouts.roles')} help={t('layouts.rolesHelp')}>{(control) => <MultiPicker {...control} label={t('layouts.roles')} placeholder={t('layouts.everybody')} value={draft.roles} options={catalogue.roles.map(({ key, label: name }) => ({ value: key, label: label(name) }))} onPick={(roles) => setDraft({ ...draft, roles })} />}</Field></div>
        </Panel>
        <LayoutGroups layout={shown} fields={fields} onChange={setDraft} />
        <LayoutHints layout={shown} fields={fields} onChange={setDraft} />
      </div>
      <LayoutPreview layout={shown} fields={fields} />
    </div>
  )
}
