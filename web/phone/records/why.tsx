import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { clockTime } from '../../design/format.ts'
import { Empty, Failure, Skeleton, Tag } from '../../design/pieces.tsx'
import { Candidates } from '../../features/assignment/candidates.tsx'
import { label, t } from '../../i18n/index.ts'
import { navigate } from '../frame/router.tsx'
import { Sheet } from '../frame/sheet.tsx'
import css from './record.module.css'
import { who } from './timeline.tsx'

/** Why this tag, this owner and not the others, this grade, this message: read from the log. */
export default function Why({ object, record, onClose }: { object: ObjectFacts; record: RecordShape; onClose: () => void }) {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery({ queryKey: keys.why(object.key, record.id), queryFn: ({ signal }) => call('recordWhy', { params: { object: object.key, id: record.id } }, { signal }) })
  return (
    <Sheet tall label={t('records.whyTitle')} title={t('records.whyTitle')} hint={record.title} onClose={onClose}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={72} /> : data.items.length === 0 ? <Empty icon="info" title={t('records.whyEmpty')}>{t('records.whyEmptyHelp')}</Empty>
        : <ol className={css.whys}>{data.items.map((item, index) => (
          <li key={index}>
            <div className={css.whyHead}><Tag>{t(`records.about_${item.about}`)}</Tag><time className="hint" dateTime={item.at}>{clockTime(item.at).slice(5)}</time></div>
            <b>{label(item.sentence)}</b>
            {item.rule?.sentence && <p className={css.rule}>{label(item.rule.sentence)}</p>}
            {item.decision && <Candidates decision={item.decision} />}
            <p className="hint">{who(catalogue, item.actor)}{item.rule?.version && ` · ${t('records.whyVersion', { n: item.rule.version })}`}{item.link && <> · <button type="button" className={css.why} onClick={() => { navigate(at.record(item.link!.object, item.link!.id)); onClose() }}>{item.subject}</button></>}</p>
          </li>
        ))}</ol>}
    </Sheet>
  )
}
