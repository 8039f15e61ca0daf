import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Field, TextArea } from '../../design/field.tsx'
import { Facts, Failure, Skeleton } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './erasures.module.css'
import { countFacts, refreshErasures, type Plan } from './query.ts'

interface Props { record: { object: string; id: string }; title: string; onClose: () => void }

/** Put a person's wish to be forgotten forward: what goes, which of their other records, and why. */
export default function AskErasure({ record, title, onClose }: Props) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [named, setNamed] = useState<boolean | null>(null)
  const navigate = useNavigate()
  const all = useQuery({ queryKey: ['erasures', 'plan', record.id], queryFn: () => call('planErasure', { params: record, body: {} }), retry: false, staleTime: 0 })
  const chosen = (all.data?.candidates ?? []).filter(({ id }) => !left.has(id)).map(({ object, id }) => ({ object, id }))
  const some = useQuery({ queryKey: ['erasures', 'plan', record.id, chosen.map(({ id }) => id)], queryFn: () => call('planErasure', { params: record, body: { records: chosen } }), enabled: left.size > 0, placeholderData: (before) => before })
  const plan = left.size > 0 ? (some.data ?? all.data) : all.data
  const everywhere = named ?? plan?.namesakes === 0
  const ask = useMutation({
    mutationFn: () => call('askErasure', { body: { ...record, records: chosen, everywhere, reason: reason.trim() } }),
    onSuccess: async ({ erasure }) => { say(t('erasures.asked')); await refreshErasures(); onClose(); void navigate({ to: at.erasure(erasure.id) }) },
  })
  const submit = () => { setTried(true); if (reason.trim()) ask.mutate() }
  const refused = all.error
  return (
    <Dialog title={t('erasures.ask')} hint={refused ? undefined : t('erasures.askHint', { name: title })} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button>{plan && !plan.open && <Button look="danger" busy={ask.isPending} onClick={submit}>{t('erasures.askFor')}</Button>}</>}>
      {(refused ?? ask.error) && <Failure small error={refused ?? ask.error} />}
      {!plan ? !refused && <Skeleton rows={4} height={32} /> : plan.open ? <p>{t('erasures.already')} <Link to={at.erasure(plan.open)} className="link" onClick={onClose}>{t('erasures.see')}</Link></p> : (
        <>
          <Candidates plan={all.data!} left={left} onLeave={setLeft} />
          <h3 className={css.head}>{t('erasures.goes')}</h3>
          <Facts facts={countFacts(plan.counts)} />
          <p className="hint">{t('erasures.goesHint')}</p>
          <div className={css.names}><Check checked={everywhere} onCheck={setNamed}>{t('erasures.everywhere')}</Check><p className="hint">{plan.namesakes > 0 ? t('erasures.namesakes', { n: plan.namesakes }) : t('erasures.noNamesake')}</p></div>
          <Field label={t('erasures.reason')} required help={t('erasures.reasonHelp')} error={tried && !reason.trim() ? t('records.mustFill') : null}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
        </>
      )}
    </Dialog>
  )
}

/** Others with the same phone or e-mail: usually the same person, sometimes not. */
function Candidates({ plan, left, onLeave }: { plan: Plan; left: ReadonlySet<string>; onLeave: (left: ReadonlySet<string>) => void }) {
  if (plan.candidates.length === 0) return null
  const toggle = (id: string, on: boolean) => { const next = new Set(left); if (on) next.delete(id); else next.add(id); onLeave(next) }
  return (
    <fieldset className={css.others}><legend>{t('erasures.sameContact')}</legend>
      {plan.candidates.map((each) => <Check key={each.id} checked={!left.has(each.id)} onCheck={(on) => toggle(each.id, on)}><span className={css.other}><b>{each.title || t('records.untitled')}</b><span className="hint">{label(each.label)} · {t('erasures.same', { fields: each.shared.map(label).join('、') })}{each.gone && ` · ${t('erasures.inTrash')}`}</span></span></Check>)}
    </fieldset>
  )
}
