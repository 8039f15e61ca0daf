import { useQuery } from '@tanstack/react-query'
import type { ReweighAnswer } from '#contract/api'
import type { AssignmentPolicy } from '#language/definitions'
import { useState } from 'react'
import { call, keepPreviousData } from '../../api/client.ts'
import { Choice } from '../../design/field.tsx'
import { number } from '../../design/format.ts'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { ReweighMembers } from './reweigh-members.tsx'
import { ReweighRows } from './reweigh-rows.tsx'
import css from './reweigh.module.css'
import { share, time } from './told.ts'
import { useSettled } from './use-settled.ts'

const LENGTHS = ['30', '90', '180'] as const
const SETTLED_MS = 200

/** What the weights on screen would have made of the decisions of the last days, beside how they went; asked anew as they are moved. */
export function Reweigh({ policy: { key, weights, preferLoadBelow, skillFit, regionFit, completeness }, whole }: { policy: AssignmentPolicy; whole: boolean }) {
  const [days, setDays] = useState<(typeof LENGTHS)[number]>('90')
  const [of, setOf] = useState<number | null>(null)
  const asked = useSettled({ days: Number(days), weights, preferLoadBelow, skillFit, regionFit, completeness: completeness !== undefined, ...(of !== null && { of }) }, SETTLED_MS)
  const { data, error, isFetching, refetch } = useQuery({ queryKey: ['reweigh', key, asked], queryFn: ({ signal }) => call('reweigh', { params: { policy: key }, body: asked }, { signal }), enabled: whole, placeholderData: keepPreviousData, retry: false })
  return (
    <section className={css.box} aria-label={t('reweigh.title')} aria-busy={isFetching}>
      <header className={css.head}><div><h3>{t('reweigh.title')}</h3><p className="hint">{t('reweigh.hint')}</p></div><Choice label={t('trial.length')} value={days} onChoose={setDays} options={LENGTHS.map((length) => ({ value: length, label: t('trial.days', { days: length }) }))} /></header>
      {error ? <Failure small error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} /> : data.decisions === 0 ? <p className="quiet dense">{t('reweigh.none')}</p> : <Answer answer={data} of={of} onOf={setOf} />}
    </section>
  )
}

function Answer({ answer, of, onOf }: { answer: ReweighAnswer; of: number | null; onOf: (of: number | null) => void }) {
  const { decisions, moved, actual, asIf, members, rows } = answer
  return (
    <>
      <p className={css.lead} role="status">{moved === 0 ? t('reweigh.same', { decisions: number(decisions) }) : t('reweigh.moved', { decisions: number(decisions), moved: number(moved), share: share(moved / decisions) })}</p>
      <table className={css.measures} aria-label={t('reweigh.measures')}>
        <thead><tr><th scope="col">{t('reweigh.measure')}</th><th scope="col">{t('reweigh.actual')}</th><th scope="col">{t('reweigh.asIf')}</th></tr></thead>
        <tbody>
          <Line name={t('reweigh.fairness')} title={t('reweigh.fairnessHelp')} was={share(actual.fairness)} is={share(asIf.fairness)} />
          <Line name={t('assignment.part_skill')} was={share(actual.skill)} is={share(asIf.skill)} />
          <Line name={t('assignment.part_region')} was={share(actual.region)} is={share(asIf.region)} />
          <Line name={t('reweigh.half')} was={time(actual.waited.half)} is={time(asIf.waited.half)} />
          <Line name={t('reweigh.most')} was={time(actual.waited.most)} is={time(asIf.waited.most)} />
          {actual.byCompleteness + asIf.byCompleteness > 0 && <Line name={t('reweigh.byCompleteness')} title={t('reweigh.byCompletenessHelp')} was={number(actual.byCompleteness)} is={number(asIf.byCompleteness)} />}
          <Line name={t('reweigh.nobody')} was={number(actual.nobody)} is={number(asIf.nobody)} />
        </tbody>
      </table>
      <ReweighMembers members={members} of={of} onOf={onOf} />
      {moved > 0 && <ReweighRows rows={rows} total={of === null ? moved : members.filter(({ member }) => member === of).reduce((sum, { gained, lost }) => sum + gained + lost, 0)} of={of} onAll={() => onOf(null)} />}
      <p className="hint">{t(answer.cut ? 'reweigh.cut' : 'reweigh.took', { decisions: number(decisions), seconds: (answer.ms / 1000).toFixed(2) })}</p>
    </>
  )
}

const Line = ({ name, title, was, is }: { name: string; title?: string; was: string; is: string }) => <tr><th scope="row" title={title}>{name}</th><td className="quiet">{was}</td><td>{was === is ? is : <b>{is}</b>}</td></tr>
