import { useQuery } from '@tanstack/react-query'
import { Suspense, useState, type ReactNode } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { useMe } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { IconButton } from '../../design/button.tsx'
import { Icon } from '../../design/icons.tsx'
import { activityOf } from '../../features/followup/activity.ts'
import { HomeTabs } from '../../features/workbench/home-tabs.tsx'
import { workbenchQuery } from '../../features/workbench/query.ts'
import { t } from '../../i18n/index.ts'
import { openFollowUp } from '../follow/state.ts'
import { hourNow, todayInWords } from '../frame/times.ts'
import { Failure, Panel, Skeleton } from '../frame/pieces.tsx'
import { usePull } from '../frame/pull.tsx'
import { navigate, queryOf, useHref } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import screen from '../frame/screen.module.css'
import { p } from '../words/index.ts'
import { later } from '../words/later.ts'
import { Block } from './block.tsx'
import css from './home.module.css'

const StandingIn = later(async () => ({ default: (await import('../../features/absences/standing.tsx')).StandingIn }))
const Figures = later(async () => ({ default: (await import('../../features/workbench/figures.tsx')).Figures }))
const Panorama = later(async () => ({ default: (await import('../../features/workbench/panorama.tsx')).Panorama }))
const FindSheet = later(async () => ({ default: (await import('../records/find.tsx')).FindSheet }))

const Dashboards = later(async () => ({ default: (await import('../../features/dashboards/dashboards.tsx')).Dashboards }))

/** Today first; beside it the numbers, to look at. */
export function Home() {
  const board = queryOf(useHref()).get('board')
  const open = (next: string | null) => navigate(next === null ? at.home : `${at.home}?board=${encodeURIComponent(next)}`, { replace: true })
  const tabs = <HomeTabs boards={board !== null} onChoose={(boards) => open(boards ? '' : null)} />
  if (board === null) return <Today tabs={tabs} />
  return (
    <Screen title={t('workbench.boards')} head={tabs} hint={<Greeting />}>
      <Suspense fallback={<Panel label={t('common.loading')}><Skeleton rows={4} height={72} /></Panel>}><div className={css.stack}><Dashboards chosen={board} onChoose={open} /></div></Suspense>
    </Screen>
  )
}

/** The day's work: three blocks and nothing else. */
function Today({ tabs }: { tabs: ReactNode }) {
  const { data, error, refetch } = useQuery(workbenchQuery)
  const [finding, setFinding] = useState(false)
  useLive({ kind: 'workbench' }, () => void queries.invalidateQueries({ queryKey: keys.workbench }))
  const pull = usePull(refetch)
  const follows = activityOf(useCatalogue())?.object.can.create
  const fab = follows && <button type="button" className={screen.fab} onClick={() => openFollowUp({ subject: null })}><Icon name="plus" size={18} />{t('followup.add')}</button>
  return (
    <Screen title={t('workbench.title')} head={tabs} hint={<Greeting />} act={fab} acts={<IconButton icon="search" label={p('searchAll')} onClick={() => setFinding(true)} />}>
      {pull}
      <div className={css.stack}>
        {data?.standing && <Suspense><StandingIn standing={data.standing} /></Suspense>}
        {data?.kind === 'panorama' && <Suspense><Panorama /></Suspense>}
        {data?.figures && <Suspense><Figures figures={data.figures} /></Suspense>}
        {data ? data.blocks.map((block) => <Block key={block.key} block={block} />)
          : error ? <Panel label={t('workbench.title')}><Failure error={error} onRetry={refetch} /></Panel>
          : [110, 62, 62].map((height, at) => <Panel key={at} label={t('common.loading')}><Skeleton rows={3} height={height} /></Panel>)}
      </div>
      {finding && <Suspense><FindSheet onClose={() => setFinding(false)} /></Suspense>}
    </Screen>
  )
}

function Greeting() {
  const me = useMe()
  const hour = hourNow()
  const part = hour < 5 ? 'late' : hour < 12 ? 'morning' : hour < 14 ? 'noon' : hour < 18 ? 'afternoon' : 'evening'
  return <>{todayInWords()} · {t(`workbench.${part}`, { name: me.name })}</>
}
