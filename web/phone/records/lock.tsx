import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Failure } from '../../design/pieces.tsx'
import { setLocked, useAskUnlock } from '../../features/acts/locking.ts'
import { t } from '../../i18n/index.ts'
import { Sheet } from '../frame/sheet.tsx'
import css from './record.module.css'

/** Says that nothing can be changed here, and what to do about it. */
export default function LockBar({ record }: { record: RecordShape }) {
  const [asking, setAsking] = useState(false)
  return (
    <div className={css.locked} role="note">
      <Icon name="lock" /><span className="grow">{t('acts.locked')}</span>
      {record.can.unlock ? <Button onClick={() => void setLocked(record, false)}>{t('acts.unlock')}</Button> : <Button onClick={() => setAsking(true)}>{t('acts.askUnlock')}</Button>}
      {asking && <Ask record={record} onClose={() => setAsking(false)} />}
    </div>
  )
}

function Ask({ record, onClose }: { record: RecordShape; onClose: () => void }) {
  const { reason, setReason, submit, busy, error, missing } = useAskUnlock(record, onClose)
  return (
    <Sheet label={t('acts.askUnlock')} title={t('acts.askUnlock')} hint={record.title} onClose={onClose} foot={<Button look="primary" busy={busy} onClick={submit}>{t('acts.askUnlock')}</Button>}>
      {error && <Failure small error={error} />}
      <Field label={t('acts.whyUnlock')} required error={missing}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Sheet>
  )
}
