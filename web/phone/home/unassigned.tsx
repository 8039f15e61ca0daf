import { Suspense, useState } from 'react'
import type { RecordShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { targetOf, transfer } from '../../features/records/acts.ts'
import { Board } from '../../features/unassigned/board.tsx'
import { useUnassigned } from '../../features/unassigned/query.ts'
import { label, t } from '../../i18n/index.ts'
import { usePull } from '../frame/pull.tsx'
import { Screen } from '../frame/screen.tsx'
import { p } from '../words/index.ts'
import { later } from '../words/later.ts'

const MemberSheet = later(async () => ({ default: (await import('../records/member-sheet.tsx')).MemberSheet }))

/** Everything that waits for an owner, under the thumb. */
export default function Unassigned() {
  const { assigning, object } = useCatalogue()
  const [chosen, setChosen] = useState(assigning[0] ?? '')
  const below = assigning.length > 1 ? <Tabs label={t('unassigned.title')} value={chosen} onChoose={setChosen} tabs={assigning.map((key) => ({ value: key, label: label(object(key)?.label) }))} /> : undefined
  return <Screen title={t('unassigned.title')} hint={t('unassigned.hint')} backTo={at.home} below={below}><Waiting key={chosen} object={chosen} /></Screen>
}

function Waiting({ object }: { object: string }) {
  const { data, error, refetch } = useUnassigned(object)
  const pull = usePull(refetch)
  if (!data) return <>{pull}<Panel label={t('unassigned.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={6} height={72} />}</Panel></>
  return <>{pull}<Board answer={data} choose={({ record }) => <Other record={record} />} /></>
}

function Other({ record }: { record: RecordShape }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const give = (owner: number) => { setOpen(false); void transfer(catalogue, record.object, [targetOf(record)], { owner }) }
  return <><Button aria-haspopup="dialog" aria-label={t('unassigned.otherNamed', { record: record.title })} onClick={() => setOpen(true)}>{t('unassigned.other')}</Button>{open && <Suspense><MemberSheet title={p('assignTo', { name: record.title })} chosen={null} onPick={give} onClose={() => setOpen(false)} /></Suspense>}</>
}
