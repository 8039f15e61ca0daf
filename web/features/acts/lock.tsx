import { useMutation } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import type { ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import type { MenuEntry } from '../../design/popover.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { refreshRecords } from '../records/acts.ts'
import { undoOf } from '../records/undo.ts'
import css from './acts.module.css'

const isLocked = (record: RecordShape): boolean => record.values['locked'] === true

/** One press, taken back for eight seconds. */
export async function setLocked(record: RecordShape, locked: boolean): Promise<void> {
  try {
    const { undo } = await call('updateRecord', { params: { object: record.object, id: record.id }, body: { version: record.version, values: { locked } } })
    say(t(locked ? 'acts.lockedNow' : 'acts.unlocked'), undoOf(undo))
    await refreshRecords(record.object)
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}

export const lockEntry = (record: RecordShape): MenuEntry[] => (record.can.unlock && !isLocked(record) ? [{ key: 'lock', label: t('acts.lock'), icon: 'lock', onPick: () => void setLocked(record, true) }] : [])

/** Says that nothing can be changed here, and what to do about it. */
export function LockBanner({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const [asking, setAsking] = useState(false)
  if (!isLocked(record) || !object.field.has('locked')) return null
  return (
    <div className={css.banner} role="note">
      <Icon name="lock" /><span className="grow">{t('acts.locked')}</span>
      {record.can.unlock ? <Button small onClick={() => void setLocked(record, false)}>{t('acts.unlock')}</Button> : <Button small onClick={() => setAsking(true)}>{t('acts.askUnlock')}</Button>}
      {asking && <Ask record={record} onClose={() => setAsking(false)} />}
    </div>
  )
}

function Ask({ record, onClose }: { record: RecordShape; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const ask = useMutation({ mutationFn: () => call('requestUnlock', { body: { object: record.object, id: record.id, reason: reason.trim() } }), onSuccess: ({ told }) => { say(t('acts.unlockAsked', { names: told.join(t('common.listGap')) })); onClose() } })
  const submit = () => { setTried(true); if (reason.trim()) ask.mutate() }
  return (
    <Dialog title={t('acts.askUnlock')} hint={record.title} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={ask.isPending} onClick={submit}>{t('acts.askUnlock')}</Button></>}>
      {ask.error && <Failure small error={ask.error} />}
      <Field label={t('acts.whyUnlock')} required error={tried && !reason.trim() ? t('records.mustFill') : null}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
