import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { phone as spaced } from '../../design/format.ts'
import { activityOf, methodLike, type ActivityFacts } from '../../features/followup/activity.ts'
import { readMore, useDraft } from '../../features/drafts/use-draft.ts'
import type { Subject } from '../../features/followup/ask-subject.tsx'
import { label, t } from '../../i18n/index.ts'
import { Chips } from '../frame/chips.tsx'
import { Sheet } from '../frame/sheet.tsx'
import { p } from '../words/index.ts'
import { AskWhom } from './ask-whom.tsx'
import { draftOf, keepDraft, type Draft } from './drafts.ts'
import css from './follow.module.css'
import { NextAt } from './next-at.tsx'
import type { Letter } from './letters.ts'
import { post } from './outbox.ts'
import { closeFollowUp, type Start } from './state.ts'

/** Whom first, when nobody was meant; then exactly three things, and a note for those who want it. */
export default function FollowUpSheet({ start }: { start: Start }) {
  const [subject, setSubject] = useState(start.subject)
  const activity = activityOf(useCatalogue())
  if (!activity) return <Sheet label={t('followup.add')} title={t('followup.add')} onClose={closeFollowUp}><p className="quiet">{t('followup.notConfigured')}</p></Sheet>
  return subject ? <Three start={start} subject={subject} activity={activity} /> : <AskWhom onPick={setSubject} onClose={closeFollowUp} />
}

function Three({ start, subject, activity }: { start: Start; subject: Subject; activity: ActivityFacts }) {
  const [kept] = useState(() => draftOf(subject))
  const [draft, setDraft] = useState<Draft>(() => ({ result: null, nextAt: null, resource: activity.noResource, note: '', ...kept, ...(start.method ? methodLike(activity, start.method) : {}) }))
  const [tried, setTried] = useState(false)
  const [noting, setNoting] = useState(Boolean(draft.note))
  const afar = useDraft({ object: subject.object, id: subject.id, kind: 'activity' })
  const [touched, setTouched] = useState(kept !== null)
  const put = (next: Partial<Draft>) => { const whole = { ...draft, ...next }; setDraft(whole); setTouched(true); keepDraft(subject, whole); afar.write({ text: whole.note, more: { result: whole.result, nextAt: whole.nextAt, resource: whole.resource } }) }
  // Begun on another device; what is typed here is newer.
  if (!touched && afar.kept) {
    const more = readMore(afar.kept.more)
    setTouched(true)
    setDraft({ ...draft, result: more.result, nextAt: more.nextAt, resource: more.resource ?? draft.resource, note: afar.kept.text })
    setNoting(afar.kept.text !== '')
  }
  const missing = ([['result', t('followup.result')], ['nextAt', t('followup.nextAt')], ['resource', t('followup.resource')]] as const).filter(([key]) => !draft[key])
  const lacks = (key: string) => tried && missing.some(([each]) => each === key)
  const save = () => {
    setTried(true)
    if (missing.length > 0) return
    closeFollowUp()
    void afar.sending()
    post(subject, draft as Letter['draft'])
  }
  const method = activity.methods.find(({ key }) => key === draft.method)
  const hint = [method && label(method.label), start.called && p('afterCall', { phone: spaced(start.called) }), subject.company].filter(Boolean).join(' · ')
  return (
    <Sheet label={t('followup.add')} title={p('followUp', { name: subject.title })} hint={hint} onClose={closeFollowUp} foot={<><Button look="primary" className={css.save!} onClick={save}>{p('save')}</Button></>}>
      <div className={css.form}>
        {start.problem && <div className={css.problem} role="alert"><b>{start.problem.message}</b><p>{start.problem.remedy}</p></div>}
        {!start.problem && (kept?.result || afar.kept) && <p className="hint">{p('restored')}</p>}
        <Question title={t('followup.result')} error={lacks('result')}><Chips big label={t('followup.result')} value={draft.result} onPick={(result) => put({ result })} options={activity.results.map((option) => ({ value: option.key, label: label(option.label), colour: option.colour }))} /></Question>
        <Question title={t('followup.nextAt')} error={lacks('nextAt')}><NextAt value={draft.nextAt} onPick={(nextAt) => put({ nextAt })} /></Question>
        <Question title={t('followup.resource')} error={lacks('resource')}><Chips scroll label={t('followup.resource')} value={draft.resource} onPick={(resource) => put({ resource })} options={activity.resources.map((option) => ({ value: option.key, label: label(option.label) }))} /></Question>
        {noting ? <textarea className={css.note} rows={3} autoFocus={!draft.note} aria-label={t('followup.note')} placeholder={t('followup.noteHint')} value={draft.note} onChange={(event) => put({ note: event.target.value })} />
          : <button type="button" className={css.addNote} onClick={() => setNoting(true)}>+ {p('noteAdd')}</button>}
        {noting && draft.note && <p className="hint">{t('comments.draftKept')}</p>}
      </div>
    </Sheet>
  )
}

const Question = ({ title, error, children }: { title: string; error: boolean; children: React.ReactNode }) => (
  <section className={css.question} aria-label={title}><h3 className={css.asked}>{title}{error && <span className="danger" role="alert"> · {t('followup.must')}</span>}</h3>{children}</section>
)
