import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { addDays } from '#language/values'
import { useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { IconButton } from '../../design/button.tsx'
import { DayField } from '../../design/date-field.tsx'
import { clockTime, dayAtZone, instantAt } from '../../design/format.ts'
import { Empty, Failure, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './as-of.module.css'
import { isBlank, textOf } from './value.tsx'

/** The record as it stood: step from change to change, or choose a day. Only what the reader may see today. */
export function AsOf({ object, id, at: first }: { object: ObjectFacts; id: string; at: string }) {
  const catalogue = useCatalogue()
  const [at, setAt] = useState(first)
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.changes(object.key, id), 'as of', at], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('recordAsOf', { params: { object: object.key, id }, query: { at } }, { signal }),
  })
  if (error && !data) return <Failure error={error} onRetry={refetch} />
  if (!data) return <Skeleton rows={8} height={32} />
  const { moments, values, tags, changed, related } = data
  const place = moments.findLastIndex((moment) => moment <= at)
  const go = (index: number) => { const moment = moments[index]; if (moment) setAt(moment) }
  const shown = object.fields.filter(({ key }) => !isBlank(values?.[key]) || changed.includes(key))
  return (
    <div className={css.whole}>
      <div className={css.when}>
        <IconButton small icon="left" label={t('records.asOfEarlier')} disabled={place <= 0} onClick={() => go(place - 1)} />
        <input type="range" min={0} max={Math.max(0, moments.length - 1)} value={Math.max(0, place)} aria-label={t('records.asOf')} aria-valuetext={clockTime(at, true)} onChange={(event) => go(Number(event.target.value))} />
        <IconButton small icon="right" label={t('records.asOfLater')} disabled={place >= moments.length - 1} onClick={() => go(place + 1)} />
        <span className={css.day}><DayField label={t('records.asOfDay')} value={dayAtZone(at)} onPick={(day) => day && setAt(new Date(Date.parse(instantAt(addDays(day, 1), '00:00')) - 1).toISOString())} /></span>
      </div>
      <p className={css.head} role="status"><b className="num">{clockTime(at, true)}</b><span className="hint">{t('records.asOfStep', { n: place + 1, of: moments.length })}</span></p>
      {values === null ? <Empty icon="history" title={t('records.asOfNothing')} /> : (
        <dl className={css.fields}>
          {shown.map((field) => <div key={field.key} data-changed={changed.includes(field.key)}><dt>{label(field.label)}</dt><dd>{textOf(catalogue, field, values[field.key], related)}{changed.includes(field.key) && <span className={css.changed}>{t('records.asOfChanged')}</span>}</dd></div>)}
          {tags.length > 0 && <div data-changed={changed.includes('tags')}><dt>{t('records.about_tag')}</dt><dd>{tags.map((key) => <Tag key={key} policy={catalogue.tag(key)?.policy}>{label(catalogue.tag(key)?.label) || key}</Tag>)}</dd></div>}
        </dl>
      )}
    </div>
  )
}
