import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useSave, type Definition } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { headOf, HeadFields, type Head } from './head-fields.tsx'

/** There is one. */
const KEY = 'company'

/** Said once, it stands on every paper; a template may say otherwise. */
export function LetterheadSheet({ stored, onClose }: { stored: Definition<'letterhead'> | undefined; onClose: () => void }) {
  const { tenant } = useCatalogue()
  const [head, setHead] = useState<Head>(() => headOf(stored?.body ?? {}))
  const save = useSave('letterhead', onClose)
  const put = () => save.mutate({ key: KEY, body: { key: KEY, label: { zh: '公司抬头', en: 'Letterhead' }, ...head }, expectVersion: stored?.version ?? 0 })
  return (
    <Dialog look="sheet" width={560} title={t('prints.letterhead')} hint={t('prints.letterheadHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} onClick={put}>{t('assignment.save')}</Button></>}>
      {save.error && <Failure small error={save.error} />}
      <HeadFields value={head} fallback={{ name: tenant.name }} onChange={setHead} />
    </Dialog>
  )
}
