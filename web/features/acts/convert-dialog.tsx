import type { RecordShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { Failure, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { FieldEditor } from '../records/field-editor.tsx'
import { subtitleOf } from '../records/subtitle.ts'
import type { Related } from '../records/value.tsx'
import css from './acts.module.css'
import { useConversion, type Made, type Part } from './conversion.ts'
import { RowsAlong } from './rows-along.tsx'
import type { ConversionFacts } from './offered.ts'

/** Everything prefilled, twins beside, one button. */
export default function ConvertDialog({ conversion, record, onClose }: { conversion: ConversionFacts; record: RecordShape; onClose: (made?: readonly Made[]) => void }) {
  const { proposal, parts, submit, busy, error, related } = useConversion(conversion, record, onClose)
  const name = label(conversion.label)
  return (
    <Dialog look="sheet" width={760} title={name} hint={record.title} onClose={() => onClose()} foot={<><span className="hint grow">{proposal.data?.conversion.lock && t('acts.convertHint')}</span><Button onClick={() => onClose()}>{t('common.cancel')}</Button><Button look="primary" busy={busy} disabled={!proposal.data} onClick={submit}>{name}</Button></>}>
      {proposal.error ? <Failure error={proposal.error} onRetry={proposal.refetch} /> : !proposal.data ? <Skeleton rows={8} height={40} /> : (
        <form className={css.parts} onSubmit={(event) => { event.preventDefault(); submit() }} onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit() }}>
          {error !== null && <Failure small error={error} />}
          {parts.map((part) => <PartOf key={part.target.into} part={part} related={related} />)}
          <button type="submit" hidden />
        </form>
      )}
    </Dialog>
  )
}

function PartOf({ part, related }: { part: Part; related: Related }) {
  const { target, object, choice, fields, values } = part
  const name = label(object.label)
  const joined = choice.as === 'join' ? target.twins.find(({ record }) => record.id === choice.id)?.record : undefined
  return (
    <section className={css.part} aria-label={name}>
      <header className={css.partHead}>
        <h3>{name}</h3>
        {(target.optional || joined) && <Choice label={name} value={choice.as === 'join' ? null : choice.as} onChoose={(as) => part.choose({ as })} options={[{ value: 'new' as const, label: t('acts.makeNew') }, ...(target.optional ? [{ value: 'none' as const, label: t('acts.leaveOut') }] : [])]} />}
        {joined && <span className="hint">{t('acts.joining', { name: joined.title })}</span>}
      </header>
      <div className={css.partBody}>
        {choice.as === 'new' && <div className={css.grid}>{fields.map((field) => <Field key={field.key} label={label(field.label)} required={field.required} error={part.error(field.key)}>{(control) => <FieldEditor field={field} control={control} related={related} value={values[field.key] ?? null} onChange={(value) => part.put(field.key, value)} />}</Field>)}</div>}
        {choice.as === 'new' && <RowsAlong rows={target.rows} />}
        {target.twins.length > 0 && <Twins part={part} related={related} />}
      </div>
    </section>
  )
}

function Twins({ part: { target, object, choice, choose }, related }: { part: Part; related: Related }) {
  const catalogue = useCatalogue()
  return (
    <aside className={css.twins} aria-label={t('acts.twins')}>
      <h4>{t('acts.twins')}</h4>
      <ul>{target.twins.map(({ record, same }) => {
        const chosen = choice.as === 'join' && choice.id === record.id
        return (
          <li key={record.id} className={css.twin} data-chosen={chosen}>
            <div className="grow"><b>{record.title}</b><p className="hint">{subtitleOf(catalogue, record, related)}</p><div className={css.same}>{same.map((key) => <Tag key={key}>{t('acts.sameField', { field: label(object.field.get(key)?.label) })}</Tag>)}</div></div>
            <Button small look={chosen ? 'primary' : 'plain'} aria-pressed={chosen} aria-label={t('acts.joinNamed', { name: record.title })} onClick={() => choose(chosen ? { as: 'new' } : { as: 'join', id: record.id })}>{t(chosen ? 'acts.joined' : 'acts.join')}</Button>
          </li>
        )
      })}</ul>
    </aside>
  )
}
