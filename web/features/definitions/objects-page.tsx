import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ObjectDefinition } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel, putDefinition, useDefinitions } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, Input } from '../../design/field.tsx'
import { Failure, Panel, Skeleton, Tabs, Tag } from '../../design/pieces.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './definitions.module.css'
import { Dictionaries } from './dictionaries.tsx'
import { openTo, type Sharing } from './grant.ts'
import { keyFrom, KEY } from './keys.ts'
import { TagList } from './tag-list.tsx'

/** What there is to record: objects with their fields, dictionaries, tags. Everything is live at once. */
export default function ObjectsPage() {
  const catalogue = useCatalogue()
  const [tab, setTab] = useState<'objects' | 'dictionaries' | 'tags'>('objects')
  const [adding, setAdding] = useState(false)
  if (!catalogue.can('definitions')) return <NoRight title={t('definitions.title')} right={t('definitions.title')} />
  return (
    <Page title={t('definitions.title')} hint={t('definitions.hint')} acts={tab === 'objects' && <Button look="primary" onClick={() => setAdding(true)}>{t('definitions.newObject')}</Button>}>
      <Tabs label={t('definitions.title')} value={tab} onChoose={setTab} tabs={[{ value: 'objects', label: t('definitions.objects') }, { value: 'dictionaries', label: t('definitions.dictionaries') }, { value: 'tags', label: t('definitions.tags') }]} />
      {tab === 'objects' && <Objects />}
      {tab === 'dictionaries' && <Dictionaries />}
      {tab === 'tags' && <TagList />}
      {adding && <NewObject onClose={() => setAdding(false)} />}
    </Page>
  )
}

function Objects() {
  const { data, error, refetch } = useDefinitions('object')
  return (
    <Panel label={t('definitions.objects')}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={10} height={52} /> : <ul>{data.map(({ key, body, version }) => (
        <li key={key}><Link to={at.objectDefinition(key)} className={css.row}><span className={css.names}><b>{label(body.label)}</b> {body.hidden && <Tag>{t('definitions.hidden')}</Tag>}{body.immutable && <Tag>{t('definitions.immutable')}</Tag>}<span className="hint mono">{key}</span></span><span className="hint">{t('definitions.fieldCount', { n: body.fields.filter((field) => !field.retired).length })} · {t('common.version', { n: version })}</span></Link></li>
      ))}</ul>}
    </Panel>
  )
}

/** A name is enough to begin with; the first field is the record's own name. */
function NewObject({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const catalogue = useCatalogue()
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const may = catalogue.can('members')
  const roles = useDefinitions('role', may)
  const [chosen, setChosen] = useState<string[] | null>(null)
  const [sharing, setSharing] = useState<Sharing>('shared')
  const opened = chosen ?? roles.data?.map((role) => role.key) ?? []
  const save = useMutation({
    mutationFn: async () => { await putDefinition('object', { key, body: make(), expectVersion: 0 }); await openTo((roles.data ?? []).filter((role) => opened.includes(role.key)), key, sharing) },
    onSuccess: () => { say(t('common.savedLive')); onClose(); void navigate({ to: at.objectDefinition(key) }) },
  })
  const taken = catalogue.object(key) !== undefined
  const ready = name.trim() && KEY.test(key) && !taken && (!may || roles.data)
  const make = (): ObjectDefinition => ({ key, label: plainLabel(name.trim()), title: 'name', fields: [{ key: 'name', label: { zh: '名称', en: 'Name' }, kind: 'text', required: true, searchable: true, sortable: true }] })
  return (
    <Dialog title={t('definitions.newObject')} hint={t('definitions.newObjectHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!ready} onClick={() => save.mutate()}>{t('definitions.create')}</Button></>}>
      {save.error && <Failure small error={save.error} />}
      <Field label={t('definitions.name')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} placeholder={t('definitions.objectExample')} onText={(text) => { setName(text); setKey((before) => (before === '' || before === keyFrom(name, 'object') ? keyFrom(text, 'object') : before)) }} />}</Field>
      <Field label={t('definitions.key')} required help={t('definitions.keyHelp')} error={key && !KEY.test(key) ? t('definitions.keyShape') : taken ? t('definitions.keyTaken') : null}>{(control) => <Input {...control} value={key} maxLength={40} spellCheck={false} onText={setKey} />}</Field>
      {may && <>
        <Field label={t('definitions.openTo')}>{(control) => <MultiPicker {...control} label={t('definitions.openTo')} value={opened} options={(roles.data ?? []).map((role) => ({ value: role.key, label: label(role.body.label) }))} onPick={setChosen} />}</Field>
        <Choice label={t('definitions.sharing')} value={sharing} onChoose={setSharing} options={[{ value: 'shared', label: t('definitions.shared') }, { value: 'owned', label: t('definitions.owned') }]} />
      </>}
    </Dialog>
  )
}
