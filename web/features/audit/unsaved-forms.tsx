import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Dialog } from '../../design/dialog.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from '../drafts/drafts.module.css'
import { UnsavedForm } from '../drafts/unsent.tsx'

/** Forms of new records that were never saved: there is no record yet beside which they could be read. */
export function UnsavedForms() {
  const [open, setOpen] = useState(false)
  return <><button type="button" className="link" onClick={() => setOpen(true)}>{t('comments.unsavedForms')}</button>{open && <Forms onClose={() => setOpen(false)} />}</>
}

function Forms({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery({ queryKey: ['unsaved-forms'], queryFn: ({ signal }) => call('unsavedForms', {}, { signal }), staleTime: 0 })
  return (
    <Dialog look="sheet" title={t('comments.unsavedForms')} onClose={onClose}>
      <p className="hint">{t('comments.unsavedFormsHelp')}</p>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={40} /> : data.items.length === 0 ? <p className={css.words}>{t('comments.noUnsavedForms')}</p>
        : <ul className={css.list}>{data.items.map((form) => <UnsavedForm key={form.id} form={form} related={data.related} />)}</ul>}
    </Dialog>
  )
}
