import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from '../deletions/deletions.module.css'
import { erasuresQuery, type Erasure } from './query.ts'

/** Who asked to be forgotten, and what became of it. */
export default function ErasuresPage() {
  const { data, error, refetch } = useQuery(erasuresQuery)
  const open = data?.items.filter(({ state }) => state === 'waiting' || state === 'agreed') ?? []
  const done = data?.items.filter((each) => !open.includes(each)) ?? []
  return (
    <Page title={t('erasures.title')} hint={t('erasures.hint')}>
      {!data ? <Panel label={t('erasures.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} height={52} />}</Panel> : (
        <>
          <Panel title={t('erasures.open')}>{open.length > 0 ? <List items={open} /> : <Empty icon="check" title={t('erasures.none')}>{t('erasures.noneHelp')}</Empty>}</Panel>
          {done.length > 0 && <Panel title={t('erasures.settled')}><List items={done} /></Panel>}
        </>
      )}
    </Page>
  )
}

const List = ({ items }: { items: readonly Erasure[] }) => (
  <ul>{items.map((each) => (
    <li key={each.id}><Link to={at.erasure(each.id)} className={css.row}>
      <span className={css.names}><b>{nameOf(each)}</b><time className="hint" dateTime={each.askedAt} title={clockTime(each.askedAt)}>{t('erasures.askedBy', { who: each.askedBy.name, when: ago(each.askedAt) })}</time></span>
      <State erasure={each} />
    </Link></li>
  ))}</ul>
)

export const nameOf = ({ label: object, title, state }: Erasure): string => t('erasures.one', { object: label(object), name: title && state !== 'done' ? `「${title}」` : '' })

const COLOURS = { waiting: 'amber', agreed: 'blue', refused: 'grey', withdrawn: 'grey', done: 'green' } as const
export const State = ({ erasure: { state } }: { erasure: Pick<Erasure, 'state'> }) => <Tag colour={COLOURS[state]}>{t(`erasures.state_${state}`)}</Tag>
