import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { mentionsIn, withNames } from '#language/values'
import { useState, type ReactNode } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { now } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { at, tenantPrefix } from '../../app/paths.ts'
import { Confirm } from '../../design/dialog.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { FileList } from '../files/record-files.tsx'
import files from '../files/files.module.css'
import { refreshRecords } from '../records/acts.ts'
import { CommentBox } from './comment-box.tsx'
import css from './comments.module.css'

const EDITABLE_MS = 15 * 60_000

/** One comment on the timeline; its writer may correct it for a while and take it back at any time. */
export default function CommentItem({ object, comment }: { object: ObjectFacts; comment: RecordShape }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const [doing, setDoing] = useState<'editing' | 'withdrawing' | null>(null)
  const { subject, text, withdrawn } = object.comment!
  const said = (comment.values[text] as string | null | undefined) ?? ''
  const about = comment.values[subject] as { object: string; id: string }
  const mine = comment.values['created_by'] === me.id
  const fresh = now().getTime() - Date.parse(String(comment.values['created_at'])) < EDITABLE_MS
  const done = async (work: Promise<unknown>, words?: string) => { await work; if (words) say(words); setDoing(null); await refreshRecords(about.object) }
  // Whoever may audit finds what was said where it is kept.
  if (comment.values[withdrawn] === true) return <span className="hint">{t('comments.removed')}{catalogue.can('audit') && <> · <a className="link" href={`${tenantPrefix()}${at.audit}?object=${object.key}&record=${comment.id}`}>{t('comments.original')}</a></>}</span>
  const nameOf = (id: number) => catalogue.member(id)?.name
  if (doing === 'editing') {
    const people = mentionsIn(said).map((id) => ({ id, name: nameOf(id) ?? `#${id}` }))
    return <CommentBox autoFocus subject={about} start={withNames(said, nameOf)} people={people} label={t('comments.editing')} act={t('common.save')} onCancel={() => setDoing(null)} onSend={(next) => done(call('editComment', { body: { id: comment.id, text: next } }))} />
  }
  return (
    <div>
      <div className={css.words}>{marked(said, catalogue)}</div>
      <Files object={object} comment={comment} />
      {mine && <div className={css.own}>{fresh && <button type="button" className="link" onClick={() => setDoing('editing')}>{t('comments.edit')}</button>}<button type="button" className="link" onClick={() => setDoing('withdrawing')}>{t('comments.withdraw')}</button></div>}
      {doing === 'withdrawing' && <Confirm title={t('comments.withdrawAsk')} act={t('comments.withdraw')} onClose={() => setDoing(null)} onAct={() => done(call('withdrawComment', { body: { id: comment.id } }), t('comments.withdrawn')).catch((error: unknown) => sayTrouble(sentenceOf(error)))}>{t('comments.withdrawHelp')}</Confirm>}
    </div>
  )
}

function Files({ object, comment }: { object: ObjectFacts; comment: RecordShape }) {
  const held = (comment.values['attachments'] as readonly string[] | null | undefined) ?? []
  const { data } = useQuery({ queryKey: keys.files(object.key, comment.id), queryFn: ({ signal }) => call('recordFiles', { params: { object: object.key, id: comment.id } }, { signal }), enabled: held.length > 0 })
  return held.length > 0 ? <div className={files.compact}><FileList items={data?.items} at={{ object: object.key, id: comment.id, field: 'attachments' }} onRemove={undefined} uploads={null} /></div> : null
}

/** Names of today, set apart from the words around them. */
function marked(text: string, catalogue: Catalogue): ReactNode[] {
  return text.split(/(@\[[^\]\n]{1,80}\]\(\d{1,9}\))/).map((part, i) => (i % 2 === 1 ? <b key={i} className={css.meant}>{withNames(part, (id) => catalogue.member(id)?.name)}</b> : part))
}
