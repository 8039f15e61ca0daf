import { useState } from 'react'
import { Link } from '@tanstack/react-router'
import type { RecordShape } from '#contract/api'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Check, Input } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { BulkResult } from '../records/bulk-result.tsx'
import type { Whole } from '../records/in-chunks.ts'
import { Tags, Value, valueOf } from '../records/value.tsx'
import css from './pools.module.css'
import { claim, usePoolRecords, type PoolView } from './query.ts'

const MOST_COLUMNS = 9
const QUIET: ReadonlySet<string> = new Set(['id', 'pool', 'status', 'created_at'])

/** What waits here, as far as the pool shows it, and the press that takes it. */
export function PoolRecords({ pool }: { pool: PoolView }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(pool.object)!
  const [search, setSearch] = useState('')
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState<string | null>(null)
  const [whole, setWhole] = useState<Whole | null>(null)
  const { list, records, fields: shown, related } = usePoolRecords(pool, search)
  const fields = shown.filter((key) => !QUIET.has(key)).map((key) => object.field.get(key)).filter((field): field is FieldShape => field !== undefined && field.key !== object.title && field.kind !== 'long').slice(0, MOST_COLUMNS)
  const take = async (ids: readonly string[]) => {
    setBusy(ids.length === 1 ? ids[0]! : '*')
    setWhole(await claim(pool, ids))
    setMarked(new Set())
    setBusy(null)
  }
  const toggle = (id: string) => { const next = new Set(marked); if (!next.delete(id)) next.add(id); setMarked(next) }
  const all = records.length > 0 && marked.size === records.length
  return (
    <>
      <div className={css.bar}>
        <Limits pool={pool} />
        <span className="grow" />
        <Input small aria-label={t('pools.search')} placeholder={t('pools.search')} before={<Icon name="search" />} value={search} onText={setSearch} className={css.search!} />
      </div>
      {list.error && records.length === 0 ? <Failure error={list.error} onRetry={list.refetch} /> : list.isPending ? <Skeleton rows={10} height={40} />
        : records.length === 0 ? <Empty icon="people" title={t(search ? 'pools.nothingFound' : 'pools.empty')}>{t(search ? 'pools.nothingFoundHelp' : 'pools.emptyHelp')}</Empty> : (
          <div className={css.scroll} tabIndex={0} role="region" aria-label={pool.name}>
            <table className={css.table}>
              <thead><tr>
                {pool.claims ? <th scope="col" className={css.check}><Check checked={all} mixed={marked.size > 0 && !all} onCheck={(on) => setMarked(on ? new Set(records.map(({ id }) => id)) : new Set())} aria-label={t('records.markAll')} /></th> : <td className={css.check} />}
                <th scope="col">{label(object.field.get(object.title)?.label)}</th>
                {fields.map((field) => <th key={field.key} scope="col">{label(field.label)}</th>)}
                <th scope="col" className={css.act}><span className="sr">{t('pools.claim')}</span></th>
              </tr></thead>
              <tbody>{records.map((record) => (
                <tr key={record.id} data-marked={marked.has(record.id)}>
                  <td className={css.check}>{pool.claims && <Check checked={marked.has(record.id)} onCheck={() => toggle(record.id)} aria-label={t('records.markNamed', { name: record.title })} />}</td>
                  <th scope="row">{record.title || t('records.untitled')}</th>
                  {fields.map((field) => <td key={field.key}>{field.kind === 'tags' ? <Tags keys={record.tags} most={2} /> : <Value field={field} value={valueOf(record as RecordShape, field.key)} related={related} linked={false} />}</td>)}
                  <td className={css.act}>{pool.claims && <Button small busy={busy === record.id} disabled={busy !== null} aria-label={t('pools.claimNamed', { name: record.title })} onClick={() => void take([record.id])}>{t('pools.claim')}</Button>}</td>
                </tr>
              ))}</tbody>
            </table>
            {list.hasNextPage && <div className={css.more}><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('pools.more')}</Button></div>}
          </div>
        )}
      {marked.size > 0 && <div className={css.bulk} role="toolbar" aria-label={t('pools.claim')}><b>{t('records.marked', { n: marked.size })}</b><Button look="primary" busy={busy === '*'} onClick={() => void take([...marked])}>{t('pools.claimMany', { n: marked.size })}</Button><Button look="quiet" onClick={() => setMarked(new Set())}>{t('common.cancel')}</Button></div>}
      {whole && <BulkResult object={pool.object} whole={whole} onClose={() => setWhole(null)} />}
    </>
  )
}

/** How much one may still take here, and for how long it is then safe. */
function Limits({ pool }: { pool: PoolView }) {
  const catalogue = useCatalogue()
  const store = catalogue.poolings.find((each) => each.object === pool.object)?.store
  const mayEdit = catalogue.can('assignment')
  const facts = pool.claims ? [t('pools.today', { n: pool.today, most: pool.daily }), t('pools.held', { n: pool.held, most: pool.holding }), ...(pool.protectHours > 0 ? [t('pools.protected', { n: pool.protectHours })] : [])] : [t('pools.lookOnly')]
  return <p className={css.limits}>{facts.map((fact) => <span key={fact}>{fact}</span>)}{mayEdit && store && <Link to={at.record(store, pool.id)} className="link">{t('pools.edit')}</Link>}</p>
}
