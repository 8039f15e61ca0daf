import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import type { ObjectFacts } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Failure } from '../../design/pieces.tsx'
import type { MenuEntry } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import css from './acts.module.css'
import { isLocked, setLocked, useAskUnlock } from './locking.ts'

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
  const { reason, setReason, submit, busy, error, missing } = useAskUnlock(record, onClose)
  return (
    <Dialog title={t('acts.askUnlock')} hint={record.title} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} onClick={submit}>{t('acts.askUnlock')}</Button></>}>
      {error && <Failure small error={error} />}
      <Field label={t('acts.whyUnlock')} required error={missing}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
