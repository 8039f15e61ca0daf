import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { Dialog } from '../../design/dialog.tsx'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { intakeKey } from './query.ts'
import { Raw } from './submission-sheet.tsx'

/** Every submission behind a record, as it came, newest first. */
export default function BehindDrawer({ object, id, title, onClose }: { object: string; id: string; title: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery({ queryKey: [...intakeKey, object, id], queryFn: () => call('recordSubmissions', { params: { object, id } }) })
  return (
    <Dialog look="sheet" width={560} title={t('intake.behind')} hint={title} onClose={onClose}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={60} /> : data.items.length === 0
        ? <Empty icon="form" title={t('intake.noneBehind')}>{t('intake.noneBehindHelp')}</Empty>
        : data.items.map((item) => <div key={item.id}><p className="hint">{label(item.form.label ?? undefined) || item.form.key}{item.reason && ` · ${label(item.reason)}`}</p><Raw submission={item} /></div>)}
    </Dialog>
  )
}
