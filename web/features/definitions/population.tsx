import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import type { TagDefinition } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { countText } from '../records/count.ts'
import { Value, valueOf } from '../records/value.tsx'
import css from './segment.module.css'

const SHOWN = 10

/** Who it would be now: how many, and the first of them, as their reader may see them; or why it can never be anybody. */
export function Population({ tag }: { tag: TagDefinition }) {
  const catalogue = useCatalogue()
  const asked = useDeferredValue(tag)
  const { object = '', condition = { all: [] } } = asked.segment ?? {}
  const begun = JSON.stringify(condition) !== JSON.stringify({ all: [] })
  const filter = JSON.stringify(condition)
  const checked = useQuery({ queryKey: ['preview', 'segment', object, filter], queryFn: ({ signal }) => call('previewSentence', { body: { tag: { ...asked, key: asked.key || '?', label: asked.label.zh ? asked.label : { zh: '?', en: '?' } } as unknown as Record<string, unknown> } }, { signal }), enabled: begun, placeholderData: keepPreviousData, retry: false, staleTime: Infinity })
  const sound = checked.data?.problems.length === 0
  // Somebody who has just begun a condition has done nothing wrong.
  const unfinished = checked.data?.problems.some(({ code }) => code === 'value_missing')
  const about = catalogue.object(object)
  const fields = about ? [...new Set([...(about.subtitle ?? []), 'owner'])].filter((key) => about.field.has(key)).slice(0, 3) : []
  const count = useQuery({ queryKey: ['preview', 'count', object, filter], queryFn: ({ signal }) => call('countRecords', { params: { object }, query: { filter: condition } }, { signal }), enabled: begun && sound, retry: false })
  const rows = useQuery({ queryKey: ['preview', 'rows', object, filter, fields], queryFn: ({ signal }) => call('listRecords', { params: { object }, query: { filter: condition, fields, limit: SHOWN } }, { signal }), enabled: begun && sound, retry: false })
  const error = checked.error ?? count.error ?? rows.error
  return (
    <Panel title={t('definitions.segmentPreview')} hint={sound && count.data && begun ? t('definitions.segmentCount', { count: countText(count.data) }) : undefined}>
      {!begun ? <p className={css.note}>{t('definitions.segmentNeeds')}</p>
        : unfinished ? <p className={css.note}>{t('definitions.segmentUnfinished')}</p>
        : checked.data && !sound ? <ul className={css.bad} role="alert">{checked.data.problems.map((problem) => <li key={`${problem.path}-${problem.code}`}><Icon name="alert" />{label(problem.message)}</li>)}</ul>
        : error ? <Failure small error={error} />
        : !rows.data || !about ? <Skeleton rows={5} />
        : rows.data.records.length === 0 ? <Empty icon="tag" title={t('definitions.segmentNone')}>{t('definitions.segmentNoneHelp')}</Empty>
        : (
          <ul aria-label={t('definitions.segmentPreview')}>
            {rows.data.records.map((record) => (
              <li key={record.id} className={css.row}>
                <Link to={at.record(object, record.id)} className="link clip">{record.title || t('records.untitled')}</Link>
                {fields.map((key) => <span key={key} className="hint clip"><Value field={about.field.get(key)!} value={valueOf(record, key)} related={rows.data.related} linked={false} /></span>)}
              </li>
            ))}
            {rows.data.next && <li className={css.note}>{t('definitions.segmentMore')}</li>}
          </ul>
        )}
    </Panel>
  )
}
