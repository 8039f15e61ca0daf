import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { freshKey, plainLabel, putDefinition, type Definition } from '../../api/definitions.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'

/** A role begins as one that is there: less to tick, and nobody holds it yet. */
export function NewRole({ roles, onClose }: { roles: readonly Definition<'role'>[]; onClose: () => void }) {
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [like, setLike] = useState(roles.find(({ key }) => key === 'sales')?.key ?? roles.at(-1)?.key ?? null)
  const make = useMutation({
    mutationFn: () => {
      const key = freshKey('role')
      return putDefinition('role', { key, body: { ...roles.find((role) => role.key === like)!.body, key, label: plainLabel(name.trim()) }, expectVersion: 0 })
    },
    onSuccess: async ({ key }) => { onClose(); await navigate({ to: at.role(key) }) },
  })
  const ready = name.trim() !== '' && like !== null
  return (
    <Dialog title={t('roles.make')} hint={t('roles.makeHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={make.isPending} disabled={!ready} onClick={() => make.mutate()}>{t('roles.make')}</Button></>}>
      {make.error && <Failure small error={make.error} />}
      <Field label={t('roles.name')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} onText={setName} />}</Field>
      <Field label={t('roles.like')} required>{(control) => <Picker {...control} label={t('roles.like')} value={like} options={roles.map((role) => ({ value: role.key, label: label(role.body.label) }))} onPick={setLike} />}</Field>
    </Dialog>
  )
}
