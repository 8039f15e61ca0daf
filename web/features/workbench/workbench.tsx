import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { WorkbenchShape } from '#contract/api'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { queries } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { dayInWords, hourNow, today } from '../../design/format.ts'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { StandingIn } from '../absences/standing.tsx'
import { MissingYear } from '../calendar/missing-year.tsx'
import { activityOf } from '../followup/activity.ts'
import { FollowUp, type FollowUpStart } from '../followup/follow-up.tsx'
import { Block } from './block.tsx'
import { Figures } from './figures.tsx'
import { HomeTabs } from './home-tabs.tsx'
import { workbenchQuery } from './query.ts'
import css from './workbench.module.css'

const Panorama = lazy(async () => ({ default: (await import('./panorama.tsx')).Panorama }))

const Dashboards = lazy(async () => ({ default: (await import('../dashboards/dashboards.tsx')).Dashboards }))
const BoardEditor = lazy(async () => ({ default: (await import('../dashboards/editor.tsx')).Editor }))

/** Today first; beside it the numbers that one has put together. */
export default function Home() {
  const { board } = useSearch({ strict: false }) as { board?: string }
  const navigate = useNavigate()
  const open = (next: string | undefined) => void navigate({ to: at.home, search: (next === undefined ? {} : { board: next }) as never })
  const tabs = <HomeTabs boards={board !== undefined} onChoose={(boards) => open(boards ? '' : undefined)} />
  if (board === undefined) return <Workbench tabs={tabs} />
  return (
    <Page wide title={t('workbench.boards')} shown={tabs} hint={<Greeting />}>
      <Suspense fallback={<Panel label={t('common.loading')}><Skeleton rows={6} height={63} /></Panel>}><Dashboards editor={BoardEditor} chosen={board} onChoose={open} /></Suspense>
    </Page>
  )
}

/** The day's work: three blocks and nothing else. */
function Workbench({ tabs }: { tabs: ReactNode }) {
  const { data, error, refetch } = useQuery(workbenchQuery)
  const [following, setFollowing] = useState<FollowUpStart | null>(null)
  const follows = activityOf(useCatalogue())?.object.can.create
  useLive({ kind: 'workbench' }, () => void queries.invalidateQueries({ queryKey: keys.workbench }))
  return (
    <Page title={t('workbench.title')} shown={tabs} hint={<Greeting />} acts={follows && <Button look="primary" onClick={() => setFollowing({ subject: null, known: data?.blocks[0]?.rows ?? [] })}>{t('followup.add')}</Button>}>
      <MissingYear />
      {data?.kind === 'panorama' && <Suspense><Panorama /></Suspense>}
      {data?.standing && <StandingIn standing={data.standing} />}
      {data?.figures && <Figures figures={data.figures} />}
      {data ? <Blocks workbench={data} onFollow={setFollowing} /> : error ? <Panel><Failure error={error} onRetry={refetch} /></Panel> : <Waiting />}
      {following && <FollowUp start={following} onClose={() => setFollowing(null)} />}
    </Page>
  )
}

function Greeting() {
  const me = useMe()
  const hour = hourNow()
  const part = hour < 5 ? 'late' : hour < 12 ? 'morning' : hour < 14 ? 'noon' : hour < 18 ? 'afternoon' : 'evening'
  return <>{dayInWords(today())} · {t(`workbench.${part}`, { name: me.name })}</>
}

/** The first block is the day's work and stands left; the other two tell what happened and what is open. */
function Blocks({ workbench, onFollow }: { workbench: WorkbenchShape; onFollow: (start: FollowUpStart) => void }) {
  const [first, ...others] = workbench.blocks
  return (
    <div className={css.columns}>
      {first && <Block block={first} onFollow={onFollow} />}
      <div className={css.stack}>{others.map((block) => <Block key={block.key} block={block} onFollow={onFollow} />)}</div>
    </div>
  )
}

const Waiting = () => (
  <div className={css.columns}>
    <Panel label={t('common.loading')}><Skeleton rows={6} height={63} /></Panel>
    <div className={css.stack}><Panel label={t('common.loading')}><Skeleton rows={3} height={61} /></Panel><Panel label={t('common.loading')}><Skeleton rows={2} height={61} /></Panel></div>
  </div>
)
