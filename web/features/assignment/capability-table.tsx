import { useMutation, useQuery } from '@tanstack/react-query'
import type { MemberShape } from '#contract/api'
import type { AssignmentPolicy, Capability } from '#language/definitions'
import { regionsOf } from '#language/values'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Input } from '../../design/field.tsx'
import { Avatar, Empty, Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { lang, t } from '../../i18n/index.ts'
import { dictionaryOptions } from '../conditions/choices.ts'
import css from './assignment.module.css'

/** What each competing member can take: skills, regions, how many at once, and how full they are now. */
export function CapabilityTable({ policy }: { policy: AssignmentPolicy }) {
  const catalogue = useCatalogue()
  const may = catalogue.can('members')
  const { data, error, refetch } = useQuery({ queryKey: keys.members, queryFn: () => call('members', {}), enabled: may })
  if (!may) return null
  const members = (data?.members ?? []).filter((member) => member.state === 'active' && member.roles.some((role) => policy.roles.includes(role)))
  return (
    <Panel title={t('assignment.capability')} hint={t('assignment.capabilityHint')}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} /> : members.length === 0 ? <Empty icon="people" title={t('assignment.nobody')}>{t('assignment.nobodyHelp')}</Empty> : (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead><tr><th scope="col">{t('assignment.member')}</th><th scope="col">{t('assignment.skills')}</th><th scope="col">{t('assignment.regions')}</th><th scope="col" className={css.number}>{t('assignment.capacity')}</th><th scope="col">{t('assignment.loadNow')}</th></tr></thead>
            <tbody>{members.map((member) => <Row key={member.id} member={member} dictionary={catalogue.object(policy.object)?.field.get(policy.skillField)?.dictionary} preferBelow={policy.preferLoadBelow} />)}</tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

function Row({ member, dictionary, preferBelow }: { member: MemberShape; dictionary: string | undefined; preferBelow: number }) {
  const catalogue = useCatalogue()
  const [capability, setCapability] = useState<Capability>(member.capability)
  const save = useMutation({
    mutationFn: (next: Capability) => call('updateMember', { params: { id: member.id }, body: { capability: next } }),
    onSuccess: () => { say(t('assignment.capabilitySaved', { name: member.name })); return queries.invalidateQueries({ queryKey: keys.members }) },
    onError: (error) => { setCapability(member.capability); sayTrouble(sentenceOf(error)) },
  })
  const put = (next: Partial<Capability>) => { const whole = { ...capability, ...next }; setCapability(whole); save.mutate(whole) }
  const skills = [{ value: '*', label: t('assignment.generalist') }, ...dictionaryOptions(catalogue, dictionary)]
  const provinces = regionsOf().map((region) => ({ value: region.code, label: region.short[lang()] }))
  return (
    <tr>
      <th scope="row"><span className={css.member}><Avatar text={member.avatar} size={26} /><span>{member.name}<span className="hint"> {member.job}</span></span></span></th>
      <td><MultiPicker small label={t('assignment.skillsOf', { name: member.name })} value={capability.skills} options={skills} onPick={(next) => put({ skills: next })} /></td>
      <td><MultiPicker small label={t('assignment.regionsOf', { name: member.name })} value={capability.regions} options={provinces} onPick={(regions) => put({ regions })} /></td>
      <td className={css.number}><Input small inputMode="numeric" aria-label={t('assignment.capacityOf', { name: member.name })} value={String(capability.capacity)} onText={(text) => setCapability({ ...capability, capacity: Number(text.replace(/\D/g, '').slice(0, 5)) })} onBlur={() => { if (capability.capacity !== member.capability.capacity) save.mutate(capability) }} /></td>
      <td><Load member={member} limit={capability.capacity} preferBelow={preferBelow} /></td>
    </tr>
  )
}

function Load({ member, limit, preferBelow }: { member: MemberShape; limit: number; preferBelow: number }) {
  const open = member.load.reduce((sum, each) => sum + each.open, 0)
  const rate = limit > 0 ? open / limit : 1
  return <span className={css.load}><span className={css.meter} aria-hidden="true"><i data-full={rate >= 1} data-past={rate >= preferBelow} style={{ width: `${Math.min(100, rate * 100)}%` }} /></span><span className="num">{open} / {limit}</span><span className="hint num">{Math.round(rate * 100)}%{rate >= 1 ? ` · ${t('assignment.full')}` : ''}</span></span>
}
