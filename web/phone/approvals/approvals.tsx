import { at } from '../../app/paths.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { List } from '../../features/approvals/list.tsx'
import { useApprovals } from '../../features/approvals/query.ts'
import { t } from '../../i18n/index.ts'
import { usePull } from '../frame/pull.tsx'
import { Screen } from '../frame/screen.tsx'
import css from './approvals.module.css'

/** What waits for one's own word, and what it was given on. */
export default function ApprovalsScreen() {
  const { data, error, refetch } = useApprovals()
  const pull = usePull(refetch)
  const [waiting, done] = [data?.items.filter(({ state }) => state === 'waiting') ?? [], data?.items.filter(({ state }) => state !== 'waiting') ?? []]
  return (
    <Screen title={t('approvals.title')} backTo={at.account} small>
      {pull}
      <div className={css.stack}>
        <Panel title={data && done.length > 0 ? t('approvals.waiting') : undefined} label={t('approvals.waiting')}>
          {data ? waiting.length > 0 ? <List items={waiting} /> : <Empty icon="check" title={t('approvals.none')}>{t('approvals.noneHelp')}</Empty> : error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} height={60} />}
        </Panel>
        {done.length > 0 && <Panel title={t('approvals.done')} label={t('approvals.done')}><List items={done} /></Panel>}
      </div>
    </Screen>
  )
}
