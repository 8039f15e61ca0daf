import { useState } from 'react'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { claim, nameOf, useOpenPool, usePoolRecords, usePools, type PoolView } from '../../features/pools/query.ts'
import { countText } from '../../features/records/count.ts'
import { label, t } from '../../i18n/index.ts'
import { usePull } from '../frame/pull.tsx'
import { Screen } from '../frame/screen.tsx'
import { navigate, queryOf, useHref } from '../frame/router.tsx'
import { brief, subtitleOf, valueOf } from '../records/text.ts'
import css from './pools.module.css'

const NO_POOLS: never[] = []

/** Pools under the thumb: one list, one button per row. */
export default function Pools() {
  const catalogue = useCatalogue()
  const asked = queryOf(useHref()).get('pool')
  const { data, error, refetch } = usePools()
  const pull = usePull(refetch)
  const pool = useOpenPool(data?.pools ?? NO_POOLS, asked)
  return (
    <Screen title={t('pools.title')} backTo={at.home} below={pool && data!.pools.length > 1 ? <Tabs label={t('pools.title')} value={nameOf(pool)} onChoose={(value) => navigate(`${at.pools}?pool=${encodeURIComponent(value)}`, { replace: true })} tabs={data!.pools.map((each) => ({ value: nameOf(each), label: `${each.name} · ${label(catalogue.object(each.object)?.label)}`, hint: countText(each.waiting) }))} /> : undefined}>
      {pull}
      {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={6} height={72} /> : pool ? <Waiting key={nameOf(pool)} pool={pool} /> : <Empty icon="people" title={t('pools.none')}>{t('pools.noneHelp')}</Empty>}
    </Screen>
  )
}

function Waiting({ pool }: { pool: PoolView }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(pool.object)!
  const [search, setSearch] = useState('')
  const [busy, setBusy] = useState<string | null>(null)
  const { list, records, fields, related } = usePoolRecords(pool, search)
  const phone = object.fields.find((field): field is FieldShape => field.kind === 'phone' && fields.includes(field.key))
  const take = async (id: string) => { setBusy(id); await claim(pool, [id]); setBusy(null) }
  return (
    <>
      {pool.claims && <p className={css.limits}><span>{t('pools.today', { n: pool.today, most: pool.daily })}</span><span>{t('pools.held', { n: pool.held, most: pool.holding })}</span></p>}
      <Input aria-label={t('pools.search')} placeholder={t('pools.search')} before={<Icon name="search" />} value={search} onText={setSearch} className={css.search!} />
      <Panel label={pool.name}>
        {list.error && records.length === 0 ? <Failure error={list.error} onRetry={list.refetch} /> : list.isPending ? <Skeleton rows={6} height={72} />
          : records.length === 0 ? <Empty icon="people" title={t(search ? 'pools.nothingFound' : 'pools.empty')}>{t(search ? 'pools.nothingFoundHelp' : 'pools.emptyHelp')}</Empty>
          : <ul>{records.map((record) => (
            <li key={record.id} className={css.row}>
              <span className={css.text}><b>{record.title || t('records.untitled')}</b><span className={css.sub}>{subtitleOf(catalogue, object, record, related, true)}</span>{phone && record.values[phone.key] ? <span className={css.sub}>{brief(catalogue, phone, valueOf(record, phone.key), related)}</span> : null}</span>
              {pool.claims && <Button busy={busy === record.id} disabled={busy !== null} aria-label={t('pools.claimNamed', { name: record.title })} onClick={() => void take(record.id)}>{t('pools.claim')}</Button>}
            </li>
          ))}</ul>}
      </Panel>
      {list.hasNextPage && <div className={css.more}><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('pools.more')}</Button></div>}
    </>
  )
}
