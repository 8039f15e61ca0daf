import { lazy, Suspense, useState } from 'react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCatalogue } from '../../api/catalogue.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { countText } from '../records/count.ts'
import { PoolRecords } from './pool-records.tsx'
import css from './pools.module.css'
import { nameOf, useOpenPool, usePools } from './query.ts'

const PoolingSheet = lazy(() => import('./pooling-sheet.tsx'))
const CreateRecord = lazy(async () => ({ default: (await import('../records/create-record.tsx')).CreateRecord }))

const NO_POOLS: never[] = []

/** Pools one may look into, and what waits in the one that is open. */
export default function PoolsPage() {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const { pool: asked } = useSearch({ strict: false }) as { pool?: string }
  const [open, setOpen] = useState<'rules' | 'create' | null>(null)
  const { data, error, refetch } = usePools()
  const pools = data?.pools ?? NO_POOLS
  const pool = useOpenPool(pools, asked)
  const settles = catalogue.can('assignment')
  const store = catalogue.object(catalogue.poolings[0]?.store ?? '')
  const acts = settles && <><Button onClick={() => setOpen('rules')}>{t('pools.rules')}</Button>{store?.can.create && <Button look="primary" onClick={() => setOpen('create')}>{t('shell.createNamed', { name: label(store.label) })}</Button>}</>
  return (
    <Page wide fill title={t('pools.title')} hint={t('pools.hint')} acts={acts}>
      {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={10} height={40} /> : !pool ? <Empty icon="people" title={t('pools.none')}>{t(settles ? 'pools.noneHelpAdmin' : 'pools.noneHelp')}</Empty> : (
        <div className={css.frame}>
          <div className={css.tabs}><Tabs label={t('pools.title')} value={nameOf(pool)} onChoose={(value) => void navigate({ to: at.pools, search: { pool: value } as never, replace: true })}
            tabs={pools.map((each) => ({ value: nameOf(each), label: `${each.name} · ${label(catalogue.object(each.object)?.label)}`, hint: countText(each.waiting) }))} /></div>
          <PoolRecords key={nameOf(pool)} pool={pool} />
        </div>
      )}
      {open === 'rules' && <Suspense><PoolingSheet onClose={() => setOpen(null)} /></Suspense>}
      {open === 'create' && store && <Suspense><CreateRecord object={store.key} onClose={() => setOpen(null)} onCreated={() => { setOpen(null); void refetch() }} /></Suspense>}
    </Page>
  )
}
