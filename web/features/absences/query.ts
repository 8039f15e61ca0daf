import type { RouteAnswer, Routes } from '#contract/api'
import { forgetDefinitions } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { sayTrouble, say } from '../../design/toast.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'

export type AbsenceShape = RouteAnswer<Routes['absences']>['items'][number]
export type Kind = NonNullable<AbsenceShape['kind']>
export const absencesQuery = { queryKey: ['absences'], queryFn: () => call('absences', {}) } as const
export const again = () => Promise.all([queries.invalidateQueries({ queryKey: absencesQuery.queryKey }), forgetDefinitions(), queries.invalidateQueries({ queryKey: ['workbench'] }), queries.invalidateQueries({ queryKey: ['records'] })])

export interface AbsenceDraft { member: number; kind: Kind; from: string; to: string; standIns: number[] }
/** Entered at once; the message takes it back. */
export async function enter(draft: AbsenceDraft): Promise<void> {
  const made = await call('enterAbsence', { body: draft })
  await again()
  say(t('absences.entered'), async () => { await call('endAbsence', { params: { id: made.id } }); await again() })
}

/** Called off or ended now; the message enters it again. */
export async function end({ id, member, from, to, standIns, kind, state }: AbsenceShape): Promise<void> {
  try {
    await call('endAbsence', { params: { id } })
    await again()
    say(t(state === 'planned' ? 'absences.calledOff' : 'absences.ended'), async () => { await call('enterAbsence', { body: { member, from, to, standIns, kind: kind ?? 'other' } }); await again() })
  } catch (error) {
    sayTrouble(sentenceOf(error))
    await again()
  }
}
