import { useState } from 'react'
import type { Pooling } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions, useSave, type Definition } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input, Switch } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { Failure, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import css from './pools.module.css'

/** The rules of all pools of an object: what is shown, how long one waits, what returns by itself. */
export default function PoolingSheet({ onClose }: { onClose: () => void }) {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useDefinitions('pooling')
  const [chosen, setChosen] = useState<string | null>(null)
  const stored = data?.find(({ key }) => key === chosen) ?? data?.[0]
  if (!stored) return <Dialog look="sheet" title={t('pools.rules')} onClose={onClose}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={6} />}</Dialog>
  const tabs = data!.map(({ key, body }) => ({ value: key, label: label(catalogue.object(body.object)?.label) || label(body.label) }))
  return <Editor key={`${stored.key} ${stored.version}`} stored={stored} tabs={tabs} onChoose={setChosen} onClose={onClose} />
}

interface Props { stored: Definition<'pooling'>; tabs: readonly { value: string; label: string }[]; onChoose: (key: string) => void; onClose: () => void }

function Editor({ stored, tabs, onChoose, onClose }: Props) {
  const catalogue = useCatalogue()
  const [draft, setDraft] = useState<Pooling>(stored.body)
  const save = useSave('pooling', onClose)
  const object = catalogue.object(draft.object)
  const put = (change: Partial<Pooling>) => setDraft({ ...draft, ...change })
  const recycle = (change: Partial<Pooling['recycle']>) => put({ recycle: { ...draft.recycle, ...change } })
  const fields = (object?.fields ?? []).filter((field) => field.key !== 'id' && !field.retired).map((field) => ({ value: field.key, label: label(field.label) }))
  const masked = draft.visible.filter((key) => TEXT.has(object?.field.get(key)?.kind ?? '') && !object?.field.get(key)?.base)
  const mask = (read: 'last4' | 'star') => Object.entries(draft.masks ?? {}).filter(([, each]) => each === read).map(([key]) => key)
  const setMask = (read: 'last4' | 'star', keys: readonly string[]) => put({ masks: { ...Object.fromEntries(Object.entries(draft.masks ?? {}).filter(([key, each]) => each !== read && !keys.includes(key))), ...Object.fromEntries(keys.map((key) => [key, read])) } })
  const show = (visible: readonly string[]) => { if (visible.length > 0) put({ visible: [...visible], masks: Object.fromEntries(Object.entries(draft.masks ?? {}).filter(([key]) => visible.includes(key))) }) }
  const options = masked.map((key) => ({ value: key, label: label(object?.field.get(key)?.label) }))
  const changed = JSON.stringify(draft) !== JSON.stringify(stored.body)
  return (
    <Dialog look="sheet" title={t('pools.rules')} hint={t('pools.rulesHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!changed} onClick={() => save.mutate({ key: stored.key, body: draft, expectVersion: stored.version })}>{t('common.save')}</Button></>}>
      <div className={css.form}>
        {tabs.length > 1 && <Tabs label={t('pools.rules')} value={stored.key} tabs={tabs} onChoose={onChoose} />}
        {save.error && <Failure small error={save.error} />}
        <Field label={t('pools.visible')} help={t('pools.visibleHelp')}>{(control) => <MultiPicker {...control} label={t('pools.visible')} value={draft.visible} options={fields} onPick={show} />}</Field>
        <Field label={t('pools.last4')}>{(control) => <MultiPicker {...control} label={t('pools.last4')} value={mask('last4')} options={options} onPick={(keys) => setMask('last4', keys)} />}</Field>
        <Field label={t('pools.star')}>{(control) => <MultiPicker {...control} label={t('pools.star')} value={mask('star')} options={options} onPick={(keys) => setMask('star', keys)} />}</Field>
        <Length name={t('pools.coolOff')} help={t('pools.coolOffHelp')} value={draft.coolOff} onChange={(coolOff) => put({ coolOff })} />
        <Places draft={draft} onChange={(places) => put({ places })} />
        <fieldset className={css.group}>
          <legend>{t('pools.recycle')}</legend>
          <Switch checked={draft.recycle.active} onCheck={(active) => recycle({ active })}>{t('pools.recycleOn')}</Switch>
          <Length name={t('pools.after')} value={draft.recycle.after} onChange={(after) => recycle({ after })} />
          <Length name={t('pools.notice')} value={draft.recycle.notice} onChange={(notice) => recycle({ notice })} />
          <Field label={t('pools.when')}>{() => <Builder object={draft.object} value={draft.recycle.when} onChange={(when) => recycle({ when })} />}</Field>
        </fieldset>
      </div>
    </Dialog>
  )
}
const TEXT: ReadonlySet<string> = new Set(['text', 'long', 'phone', 'email', 'url', 'auto'])

/** Which records go to which pool, before their team decides. */
function Places({ draft, onChange }: { draft: Pooling; onChange: (places: Pooling['places']) => void }) {
  const put = (i: number, change: Partial<Pooling['places'][number]>) => onChange(draft.places.map((place, n) => (n === i ? { ...place, ...change } : place)))
  return (
    <fieldset className={css.group}>
      <legend>{t('pools.places')}</legend>
      <p className="hint">{t('pools.placesHelp')}</p>
      {draft.places.map((place, i) => (
        <div key={i} className={css.place}>
          <Field label={t('pools.placeName')}>{(control) => <Input {...control} value={place.pool} onText={(pool) => put(i, { pool })} />}</Field>
          <Builder object={draft.object} value={place.when} onChange={(when) => put(i, { when })} />
          <Button small look="quiet" onClick={() => onChange(draft.places.filter((_, n) => n !== i))}>{t('common.remove')}</Button>
        </div>
      ))}
      <Button small icon="plus" onClick={() => onChange([...draft.places, { when: { all: [] }, pool: '' }])}>{t('pools.addPlace')}</Button>
    </fieldset>
  )
}

/** A natural length: a number and its unit. */
function Length({ name, help, value, onChange }: { name: string; help?: string; value: string; onChange: (value: string) => void }) {
  const [, amount = '1', unit = 'd'] = /^(\d+)([smhdw])$/.exec(value) ?? []
  return <Field label={name} help={help}>{(control) => <span className={css.length}><Input {...control} inputMode="numeric" value={amount} onText={(text) => { const digits = text.replaceAll(/\D/g, '').slice(0, 4); if (digits) onChange(`${Number(digits)}${unit}`) }} /><Picker label={name} value={unit} options={[{ value: 'h', label: t('pools.hours') }, { value: 'd', label: t('pools.days') }]} onPick={(next) => next && onChange(`${amount}${next}`)} /></span>}</Field>
}
