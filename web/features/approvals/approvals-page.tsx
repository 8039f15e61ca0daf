import { Page } from '../../app/page.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { List } from './list.tsx'
import { useApprovals } from './query.ts'

/** What rules ask this member for their word about, and what became of it. */
export default function ApprovalsPage() {
  const { data, error, refetch } = useApprovals()
  const [waiting, done] = [data?.items.filter(({ state }) => state === 'waiting') ?? [], data?.items.filter(({ state }) => state !== 'waiting') ?? []]
  return (
    <Page title={t('approvals.title')} hint={t('approvals.hint')}>
      {!data ? <Panel label={t('approvals.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} height={52} />}</Panel> : (
        <>
          <Panel title={t('approvals.waiting')}>{waiting.length > 0 ? <List items={waiting} /> : <Empty icon="check" title={t('approvals.none')}>{t('approvals.noneHelp')}</Empty>}</Panel>
          {done.length > 0 && <Panel title={t('approvals.done')}><List items={done} /></Panel>}
        </>
      )}
    </Page>
  )
}
