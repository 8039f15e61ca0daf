import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from '../deletions/deletions.module.css'
import { approvalsQuery, type Approval } from './query.ts'

/** What rules ask this member for their word about, and what became of it. */
export default function ApprovalsPage() {
  const { data, error, refetch } = useQuery(approvalsQuery)
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

const List = ({ items }: { items: readonly Approval[] }) => (
  <ul>{items.map((each) => (
    <li key={each.id}><Link to={at.approval(each.id)} className={css.row}>
      <span className={css.names}><b>{each.title}</b><span className="hint">{[label(each.rule.label), each.record?.title, each.state === 'waiting' ? t('approvals.dueAt', { when: clockTime(each.due) }) : ago(each.decidedAt ?? each.due)].filter(Boolean).join(' · ')}</span></span>
      <State approval={each} />
    </Link></li>
  ))}</ul>
)

const COLOURS = { waiting: 'amber', approved: 'green', refused: 'red', late: 'grey' } as const
export const State = ({ approval: { state } }: { approval: Pick<Approval, 'state'> }) => <Tag colour={COLOURS[state]}>{t(`approvals.state_${state}`)}</Tag>
