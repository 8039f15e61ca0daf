import type { Condition } from '#language/conditions'
import type { ObjectAccess } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways, read } from '../conditions/sentence.ts'
import css from './roles.module.css'

interface Props { object: ObjectFacts; access: ObjectAccess; onChange: (access: ObjectAccess) => void }

/** Which of the records in reach a role has at all: a sentence, and the builder behind it. */
export function RowsOf({ object, access, onChange }: Props) {
  const catalogue = useCatalogue()
  const [draft, setDraft] = useState<Condition | null>(null)
  const said = access.rows && read(catalogue, object.key, access.rows)
  const put = (rows: Condition | undefined) => { const { rows: _, ...others } = access; setDraft(null); onChange(rows ? { ...others, rows } : others) }
  const ready = draft !== null && read(catalogue, object.key, draft).ok
  return (
    <div className={css.rowsOf}>
      <b>{t('roles.rowsOf', { name: label(object.label) })}</b>
      <span className="grow">{said ? (said.ok ? said.sentence : t('roles.rowsBroken')) : t('roles.allRows')}</span>
      {access.rows && <Button small look="quiet" onClick={() => put(undefined)}>{t('roles.openRows')}</Button>}
      <Button small look="quiet" icon="filter" onClick={() => setDraft(access.rows ?? { all: [] })}>{t('roles.setRows')}</Button>
      {draft && (
        <Dialog width={680} title={t('roles.rowsOf', { name: label(object.label) })} hint={t('roles.rowsHint')} onClose={() => setDraft(null)}
          foot={<><Button onClick={() => setDraft(null)}>{t('common.cancel')}</Button><Button look="primary" disabled={!ready} onClick={() => put(isAlways(draft) ? undefined : draft)}>{t('roles.putInForce')}</Button></>}>
          <Builder object={object.key} value={draft} onChange={setDraft} empty={t('roles.allRows')} />
        </Dialog>
      )}
    </div>
  )
}
