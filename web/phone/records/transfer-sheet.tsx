import { useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Check, Field, TextArea } from '../../design/field.tsx'
import type { Giving } from '../../features/records/acts.ts'
import { useTransferring } from '../../features/records/transferring.ts'
import { t } from '../../i18n/index.ts'
import { Sheet } from '../frame/sheet.tsx'
import form from './form.module.css'
import { MemberSheet } from './member-sheet.tsx'

/** To whom first; then why, and whether what hangs on it goes along. */
export default function TransferSheet({ object, what, owner, onGive, onClose }: { object: ObjectFacts; what: string; owner: number | null; onGive: (giving: Giving) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const wish = useTransferring(catalogue, object, onGive)
  const [choosing, setChoosing] = useState(true)
  const name = catalogue.member(wish.owner)?.name
  if (choosing) return <MemberSheet key="whom" title={t('records.transfer')} chosen={wish.owner ?? owner} onClose={() => { if (wish.owner === null) onClose(); else setChoosing(false) }} onPick={(member) => { wish.setOwner(member); setChoosing(false) }} />
  return (
    <Sheet key="why" label={t('records.transfer')} title={t('records.transfer')} hint={what} onClose={onClose} foot={<Button look="primary" onClick={wish.submit}>{t('records.transferTo', { name: name ?? '' })}</Button>}>
      <div className={form.form}>
        <Field label={t('records.newOwner')}>{(control) => <button {...control} type="button" className={form.native} style={{ textAlign: 'left' }} onClick={() => setChoosing(true)}>{name}</button>}</Field>
        <Field label={t('acts.reason')} help={t('records.transferReason')}>{(control) => <TextArea {...control} rows={2} maxLength={500} value={wish.reason} onText={wish.setReason} />}</Field>
        {wish.along && <Check checked={wish.children} onCheck={wish.setChildren}>{wish.along}</Check>}
      </div>
    </Sheet>
  )
}
