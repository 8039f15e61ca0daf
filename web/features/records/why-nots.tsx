import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import type { ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { WhyNotView } from '../rules/why-not-view.tsx'

/** Every rule that looks at such records, and why it left this one alone; those that ran come last. */
export function WhyNots({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const { data, error, refetch } = useQuery({ queryKey: ['whyNots', object.key, record.id, record.version], queryFn: ({ signal }) => call('whyNot', { params: { object: object.key, id: record.id } }, { signal }) })
  if (error) return <Failure error={error} onRetry={refetch} />
  if (!data) return <Skeleton rows={5} height={56} />
  if (data.items.length === 0) return <Empty icon="bolt" title={t('whyNot.empty')} />
  const inOrder = [...data.items.filter(({ kind }) => kind !== 'ran'), ...data.items.filter(({ kind }) => kind === 'ran')]
  return <ul>{inOrder.map((answer) => <li key={answer.rule}><WhyNotView answer={answer} open={answer.kind === 'condition'} /></li>)}</ul>
}
