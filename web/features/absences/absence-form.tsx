import { useMutation, useQuery } from '@tanstack/react-query'
import { ABSENCE_KINDS, addDays } from '#language/values'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { ApiError, call } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { DayField } from '../../design/date-field.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, type ControlProps } from '../../design/field.tsx'
import { onTheClock, number, today } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { calendarQuery } from '../calendar/query.ts'
import { memberOptions } from '../records/choices.tsx'
import css from './absences.module.css'
import { absencesQuery, enter, type AbsenceDraft, type Kind } from './query.ts'
import { beginning, dayLength, end, type Edge, type Half } from './times.ts'

const STANDARD = { opens: '09:00', closes: '18:00' }
const nextDay = (): string => addDays(today(), 1)

/** When, why and who stands in; what that brings is told before it is entered. */
export function AbsenceForm({ member, onClose }: { member?: number; onClose: () => void }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const hours = useQuery(calendarQuery).data ?? STANDARD
  const mayFor = useQuery(absencesQuery).data?.members ?? []
  const [who, setWho] = useState(member ?? me.id)
  const [kind, setKind] = useState<Kind>('personal')
  const [first] = useState(nextDay)
  const [from, setFrom] = useState<Edge>({ day: first, half: 'morning' })
  const [to, setTo] = useState<Edge>({ day: first, half: 'afternoon' })
  const [standIns, setStandIns] = useState<number[]>([])
  const draft: AbsenceDraft = { member: who, kind, from: beginning(from, hours), to: end(to, hours), standIns }
  const save = useMutation({ mutationFn: () => enter(draft), onSuccess: onClose })
  const put = <V,>(set: (value: V) => void) => (value: V) => { save.reset(); set(value) }
  const begins = (edge: Edge) => { setFrom(edge); if (edge.day > to.day) setTo({ ...to, day: edge.day }) }
  const colleagues = memberOptions(catalogue).filter(({ value }) => Number(value) !== who)
  const refusedAt = save.error instanceof ApiError ? save.error.path?.split('.').at(-1) : undefined
  const problem = (...keys: string[]) => (refusedAt !== undefined && keys.includes(refusedAt) ? sentenceOf(save.error) : null)
  const title = member && member !== me.id ? t('absences.enterFor', { name: catalogue.member(member)?.name ?? '' }) : t('absences.enter')
  return (
    <Dialog look="sheet" width={480} title={title} hint={t('absences.hint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} onClick={() => save.mutate()}>{t('absences.enter')}</Button></>}>
      {save.error && !['from', 'to', 'standIns'].includes(refusedAt ?? '') && <Failure small error={save.error} />}
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
        {!member && mayFor.length > 1 && <Field label={t('absences.who')}>{(control) => <Picker {...control} label={t('absences.who')} value={String(who)} options={memberOptions(catalogue).filter(({ value }) => mayFor.includes(Number(value)))} onPick={(id) => { if (id) { setWho(Number(id)); setStandIns(standIns.filter((each) => each !== Number(id))) } }} />}</Field>}
        <Field label={t('absences.from')} error={problem('from')}>{(control) => <EdgeField {...control} name={t('absences.from')} value={from} onChange={put(begins)} />}</Field>
        <Field label={t('absences.to')} error={problem('to')}>{(control) => <EdgeField {...control} name={t('absences.to')} value={to} onChange={put(setTo)} />}</Field>
        <Field label={t('absences.why')}>{(control) => <Picker {...control} label={t('absences.why')} value={kind} options={ABSENCE_KINDS.map((each) => ({ value: each, label: t(`absences.kind_${each}`) }))} onPick={(picked) => { if (picked) setKind(picked as Kind) }} />}</Field>
        <Field label={t('absences.standIns')} help={t('absences.standInsHelp')} error={problem('standIns')}>{(control) => <MultiPicker {...control} label={t('absences.standIns')} placeholder={t('absences.noStandIns')} value={standIns.map(String)} options={colleagues} onPick={put((ids: string[]) => setStandIns(ids.map(Number).slice(-5)))} />}</Field>
        {!refusedAt && <Outlook draft={draft} perDay={dayLength(hours)} />}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

function EdgeField({ name, value, onChange, ...control }: ControlProps & { name: string; value: Edge; onChange: (edge: Edge) => void }) {
  return (
    <div className={css.edge}>
      <DayField {...control} label={name} value={value.day} onPick={(day) => { if (day) onChange({ ...value, day }) }} />
      <Choice<Half> label={name} value={value.half} options={[{ value: 'morning', label: t('absences.morning') }, { value: 'afternoon', label: t('absences.afternoon') }]} onChoose={(half) => onChange({ ...value, half })} />
    </div>
  )
}

/** How long, what is looked after by whom, and what to mind; empty while what was chosen would be refused. */
function Outlook({ draft, perDay }: { draft: AbsenceDraft; perDay: number }) {
  const catalogue = useCatalogue()
  const { data, error } = useQuery({ queryKey: ['absence preview', draft], queryFn: () => call('previewAbsence', { body: draft }), retry: false })
  const span = t('absences.span', { from: onTheClock(draft.from), to: onTheClock(draft.to) })
  if (error) return <p className={css.warning} role="status"><Icon name="alert" /><span>{sentenceOf(error)}</span></p>
  if (!data) return <p className="hint">{span}</p>
  const standIns = draft.standIns.length > 0 ? draft.standIns : data.above === null ? [] : [data.above]
  const names = standIns.map((id) => catalogue.member(id)?.name ?? '').join(t('common.listGap'))
  const held = data.objects.reduce((sum, { count }) => sum + count, 0)
  const days = Math.round((data.hours / perDay) * 10) / 10
  return (
    <div className={css.outlook} role="status">
      <p><b className="num">{span}</b> <span className="hint">{days === 0 ? t('absences.noWork') : t('absences.workdays', { n: number(days) })}</span></p>
      {names && <p className="quiet dense">{held > 0 ? t('absences.looksAfter', { names, n: number(held) }) : t('absences.holdsNothing')}</p>}
      {data.warnings.map((each) => <p key={each.zh} className={css.warning}><Icon name="info" /><span>{label(each)}</span></p>)}
    </div>
  )
}
