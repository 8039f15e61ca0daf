import { useMutation } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { refreshRecords } from '../records/acts.ts'
import { undoOf } from '../records/undo.ts'

export const isLocked = (record: RecordShape): boolean => record.values['locked'] === true

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

/** Asking whoever may unlock it, with the reason. */
export function useAskUnlock(record: RecordShape, onClose: () => void) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const ask = useMutation({ mutationFn: () => call('requestUnlock', { body: { object: record.object, id: record.id, reason: reason.trim() } }), onSuccess: ({ told }) => { say(t('acts.unlockAsked', { names: told.join(t('common.listGap')) })); onClose() } })
  const submit = () => { setTried(true); if (reason.trim()) ask.mutate() }
  return { reason, setReason, submit, busy: ask.isPending, error: ask.error, missing: tried && !reason.trim() ? t('records.mustFill') : null }
}
