import type { RecordShape } from '#contract/api'
import { Button } from '../../design/button.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { useCarrying } from '../../features/acts/carry.ts'
import { useConversion, type Part } from '../../features/acts/conversion.ts'
import { RowsAlong } from '../../features/acts/rows-along.tsx'
import type { ActFacts, ConversionFacts } from '../../features/acts/offered.ts'
import { label, t } from '../../i18n/index.ts'
import { at } from '../../app/paths.ts'
import { Chips } from '../frame/chips.tsx'
import { navigate } from '../frame/router.tsx'
import { Sheet } from '../frame/sheet.tsx'
import { FieldInput } from './field-input.tsx'
import css from './form.module.css'
import type { Related } from './text.ts'

export type Doing = { act: ActFacts } | { conversion: ConversionFacts }

/** What an act asks for, under the thumb. */
export default function DoingSheet({ doing, record, onClose }: { doing: Doing; record: RecordShape; onClose: () => void }) {
  return 'act' in doing ? <ActSheet act={doing.act} record={record} onClose={onClose} /> : <ConvertSheet conversion={doing.conversion} record={record} onClose={onClose} />
}

function ActSheet({ act, record, onClose }: { act: ActFacts; record: RecordShape; onClose: () => void }) {
  const carrying = useCarrying(act, [record.id], onClose)
  const name = label(act.label)
  return (
    <Sheet label={name} title={name} hint={record.title} onClose={onClose} foot={<Button look={act.danger ? 'danger' : 'primary'} busy={carrying.busy} onClick={carrying.submit}>{name}</Button>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); carrying.submit() }}>
        {carrying.error && <Failure small error={carrying.error} />}
        {carrying.asked && <Field label={label(carrying.asked.label)} required error={carrying.choiceError}>{() => <Chips two label={label(carrying.asked!.label)} value={carrying.choice} options={carrying.options.map((option) => ({ value: option.key, label: label(option.label) }))} onPick={carrying.setChoice} />}</Field>}
        {act.reason !== 'none' && <Field label={t('acts.reason')} required={act.reason === 'required'} error={carrying.reasonError}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={carrying.reason} onText={carrying.setReason} />}</Field>}
        {!carrying.asks && <p className="quiet">{t('acts.sure', { act: name })}</p>}
      </form>
    </Sheet>
  )
}

function ConvertSheet({ conversion, record, onClose }: { conversion: ConversionFacts; record: RecordShape; onClose: () => void }) {
  const { proposal, parts, submit, busy, error, related } = useConversion(conversion, record, (made) => { onClose(); if (made.length === 1) navigate(at.record(made[0]!.object, made[0]!.id)) })
  const name = label(conversion.label)
  return (
    <Sheet tall label={name} title={name} hint={proposal.data?.conversion.lock ? t('acts.convertHint') : undefined} onClose={onClose} foot={<Button look="primary" busy={busy} disabled={!proposal.data} onClick={submit}>{name}</Button>}>
      {proposal.error ? <Failure error={proposal.error} onRetry={proposal.refetch} /> : !proposal.data ? <Skeleton rows={6} height={48} /> : (
        <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }}>
          {error !== null && <Failure small error={error} />}
          {parts.map((part) => <PartOf key={part.target.into} part={part} related={related} />)}
        </form>
      )}
    </Sheet>
  )
}

function PartOf({ part, related }: { part: Part; related: Related }) {
  const { target, object, choice, fields, values } = part
  const name = label(object.label)
  const options = [{ value: 'new', label: t('acts.makeNew') }, ...target.twins.map(({ record }) => ({ value: record.id, label: t('acts.joining', { name: record.title }) })), ...(target.optional ? [{ value: 'none', label: t('acts.leaveOut') }] : [])]
  const pick = (value: string) => part.choose(value === 'new' || value === 'none' ? { as: value } : { as: 'join', id: value })
  return (
    <section className={css.part} aria-label={name}>
      <h3>{name}</h3>
      {options.length > 1 && <Chips two label={name} value={choice.as === 'join' ? choice.id : choice.as} options={options} onPick={pick} />}
      {choice.as === 'new' && fields.map((field) => <Field key={field.key} label={label(field.label)} required={field.required} error={part.error(field.key)}>{(control) => <FieldInput field={field} control={control} related={related} value={values[field.key] ?? null} onChange={(value) => part.put(field.key, value)} />}</Field>)}
      {choice.as === 'new' && <RowsAlong rows={target.rows} />}
    </section>
  )
}
