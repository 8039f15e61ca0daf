import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'

export type ActFacts = Catalogue['recordActs'][number]
/** A rule with a button. */
export type PressFacts = Catalogue['pressable'][number]
export type ConversionFacts = Catalogue['conversions'][number]

/** What may be done with this record as it stands now. */
export function useOffered(record: RecordShape): { acts: readonly ActFacts[]; conversions: readonly ConversionFacts[]; rules: readonly PressFacts[] } {
  const { recordActs, conversions, pressable } = useCatalogue()
  const some = [...recordActs, ...conversions, ...pressable].some(({ object }) => object === record.object)
  const { data } = useQuery({ queryKey: [...keys.record(record.object, record.id), 'acts', record.version], queryFn: ({ signal }) => call('offeredActs', { params: { object: record.object, id: record.id } }, { signal }), enabled: some && record.can.edit })
  return { acts: recordActs.filter(({ key }) => data?.acts.includes(key)), conversions: conversions.filter(({ key }) => data?.conversions.includes(key)), rules: pressable.filter(({ key }) => data?.rules.includes(key)) }
}
