import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, TextArea } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import type { Whole } from '../records/in-chunks.ts'
import css from './acts.module.css'
import { useCarrying } from './carry.ts'
import type { ActFacts } from './offered.ts'

/** Why, in a choice or in words; then it is done and can be taken back. */
export default function ActDialog({ act, ids, what, onClose, onWhole }: { act: ActFacts; ids: readonly string[]; what: string; onClose: () => void; onWhole?: (whole: Whole) => void }) {
  const carrying = useCarrying(act, ids, (whole) => { onClose(); onWhole?.(whole) })
  const name = label(act.label)
  return (
    <Dialog title={name} hint={what} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look={act.danger ? 'danger' : 'primary'} busy={carrying.busy} onClick={carrying.submit}>{name}</Button></>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); carrying.submit() }} onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) carrying.submit() }}>
        {carrying.error && <Failure small error={carrying.error} />}
        {carrying.asked && <Field label={label(carrying.asked.label)} required error={carrying.choiceError}>{() => <Choice look="chips" label={label(carrying.asked!.label)} value={carrying.choice} onChoose={carrying.setChoice} options={carrying.options.map((option) => ({ value: option.key, label: label(option.label) }))} />}</Field>}
        {act.reason !== 'none' && <Field label={t('acts.reason')} required={act.reason === 'required'} error={carrying.reasonError}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={carrying.reason} onText={carrying.setReason} />}</Field>}
        {!carrying.asks && <p className="quiet">{t('acts.sure', { act: name })}</p>}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
