import { useState } from 'react'
import { stepsIn, type Step } from '#language/definitions'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import type { Run } from './rule-runs.tsx'
import { stepText } from './speech.ts'
import { useSpeaker } from './use-speaker.ts'

interface Props { run: Run; actions: readonly unknown[]; /** Only steps of this branch. */ within?: string | undefined; onSkip: (step: string, reason: string) => Promise<void>; onClose: () => void }
interface Kept { path?: string; why?: string }

/** Which step is passed over, and why: the one that failed, where that is known; else one of those that are not done yet. */
export function SkipDialog({ run, actions, within, onSkip, onClose }: Props) {
  const speaker = useSpeaker()
  const steps = stepsIn(actions as Step[])
  const kept = run.steps as Kept[]
  const done = new Set(kept.filter(({ why }) => why === undefined).map(({ path }) => path))
  const open = steps.filter(({ path }) => !done.has(path) && (within === undefined || path.startsWith(`${within}.`)))
  const [step, setStep] = useState(kept.findLast(({ why, path }) => why === 'failed' && open.some((each) => each.path === path))?.path ?? open[0]?.path ?? null)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = async () => {
    setTried(true)
    if (!step || !reason.trim()) return
    setBusy(true)
    try { await onSkip(step, reason.trim()); onClose() } catch (failure) { setError(failure) } finally { setBusy(false) }
  }
  return (
    <Dialog title={t('rules.can_skip')} hint={t('rules.skipHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} onClick={() => void submit()}>{t('rules.skipGo')}</Button></>}>
      {error !== null && <Failure small error={error} />}
      <Field label={t('rules.skipWhich')}>{(control) => <Picker {...control} label={t('rules.skipWhich')} value={step} options={open.map((each, at) => ({ value: each.path, label: `${at + 1}. ${stepText(speaker, each.each?.object ?? run.object ?? '', each.step)}` }))} onPick={(picked) => picked && setStep(picked)} />}</Field>
      <Field label={t('acts.reason')} required error={tried && !reason.trim() ? t('records.mustFill') : null}>{(control) => <TextArea {...control} rows={2} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
