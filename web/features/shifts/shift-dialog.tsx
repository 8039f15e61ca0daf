import { useMutation } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { addDays } from '#language/values'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { zone } from '../../api/clock.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, Input } from '../../design/field.tsx'
import { dayInWords, timeOfDay } from '../../design/format.ts'
import { Failure } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { memberOptions } from '../records/choices.tsx'
import { callOff, saveShift } from './acts.ts'
import type { Rota } from './query.ts'
import css from './shifts.module.css'
import { instantOn, type Stretch } from './week.ts'

export interface Draft { id: string | null; day: string; stretch: Stretch | null }
const clock = (ms: number): string => timeOfDay(new Date(ms).toISOString())
const FIRST = { from: '09:00', to: '18:00' }

/** Who, for what, from when until when: ending not later than it begins, it goes on into the next day. */
export function ShiftDialog({ rota, draft: { day, stretch }, record, onClose }: { rota: Rota; draft: Draft; record: RecordShape | null; onClose: () => void }) {
  const catalogue = useCatalogue()
  const duties = catalogue.options(rota.shift.duty === undefined ? undefined : rota.field.get(rota.shift.duty)?.dictionary)
  const [member, setMember] = useState(stretch?.member ?? null)
  const [duty, setDuty] = useState(stretch?.duty ?? duties[0]?.key ?? null)
  const [from, setFrom] = useState(stretch ? clock(stretch.from) : FIRST.from)
  const [to, setTo] = useState(stretch ? clock(stretch.to) : FIRST.to)
  const overnight = to <= from
  const made = { member, duty, from: instantOn(day, from, zone()), to: instantOn(overnight ? addDays(day, 1) : day, to, zone()) }
  const save = useMutation({ mutationFn: () => saveShift(catalogue, rota, record, made), onSuccess: onClose })
  const editable = record === null || record.can.edit
  return (
    <Dialog look="sheet" width={420} title={stretch ? dayInWords(day) : t('shifts.addOn', { day: dayInWords(day) })} onClose={onClose}
      foot={<>{stretch && record?.can.delete && <Button look="quiet" icon="trash" onClick={() => { void callOff(catalogue, rota, stretch); onClose() }}>{t('common.delete')}</Button>}<span className="grow" /><Button onClick={onClose}>{t('common.cancel')}</Button>{editable && <Button look="primary" busy={save.isPending} disabled={member === null} onClick={() => save.mutate()}>{t('common.save')}</Button>}</>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (member !== null) save.mutate() }}>
        {save.error && <Failure small error={save.error} />}
        <Field label={label(rota.field.get(rota.shift.member)?.label)} required>{(control) => <Picker {...control} label={label(rota.field.get(rota.shift.member)?.label)} value={member === null ? null : String(member)} options={memberOptions(catalogue)} onPick={(next) => setMember(next ? Number(next) : null)} />}</Field>
        {duties.length > 0 && <Field label={label(rota.field.get(rota.shift.duty!)?.label)}>{() => <Choice look="chips" label={label(rota.field.get(rota.shift.duty!)?.label)} value={duty} onChoose={setDuty} options={duties.map((option) => ({ value: option.key, label: label(option.label) }))} />}</Field>}
        <div className={css.times}>
          <Field label={t('shifts.from')}>{(control) => <Input {...control} type="time" value={from} onText={(text) => { if (text) setFrom(text) }} />}</Field>
          <Field label={t('shifts.to')} help={overnight ? t('shifts.nextDay') : undefined}>{(control) => <Input {...control} type="time" value={to} onText={(text) => { if (text) setTo(text) }} />}</Field>
        </div>
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
