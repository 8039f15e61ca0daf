import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ApiError } from '../api/client.ts'
import { Button } from '../design/button.tsx'
import { Empty, Failure, Skeleton } from '../design/pieces.tsx'
import { t } from '../i18n/index.ts'
import { at } from './paths.ts'
import css from './states.module.css'

export const Waiting = () => <div className={css.page}><div className={css.titleBone} /><div className={css.block}><Skeleton rows={6} height={52} /></div></div>

export const Missing = () => (
  <main className={css.centre}><h1 className="sr">{t('common.notFound')}</h1><Empty icon="search" title={t('common.notFound')} act={<Link to={at.home} className="link">{t('common.toHome')}</Link>}>{t('common.notFoundHelp')}</Empty></main>
)

/** A page that failed: a refusal is told as it came; a part that a new version has replaced is fetched by reloading. */
export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  const router = useRouter()
  const boundary = useQueryErrorResetBoundary()
  useEffect(() => { boundary.reset() }, [boundary])
  const retry = () => { reset?.(); void router.invalidate() }
  if (error instanceof ApiError) return <div className={css.page}><div className={css.block}>{error.status === 404 ? <Empty icon="search" title={error.message} act={<Link to={at.home} className="link">{t('common.toHome')}</Link>}>{error.remedy}</Empty> : <Failure error={error} onRetry={retry} />}</div></div>
  const replaced = error instanceof Error && /dynamically imported module|module script failed/i.test(error.message)
  return (
    <div className={css.page}><div className={css.block}>
      <Empty icon="alert" title={replaced ? t('common.newVersion') : t('common.broken')} act={<Button onClick={() => location.reload()}>{t('common.reload')}</Button>}>{replaced ? null : t('common.brokenHelp')}</Empty>
    </div></div>
  )
}
