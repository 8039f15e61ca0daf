import type { Role } from '#language/definitions'
import { useNavigate } from '@tanstack/react-router'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { putDefinition, removeDefinition, type Definition } from '../../api/definitions.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './roles.module.css'

const HOMES: readonly Role['home'][] = ['workbench', 'team', 'tasks', 'panorama']

/** What a role is called, the page it begins on, and its end once nobody holds it. */
export function RoleSettings({ stored, holders, onClose }: { stored: Definition<'role'>; holders: number; onClose: () => void }) {
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() => ({ zh: stored.body.label.zh, en: stored.body.label.en, home: stored.body.home }))
  const save = useMutation({
    mutationFn: () => putDefinition('role', { key: stored.key, body: { ...stored.body, label: { zh: draft.zh.trim(), en: draft.en.trim() || draft.zh.trim() }, home: draft.home }, expectVersion: stored.version }),
    onSuccess: (made) => { say(t('roles.saved', { name: draft.zh.trim() }), () => putDefinition('role', { key: stored.key, body: stored.body, expectVersion: made.version })); onClose() },
  })
  const remove = useMutation({ mutationFn: () => removeDefinition('role', stored, label(stored.body.label), async () => { onClose(); await navigate({ to: at.roles }) }) })
  return (
    <Dialog title={t('roles.settingsOf', { name: label(stored.body.label) })} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!draft.zh.trim()} onClick={() => save.mutate()}>{t('common.save')}</Button></>}>
      {(save.error ?? remove.error) && <Failure small error={save.error ?? remove.error} />}
      <Field label={t('roles.name')} required>{(control) => <Input {...control} data-autofocus value={draft.zh} maxLength={40} onText={(zh) => setDraft({ ...draft, zh })} />}</Field>
      <Field label={t('roles.nameEn')}>{(control) => <Input {...control} value={draft.en} maxLength={80} onText={(en) => setDraft({ ...draft, en })} />}</Field>
      <Field label={t('roles.home')} help={t('roles.homeHelp')}>{(control) => <Picker {...control} label={t('roles.home')} value={draft.home} options={HOMES.map((value) => ({ value, label: t(`roles.home_${value}`) }))} onPick={(home) => { if (home) setDraft({ ...draft, home: home as Role['home'] }) }} />}</Field>
      <div className={css.ending}><Button small look="danger" busy={remove.isPending} disabled={holders > 0} onClick={() => remove.mutate()}>{t('roles.remove')}</Button>{holders > 0 && <span className="hint">{t('roles.removeHeld', { n: holders })}</span>}</div>
    </Dialog>
  )
}
