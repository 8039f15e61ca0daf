import type { RecordShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { t } from '../../i18n/index.ts'
import { useDraft, type More } from '../drafts/use-draft.ts'
import { refreshRecords } from '../records/acts.ts'
import { CommentBox } from './comment-box.tsx'

/** Where one says something about the record, if this installation has comments. */
export default function Composer({ record }: { record: RecordShape }) {
  const object = useCatalogue().objects.find(({ comment }) => comment)
  const subject = { object: record.object, id: record.id }
  const to = object?.field.get(object.comment!.subject)?.to
  const { kept, write, sending, failed } = useDraft({ ...subject, kind: 'comment' }, !object?.can.create)
  if (!object?.can.create || !(to === '*' || (Array.isArray(to) && to.includes(record.object)))) return null
  const send = async (text: string, attachments: readonly string[]) => {
    await sending()
    await call('comment', { body: { subject, text, ...(attachments.length > 0 && { attachments: [...attachments] }) } }).catch((error: unknown) => { failed(); throw error })
    await refreshRecords(record.object)
  }
  return <CommentBox subject={subject} label={t('comments.label')} act={t('comments.send')} withFiles onSend={send} draft={{ kept: kept && { text: kept.text, people: peopleIn(kept.more) }, write: ({ text, people }) => write({ text, more: people.length > 0 ? { people: [...people] } : null }) }} />
}

const peopleIn = (more: More | null): number[] => (Array.isArray(more?.['people']) ? more['people'] : [])
