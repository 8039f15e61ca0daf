import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { AssignButton } from '../workbench/assign-button.tsx'
import { Board } from './board.tsx'
import { useUnassigned } from './query.ts'

/** Everything that waits for an owner, for those who give it out. */
export default function UnassignedPage() {
  const { assigning, object } = useCatalogue()
  const [chosen, setChosen] = useState(assigning[0])
  if (chosen === undefined) return <NoRight title={t('unassigned.title')} right={t('assignment.title')} />
  return (
    <Page title={t('unassigned.title')} hint={t('unassigned.hint')}>
      {assigning.length > 1 && <Tabs label={t('unassigned.title')} value={chosen} onChoose={setChosen} tabs={assigning.map((key) => ({ value: key, label: label(object(key)?.label) }))} />}
      <Waiting key={chosen} object={chosen} />
    </Page>
  )
}

function Waiting({ object }: { object: string }) {
  const { data, error, refetch } = useUnassigned(object)
  if (!data) return <Panel label={t('unassigned.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={6} height={52} />}</Panel>
  return <Board answer={data} choose={({ record }) => <AssignButton row={record} name={t('unassigned.otherNamed', { record: record.title })} word={t('unassigned.other')} />} />
}
