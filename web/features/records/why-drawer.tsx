import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecordShape } from '#contract/api'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at, ruleAt } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Choice } from '../../design/field.tsx'
import { Empty, Failure, Skeleton, Tag } from '../../design/pieces.tsx'
import { useState } from 'react'
import { label, t } from '../../i18n/index.ts'
import { Candidates } from '../assignment/candidates.tsx'
import css from './record.module.css'
import { who } from './timeline-item.tsx'
import { WhyNots } from './why-nots.tsx'

/** Why this tag, this owner and not the others, this grade, this message: read from the log. */
export default function WhyDrawer({ object, record, onClose }: { object: ObjectFacts; record: RecordShape; onClose: () => void }) {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery({ queryKey: keys.why(object.key, record.id), queryFn: ({ signal }) => call('recordWhy', { params: { object: object.key, id: record.id } }, { signal }) })
  const [side, setSide] = useState<'did' | 'didNot'>('did')
  return (
    <Dialog look="sheet" width={640} title={t('records.whyTitle')} hint={record.title} onClose={onClose}>
      <div className={css.whySides}><Choice label={t('records.whyTitle')} value={side} onChoose={setSide} options={[{ value: 'did', label: t('whyNot.did') }, { value: 'didNot', label: t('whyNot.didNot') }]} /></div>
      {side === 'didNot' ? <WhyNots object={object} record={record} /> : error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={64} /> : data.items.length === 0 ? <Empty icon="info" title={t('records.whyEmpty')}>{t('records.whyEmptyHelp')}</Empty>
        : <ol className={css.whys}>{data.items.map((item, index) => (
          <li key={index} className={css.whyItem}>
            <div className={css.whyHead}><Tag>{t(`records.about_${item.about}`)}</Tag><b className="grow">{label(item.sentence)}</b><time className="hint" dateTime={item.at}>{clockTime(item.at).slice(5)}</time></div>
            {item.rule?.sentence && <p className={css.ruleSentence}>{label(item.rule.sentence)}</p>}
            {item.decision && <Candidates decision={item.decision} />}
            <div className={css.provenance}>
              {!item.rule && <span>{who(catalogue, item.actor)}</span>}
              {item.rule && <To to={ruleAt(item.rule.key) ?? at.rule(item.rule.key)} className="link">{item.rule.label ? label(item.rule.label) : item.rule.key}{item.rule.version !== null && ` · ${t('records.whyVersion', { n: item.rule.version })}`}</To>}
              {item.run && <Link to={at.trace(item.run.event)} className="link" onClick={onClose}>{t('trace.whole')}</Link>}
              {item.link && <Link to={at.record(item.link.object, item.link.id)} className="link" onClick={onClose}>{label(catalogue.object(item.subject)?.label) || item.subject}</Link>}
            </div>
          </li>
        ))}</ol>}
    </Dialog>
  )
}
