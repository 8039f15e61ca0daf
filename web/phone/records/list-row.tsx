import type { RecordShape } from '#contract/api'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { ago, clockTime } from '../../design/format.ts'
import { Grade } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { Link } from '../frame/router.tsx'
import { gradeOf } from '../home/grades.ts'
import css from './list.module.css'
import { brief, subtitleOf, textOf, valueOf, type Related } from './text.ts'

interface Props { object: ObjectFacts; record: RecordShape; related: Related; edge: FieldShape | undefined; grade: string | null | undefined }

/** Name, the line under it, and what the list is sorted by. */
export function ListRow({ object, record, related, edge, grade }: Props) {
  const catalogue = useCatalogue()
  if (object.activity) return <FollowUpRow object={object} record={record} related={related} />
  const graded = gradeOf(catalogue, object.key, grade)
  const subtitle = subtitleOf(catalogue, object, record, related, true)
  return (
    <li>
      <Link to={at.record(object.key, record.id)} className={css.row}>
        {graded && <i className={css.bar} data-colour={graded.colour ?? 'none'} aria-hidden="true" />}
        <span className={css.text}><b>{record.title || t('records.untitled')}</b>{subtitle && <span className={css.sub}>{subtitle}</span>}</span>
        <span className={css.edge}>{graded && <Grade colour={graded.colour}>{graded.word}</Grade>}<span>{edge && edge.key !== object.title ? brief(catalogue, edge, valueOf(record, edge.key), related) : ''}</span></span>
      </Link>
    </li>
  )
}

/** A follow-up is read by whom it was with; it opens that customer. */
function FollowUpRow({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const catalogue = useCatalogue()
  const { subject: subjectKey, result: resultKey, nextAt: nextKey } = object.activity!
  const subject = record.values[subjectKey] as { object: string; id: string } | null
  const known = subject && related[subject.id]
  const result = resultKey && object.field.get(resultKey)
  const next = nextKey ? (record.values[nextKey] as string | null) : null
  const note = record.values['note'] as string | null
  return (
    <li>
      <Link to={known && subject ? at.record(subject.object, subject.id) : at.record(object.key, record.id)} className={css.row}>
        <span className={css.text}><span>{known ? <b>{known.title}</b> : <span className="quiet">{t('records.hiddenRecord')}</span>}{result && <span className={css.result}>{textOf(catalogue, result, record.values[result.key], related)}</span>}</span>{note && <span className={css.sub}>{note}</span>}{next && <span className="hint">{t('records.nextContact')} {clockTime(next).slice(5)}</span>}</span>
        <time className={css.edge} dateTime={String(record.values['created_at'])}>{ago(String(record.values['created_at']))}</time>
      </Link>
    </li>
  )
}
