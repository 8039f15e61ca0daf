import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { MemberShape } from '#contract/api'
import { useState } from 'react'
import { forgetDefinitions, useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Field } from '../../design/field.tsx'
import { Failure, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './members.module.css'

type Order = Parameters<typeof order>[0]
const order = (body: { objects: ({ object: string; to: 'member'; member: number } | { object: string; to: 'policy' | 'pool' })[]; collaborations: number | null; successor: number | null; suspend: boolean }) => body
type Given = Awaited<ReturnType<typeof loadPlan>>['given']
const loadPlan = (id: number, body: Order) => call('planHandover', { params: { id }, body: body as never })
const again = () => queries.invalidateQueries().then(forgetDefinitions)

/** Who receives what of a leaving member; looked at before, told afterwards, and taken back. */
export default function Handover({ member, members, onClose }: { member: MemberShape; members: readonly MemberShape[]; onClose: () => void }) {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery({ queryKey: ['holdings', member.id], queryFn: () => call('holdings', { params: { id: member.id } }) })
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [all, setAll] = useState<string | null>(null)
  const [people, setPeople] = useState<string | null>(member.supervisor ? String(member.supervisor) : null)
  const [suspend, setSuspend] = useState(member.state === 'active')
  const [plan, setPlan] = useState<Given | null>(null)
  const receivers = members.filter((each) => each.state === 'active' && each.id !== member.id).map((each) => ({ value: String(each.id), label: each.name }))
  const toOf = (object: string) => chosen[object] ?? all
  const body = (): Order => ({
    objects: (data?.objects ?? []).flatMap(({ object }) => { const to = toOf(object); return to === null ? [] : [to === 'policy' || to === 'pool' ? { object, to } : { object, to: 'member' as const, member: Number(to) }] }),
    collaborations: people === null ? null : Number(people), successor: people === null ? null : Number(people), suspend,
  })
  const look = useMutation({ mutationFn: () => loadPlan(member.id, body()), onSuccess: ({ given }) => setPlan(given) })
  const go = useMutation({ mutationFn: () => carry(member.id, body()), onSuccess: () => void again() })
  const name = (id: number | null) => (id === null ? t('members.toPool') : (catalogue.member(id)?.name ?? ''))
  const things = (given: Given) => <Tally given={given} name={name} />
  if (go.data) return <Done member={member} result={go.data} onClose={onClose}>{things(go.data.given)}</Done>
  const acts = plan ? <><Button onClick={() => setPlan(null)}>{t('members.goBack')}</Button><Button look="danger" busy={go.isPending} onClick={() => go.mutate()}>{t('members.handOverNow')}</Button></> : <><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={look.isPending} disabled={!data} onClick={() => look.mutate()}>{t('members.previewHandover')}</Button></>
  return (
    <Dialog look="sheet" width={560} title={t('members.handoverOf', { name: member.name })} hint={t('members.handoverHint')} onClose={onClose} foot={acts}>
      {(look.error ?? go.error) && <Failure small error={look.error ?? go.error} />}
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={6} /> : plan ? (
        <>{things(plan)}<p className="hint">{t('members.handoverAlso', { shares: data.collaborations, people: data.supervised.length, keys: data.keys })}</p></>
      ) : (
        <form className={css.handover} onSubmit={(event) => { event.preventDefault(); look.mutate() }}>
          {data.objects.length === 0 && <p className="quiet">{t('members.holdsNothing')}</p>}
          {data.objects.length > 0 && <Field label={t('members.toAll')}>{(control) => <Picker {...control} clearable label={t('members.toAll')} value={all} options={receivers} onPick={setAll} />}</Field>}
          {data.objects.map(({ object, count, ways }) => {
            const title = label(catalogue.object(object)?.label) || object
            const options = [...ways.map((way) => ({ value: way, label: t(way === 'policy' ? 'members.byPolicy' : 'members.toPool') })), ...receivers]
            return <Field key={object} label={`${title} · ${t('common.rows', { n: count })}`}>{(control) => <Picker {...control} clearable label={title} value={toOf(object)} options={options} onPick={(to) => setChosen(to === null ? Object.fromEntries(Object.entries(chosen).filter(([key]) => key !== object)) : { ...chosen, [object]: to })} />}</Field>
          })}
          <Field label={t('members.peopleTo', { shares: data.collaborations, people: data.supervised.length, teams: data.headed.length })}>{(control) => <Picker {...control} clearable label={t('members.successor')} value={people} options={receivers} onPick={setPeople} />}</Field>
          {member.state === 'active' && <Check checked={suspend} onCheck={setSuspend}>{t('members.alsoSuspend')}</Check>}
          <p className="hint">{t('members.keysEnd', { keys: data.keys })}</p>
        </form>
      )}
    </Dialog>
  )
}

function Tally({ given, name }: { given: Given; name: (id: number | null) => string }) {
  const catalogue = useCatalogue()
  if (given.length === 0) return <p className="quiet">{t('members.nothingGiven')}</p>
  return (
    <table className={css.preview}>
      <thead><tr><th scope="col">{t('members.what')}</th><th scope="col">{t('members.receiver')}</th><th scope="col" className={css.number}>{t('members.count')}</th></tr></thead>
      <tbody>{given.map(({ object, member, stays, count }) => <tr key={`${object} ${member} ${stays}`}><td>{label(catalogue.object(object)?.label) || object}</td><td>{stays ? t('members.nobodyCan') : name(member)}</td><td className={css.number}><span className="num">{count}</span></td></tr>)}</tbody>
    </table>
  )
}

type Result = Awaited<ReturnType<typeof carry>>
const carry = (id: number, body: Order) => call('handOver', { params: { id }, body: body as never })
/** What was done, where it stands in the log, and the way back. */
function Done({ member, result, children, onClose }: { member: MemberShape; result: Result; children: React.ReactNode; onClose: () => void }) {
  const back = useMutation({
    mutationFn: () => call('undoHandover', { params: { id: result.id } }),
    onSuccess: async ({ changed, kept }) => { await again(); say(t('members.handoverUndone', { n: changed })); if (kept.length > 0) sayTrouble(t('members.handoverKept', { n: kept.length, reason: kept[0]!.message })); onClose() },
    onError: (error) => sayTrouble(sentenceOf(error)),
  })
  return (
    <Dialog look="sheet" width={560} title={t('members.handoverDone', { name: member.name })} hint={result.suspended ? t('members.suspendedSaid', { name: member.name }) : undefined} onClose={onClose} foot={<><Button busy={back.isPending} onClick={() => back.mutate()}>{t('members.undoHandover')}</Button><Button look="primary" onClick={onClose}>{t('common.done')}</Button></>}>
      {children}
      <p className="hint">{t('members.handoverAlsoDone', { shares: result.collaborations, people: result.supervised, keys: result.keys })} <Link to={at.audit} className="link">{t('members.seeAudit')}</Link></p>
    </Dialog>
  )
}
