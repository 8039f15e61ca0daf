import { useQuery } from '@tanstack/react-query'
import type { MemberShape } from '#contract/api'
import { useState } from 'react'
import { forgetDefinitions, useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Choice } from '../../design/field.tsx'
import { Failure, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './members.module.css'

type Way = 'stay' | 'follow'
type Moved = Awaited<ReturnType<typeof moveMember>>
export const moveMember = (id: number, team: number | null, records: Way) => call('moveMember', { params: { id }, body: { team, records } })

/** What a member's change of main team leaves open; `settled` once nothing is. `way` null: there is nothing to ask. */
export function useTeamMove(member: MemberShape | null, team: number | null) {
  const moving = member !== null && member.team !== team
  const [chosen, choose] = useState<Way | null>(null)
  const records = useQuery({ queryKey: [...keys.members, member?.id, 'team'], queryFn: () => call('teamRecords', { params: { id: member!.id } }), enabled: moving, gcTime: 0 })
  const asks = moving && (records.data?.objects.length ?? 0) > 0
  return { moving, asks, records, chosen, choose, way: asks ? chosen : null, settled: !moving || (records.data !== undefined && (!asks || chosen !== null)) }
}

/** Asked beside the team, with how many records it is about. */
export function TeamMove({ move: { moving, asks, records, chosen, choose }, from, to }: { move: ReturnType<typeof useTeamMove>; from: number | null; to: number | null }) {
  const catalogue = useCatalogue()
  if (!moving || (records.data && !asks)) return null
  const name = (team: number | null) => catalogue.team(team)?.name ?? t('members.noTeam')
  return (
    <section className={css.move} aria-label={t('members.recordsOfTeam', { team: name(from) })} aria-live="polite">
      {records.error ? <Failure small error={records.error} onRetry={records.refetch} /> : !records.data ? <Skeleton rows={1} height={40} /> : <>
        <p>{t('members.recordsOfTeam', { team: name(from) })}</p>
        <p className="hint">{records.data.objects.map(({ object, count }) => `${label(catalogue.object(object)?.label) || object} ${count}`).join(' · ')}</p>
        <Choice look="chips" label={t('members.recordsOfTeam', { team: name(from) })} value={chosen} onChoose={choose} options={[{ value: 'stay', label: t('members.recordsStay', { team: name(from) }) }, { value: 'follow', label: t('members.recordsFollow', { team: name(to) }) }]} />
      </>}
    </section>
  )
}

const again = () => queries.invalidateQueries().then(forgetDefinitions)

/** Said with the way back. */
export async function sayMoved({ id, moved }: Moved, name: string): Promise<void> {
  await again()
  const count = moved.reduce((sum, each) => sum + each.count, 0)
  say(count > 0 ? t('members.movedWith', { name, n: count }) : t('members.movedAlone', { name }), () => takeBack(id, name))
}

async function takeBack(id: number, name: string): Promise<void> {
  try {
    const { changed, kept } = await call('undoHandover', { params: { id } })
    await again()
    say(t(changed > 0 ? 'members.movedBackWith' : 'members.movedBack', { name, n: changed }))
    if (kept.length > 0) sayTrouble(t('members.handoverKept', { n: kept.length, reason: kept[0]!.message }))
  } catch (error) { sayTrouble(sentenceOf(error)) }
}
