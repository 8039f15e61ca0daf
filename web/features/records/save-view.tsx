import type { View } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import { read } from '../conditions/sentence.ts'
import { sortsOf } from './list-data.ts'
import type { ListState } from './list-state.ts'

export function SaveView({ state, onClose, onSave }: { state: ListState; onClose: () => void; onSave: (view: View) => Promise<void> }) {
  const catalogue = useCatalogue()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const [busy, setBusy] = useState(false)
  const reading = read(catalogue, state.object.key, state.filter)
  const save = async () => {
    if (!name.trim()) return
    setBusy(true)
    const key = `${state.object.key.replaceAll('_', '-')}-${crypto.randomUUID().slice(0, 8)}`
    await onSave({ key, label: { zh: name.trim(), en: name.trim() }, object: state.object.key, filter: state.filter, sort: sortsOf(state.sort), columns: [...state.columns], owner: catalogue.me.id, shared, order: 1000 })
    setBusy(false)
  }
  return (
    <Dialog title={t('records.saveAs')} hint={reading.ok ? reading.sentence : undefined} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} disabled={!name.trim()} onClick={() => void save()}>{t('common.save')}</Button></>}>
      <form onSubmit={(event) => { event.preventDefault(); void save() }}><Field label={t('records.viewName')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} onText={setName} />}</Field></form>
      <Check checked={shared} onCheck={setShared}>{t('records.shareView')}</Check>
    </Dialog>
  )
}
