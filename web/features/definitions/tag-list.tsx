import type { TagDefinition } from '#language/definitions'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel, removeDefinition, useDefinitions, useSave, type Definition } from '../../api/definitions.ts'
import { at } from '../../app/paths.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Choice, Field, Input } from '../../design/field.tsx'
import { Empty, Failure, Panel, sentenceOf, Skeleton, Tag } from '../../design/pieces.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { read } from '../conditions/sentence.ts'
import css from './definitions.module.css'

export const COLOURS = ['grey', 'red', 'amber', 'green', 'blue'] as const

export function TagList() {
  const { data, error, refetch } = useDefinitions('tag')
  const navigate = useNavigate()
  const [editing, setEditing] = useState<Definition<'tag'> | 'new' | null>(null)
  const remove = (stored: Definition<'tag'>) => void removeDefinition('tag', stored, label(stored.body.label)).catch((problem: unknown) => sayTrouble(sentenceOf(problem)))
  return (
    <Panel title={t('definitions.tags')} hint={t('definitions.tagsHint')} acts={<><Link to={at.tag('new')} className="link">{t('definitions.newSegment')}</Link><Button small icon="plus" onClick={() => setEditing('new')}>{t('definitions.newTag')}</Button></>}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={6} /> : data.length === 0 ? <Empty icon="tag" title={t('definitions.noTags')} /> : <ul>{data.map((stored) => (
        <li key={stored.key} className={css.row}><span className={css.names}><Tag policy={stored.body.policy} colour={stored.body.colour}>{label(stored.body.label)}</Tag>{stored.body.segment && <><Tag>{t('definitions.segment')}</Tag><SegmentText segment={stored.body.segment} /></>}{stored.body.policy && <span className="hint">{t('definitions.policyTag')}</span>}</span><span className={css.acts}><IconButton small icon="edit" label={t('records.editNamed', { name: label(stored.body.label) })} onClick={() => (stored.body.segment ? void navigate({ to: at.tag(stored.key) }) : setEditing(stored))} /><IconButton small icon="trash" label={t('common.removeNamed', { name: label(stored.body.label) })} onClick={() => remove(stored)} /></span></li>
      ))}</ul>}
      {editing && <TagForm stored={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

/** 「客户：最近下单早于 90 天」 */
function SegmentText({ segment: { object, condition } }: { segment: NonNullable<TagDefinition['segment']> }) {
  const catalogue = useCatalogue()
  const reading = read(catalogue, object, condition, 'filter')
  return <span className="hint clip">{label(catalogue.object(object)?.label)}{t('definitions.segmentColon')}{reading.ok ? reading.sentence : '…'}</span>
}

function TagForm({ stored, onClose }: { stored: Definition<'tag'> | null; onClose: () => void }) {
  const [draft, setDraft] = useState<TagDefinition>(stored?.body ?? { key: '', label: { zh: '', en: '' } })
  const save = useSave('tag', onClose)
  const name = draft.label.zh.trim()
  const keep = () => save.mutate({ key: stored?.key ?? name, body: { ...draft, key: stored?.key ?? name, label: { zh: name, en: draft.label.en || name } }, expectVersion: stored?.version ?? 0 })
  return (
    <Dialog title={stored ? label(stored.body.label) : t('definitions.newTag')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!name} onClick={keep}>{t('common.save')}</Button></>}>
      {save.error && <Failure small error={save.error} />}
      <Field label={t('definitions.name')} required>{(control) => <Input {...control} data-autofocus value={draft.label.zh} maxLength={40} onText={(zh) => setDraft({ ...draft, label: plainLabel(zh) })} />}</Field>
      <Choice label={t('definitions.colour')} value={draft.colour ?? 'grey'} options={COLOURS.map((colour) => ({ value: colour, label: t(`definitions.colour_${colour}`) }))} onChoose={(colour) => { const { colour: _, ...rest } = draft; setDraft(colour === 'grey' ? rest : { ...rest, colour }) }} />
      <Check checked={Boolean(draft.policy)} onCheck={(on) => { const { policy: _, ...rest } = draft; setDraft(on ? { ...rest, policy: true } : rest) }}>{t('definitions.makePolicy')} <span className="hint">{t('definitions.policyHelp')}</span></Check>
    </Dialog>
  )
}
