import { useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'

/** Why a failed run needs nobody any more: its words stand at the run. */
export function DismissDialog({ onDismiss, onClose }: { onDismiss: (reason: string) => Promise<void>; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = async () => {
    setBusy(true)
    try { await onDismiss(reason.trim()); onClose() } catch (failure) { setError(failure) } finally { setBusy(false) }
  }
  return (
    <Dialog title={t('rules.dismissRun')} hint={t('rules.dismissHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} onClick={() => void submit()}>{t('rules.can_dismiss')}</Button></>}>
      {error !== null && <Failure small error={error} />}
      <Field label={t('rules.dismissWhy')}>{(control) => <TextArea {...control} data-autofocus rows={2} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
