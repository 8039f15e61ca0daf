import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, Facts, sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { agentName } from '../auth/agent.ts'
import css from './intake.module.css'
import { dismiss, forgetSubmissions, putBack, type Submission } from './query.ts'

/** One submission: put right and sent again, or set aside with a reason; below, exactly what came. */
export function SubmissionSheet({ submission, onClose }: { submission: Submission; onClose: () => void }) {
  const waits = submission.status === 'quarantined'
  const navigate = useNavigate()
  const [answers, setAnswers] = useState(() => Object.fromEntries(submission.answers.map(({ name, value }) => [name, value])))
  const [why, setWhy] = useState<string | null>(null)
  const send = useMutation({
    mutationFn: () => call('correctSubmission', { params: { id: submission.id }, body: { answers: changed(submission, answers) } }),
    onSuccess: async ({ object, id, status }) => { await forgetSubmissions(); say(t(status === 'joined' ? 'intake.joined' : 'intake.created')); onClose(); void navigate({ to: at.record(object, id) }) },
  })
  const setAside = useMutation({ mutationFn: () => dismiss(submission.id, why!.trim()), onSuccess: () => { say(t('intake.dismissed'), () => putBack(submission.id)); onClose() } })
  const back = useMutation({ mutationFn: () => putBack(submission.id), onSuccess: () => { say(t('intake.isBack')); onClose() } })
  const error = send.error ?? setAside.error ?? back.error
  const missing = submission.answers.some(({ name, required }) => required && !answers[name]?.trim())
  const foot = why !== null
    ? <><Button onClick={() => setWhy(null)}>{t('common.cancel')}</Button><Button look="primary" busy={setAside.isPending} disabled={!why.trim()} onClick={() => setAside.mutate()}>{t('intake.dismiss')}</Button></>
    : waits ? <><Button look="quiet" onClick={() => setWhy('')}>{t('intake.dismiss')}</Button><span className="grow" /><Button look="primary" busy={send.isPending} disabled={missing} onClick={() => send.mutate()}>{t('intake.resubmit')}</Button></>
    : submission.status === 'dismissed' ? <Button busy={back.isPending} onClick={() => back.mutate()}>{t('intake.putBack')}</Button> : undefined
  return (
    <Dialog look="sheet" width={560} title={t(waits ? 'intake.one' : `intake.state_${submission.status}`)} hint={label(submission.form.label ?? undefined) || submission.form.key} onClose={onClose} foot={foot}>
      {error && <Failure small error={error} />}
      {submission.reason && waits && <p className={css.reason} role="note">{label(submission.reason)}</p>}
      {why !== null ? <Field label={t('intake.whyDismiss')} required>{(control) => <Input {...control} data-autofocus value={why} maxLength={200} placeholder={t('intake.whyExample')} onText={setWhy} />}</Field>
        : waits && <div className={css.answers}>{submission.answers.map((asked) => <Field key={asked.name} label={label(asked.label)} required={asked.required} error={asked.wrong && answers[asked.name] === asked.value ? t('intake.putRight') : null}>{(control) => <Input {...control} value={answers[asked.name] ?? ''} maxLength={2000} onText={(text) => setAnswers({ ...answers, [asked.name]: text })} />}</Field>)}</div>}
      {send.error && <p className="sr">{sentenceOf(send.error)}</p>}
      <Raw submission={submission} />
    </Dialog>
  )
}

/** Only what was put right: what was not asked for stays as it came. */
const changed = ({ answers: before }: Submission, after: Record<string, string>): Record<string, string> =>
  Object.fromEntries(before.filter(({ name, value }) => after[name] !== value).map(({ name }) => [name, after[name]!]))

/** The body exactly as it came, and where from. */
export function Raw({ submission }: { submission: Submission }) {
  const { raw, record, settled } = submission
  return (
    <section className={css.raw}>
      <h3>{t('intake.raw')}</h3>
      <Facts facts={[
        [t('intake.at'), clockTime(submission.at, true)], [t('intake.status'), t(`intake.state_${submission.status}`)],
        ...(record ? [[t('intake.record'), <Link key="r" className="link" to={at.record(record.object, record.id)}>{record.title}</Link>] as const] : []),
        ...(settled ? [[t('intake.settledBy'), [settled.by, clockTime(settled.at), settled.reason].filter(Boolean).join(' · ')] as const] : []),
        [t('audit.ip'), submission.ip ?? '—'], [t('audit.device'), agentName(submission.agent)], [t('intake.type'), submission.contentType ?? '—'],
      ]} />
      <pre className={css.code} tabIndex={0} aria-label={t('intake.raw')}>{raw}</pre>
    </section>
  )
}
