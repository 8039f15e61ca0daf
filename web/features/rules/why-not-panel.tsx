import { useQuery } from '@tanstack/react-query'
import type { Rule } from '#language/definitions'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Field } from '../../design/field.tsx'
import { useCatalogue } from '../../api/catalogue.ts'
import { label, t } from '../../i18n/index.ts'
import { RecordPicker } from '../records/record-picker.tsx'
import { WhyNotView } from './why-not-view.tsx'
import css from './why-not.module.css'

/** Pick a record and ask this rule why it did nothing about it. */
export function WhyNotPanel({ rule }: { rule: Rule }) {
  const catalogue = useCatalogue()
  const [record, setRecord] = useState<string | null>(null)
  const { object } = rule.trigger
  const { data, error, refetch } = useQuery({ queryKey: ['whyNot', rule.key, record], queryFn: ({ signal }) => call('whyNotRule', { params: { rule: rule.key, object, id: record! } }, { signal }), enabled: record !== null })
  return (
    <Panel title={t('whyNot.title')} hint={t('whyNot.hint')}>
      <div className={css.ask}><Field label={label(catalogue.object(object)?.label)}>{(control) => <RecordPicker {...control} label={label(catalogue.object(object)?.label)} object={object} value={record} onPick={(picked) => setRecord(picked?.id ?? null)} />}</Field></div>
      {error ? <Failure small error={error} onRetry={refetch} /> : record && (data ? <WhyNotView key={record} answer={data} open named={false} /> : <Skeleton rows={2} />)}
    </Panel>
  )
}
