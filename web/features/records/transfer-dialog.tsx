import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Field, TextArea } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import type { Giving } from './acts.ts'
import { memberOptions } from './choices.tsx'
import css from './list.module.css'
import { useTransferring } from './transferring.ts'

/** To whom, why, and whether what hangs on it goes along. */
export default function TransferDialog({ object, what, owner, onGive, onClose }: { object: ObjectFacts; what: string; owner?: number | null; onGive: (giving: Giving) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const wish = useTransferring(catalogue, object, onGive)
  const options = memberOptions(catalogue).filter(({ value }) => Number(value) !== owner)
  return (
    <Dialog title={t('records.transfer')} hint={what} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" onClick={wish.submit}>{t('records.transfer')}</Button></>}>
      <form className={css.transfer} onSubmit={(event) => { event.preventDefault(); wish.submit() }}>
        <Field label={t('records.newOwner')} required error={wish.missing}>{(control) => <Picker {...control} label={t('records.newOwner')} placeholder={t('records.chooseOwner')} value={wish.owner === null ? null : String(wish.owner)} options={options} onPick={(id) => wish.setOwner(id ? Number(id) : null)} />}</Field>
        <Field label={t('acts.reason')} help={t('records.transferReason')}>{(control) => <TextArea {...control} rows={2} maxLength={500} value={wish.reason} onText={wish.setReason} />}</Field>
        {wish.along && <Check checked={wish.children} onCheck={wish.setChildren}>{wish.along}</Check>}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
