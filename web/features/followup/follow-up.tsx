import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, TextArea } from '../../design/field.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { Restored } from '../drafts/restored.tsx'
import { readMore, useDraft } from '../drafts/use-draft.ts'
import { undoOf } from '../records/undo.ts'
import { activityOf, methodLike } from './activity.ts'
import { AskSubject, type Subject } from './ask-subject.tsx'
import css from './follow-up.module.css'
import { NextContact } from './next-contact.tsx'

export interface FollowUpStart { subject: Subject | null; known: readonly Subject[]; /** Which button it came from: `phone` after a call. */ method?: 'phone' }

/** Whom first, when the button was the page's own; then exactly three things, and an optional note. */
export function FollowUp({ start, onClose }: { start: FollowUpStart; onClose: () => void }) {
  const [subject, setSubject] = useState(start.subject)
  if (!subject) return <AskSubject known={start.known} onPick={setSubject} onClose={onClose} />
  return <Sheet subject={subject} method={start.method} onClose={onClose} />
}

function Sheet({ subject, method, onClose }: { subject: Subject; method: 'phone' | undefined; onClose: () => void }) {
  const activity = activityOf(useCatalogue())
  const [result, setResult] = useState<string | null>(null)
  const [nextAt, setNextAt] = useState<string | null>(null)
  const [resource, setResource] = useState<string | null>(activity?.noResource ?? null)
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const blank = activity?.noResource ?? null
  const { kept, write, sending, failed } = useDraft({ object: subject.object, id: subject.id, kind: 'activity' })
  const [taken, setTaken] = useState<'no' | 'new' | 'restored'>('no')
  const untouched = result === null && nextAt === null && note === '' && resource === blank
  // Once, when it is known; what was chosen meanwhile is newer.
  if (taken === 'no' && kept !== undefined) {
    setTaken(kept && untouched ? 'restored' : 'new')
    if (kept && untouched) {
      const more = readMore(kept.more)
      setResult(more.result); setNextAt(more.nextAt); setResource(more.resource ?? blank); setNote(kept.text)
    }
  }
  useEffect(() => { if (taken === 'restored' || (taken === 'new' && !untouched)) write({ text: note, more: untouched ? null : { result, nextAt, resource } }) }, [write, taken, untouched, result, nextAt, resource, note])
  const giveUp = () => { setResult(null); setNextAt(null); setResource(blank); setNote('') }
  const save = useMutation({
    mutationFn: async (body: { result: string; nextAt: string; resource: string }) => { await sending(); return call('followUp', { body: { subject: { object: subject.object, id: subject.id }, ...body, ...(note.trim() ? { note: note.trim() } : {}), ...(method && activity ? methodLike(activity, method) : {}) } }) },
    onSuccess: ({ undo }, body) => { say(t('followup.saved', { name: subject.title, when: clockTime(body.nextAt) }), undoOf(undo)); refresh(subject); onClose() },
  })
  const missing = (value: string | null) => (tried && !value ? t('followup.must') : null)
  const submit = () => { setTried(true); if (result && nextAt && resource) save.mutate({ result, nextAt, resource }, { onError: failed }) }
  if (!activity) return <Dialog title={t('followup.add')} onClose={onClose}><p className="quiet">{t('followup.notConfigured')}</p></Dialog>
  return (
    <Dialog look="sheet" title={t('followup.add')} hint={subject.title} onClose={onClose} foot={<><span className="hint grow">{t('followup.keys')}</span><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} onClick={submit}>{t('common.save')}</Button></>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }} onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit() }}>
        {save.error && <Failure small error={save.error} />}
        {taken === 'restored' && !untouched && <Restored onDrop={giveUp} />}
        <Group title={t('followup.result')} error={missing(result)}><Choice look="chips" label={t('followup.result')} value={result} onChoose={setResult} options={activity.results.map((option) => ({ value: option.key, label: label(option.label) }))} /></Group>
        <Group title={t('followup.nextAt')} error={missing(nextAt)}><NextContact value={nextAt} onPick={setNextAt} /></Group>
        <Group title={t('followup.resource')} error={missing(resource)}><Choice look="chips" label={t('followup.resource')} value={resource} onChoose={setResource} options={activity.resources.map((option) => ({ value: option.key, label: label(option.label) }))} /></Group>
        <Field label={t('followup.note')} help={note ? t('comments.draftKept') : undefined}>{(control) => <TextArea {...control} value={note} onText={setNote} placeholder={t('followup.noteHint')} rows={4} />}</Field>
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

const Group = ({ title, error, children }: { title: string; error: string | null; children: React.ReactNode }) => (
  <div className={css.group}><div className={css.groupTitle}>{title}<span className="danger" aria-hidden="true"> *</span></div>{children}{error && <p className={css.error} role="alert">{error}</p>}</div>
)

function refresh(subject: Subject): void {
  void queries.invalidateQueries({ queryKey: keys.workbench })
  void queries.invalidateQueries({ queryKey: keys.record(subject.object, subject.id) })
  void queries.invalidateQueries({ queryKey: keys.object(subject.object) })
}
