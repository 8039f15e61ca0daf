import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useState, type ComponentType } from 'react'
import { definitionsQuery, useLiveDefinitions } from '../../api/catalogue.ts'
import { ApiError, onSignedOut, queries } from '../../api/client.ts'
import { meQuery, stateQuery } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import { ToBy, type ToProps } from '../../app/to.tsx'
import { Toasts } from '../../design/toast.tsx'
import { useLang } from '../../i18n/index.ts'
import { useCallReturn } from '../follow/calling.ts'
import { Following } from '../follow/following.tsx'
import { useOutbox } from '../follow/use-outbox.ts'
import { Home } from '../home/home.tsx'
import { drawnHere, leaveFor } from './desktop.ts'
import { Failure, Skeleton } from './pieces.tsx'
import { Link, navigate, pathOf, useHref, useScrollMemory } from './router.tsx'
import css from './screen.module.css'
import { TabBar } from './tabbar.tsx'
import { later } from '../words/later.ts'

const List = later(() => import('../records/list.tsx'))
const Record = later(() => import('../records/record.tsx'))
const Inbox = later(() => import('../own/inbox.tsx'))
const HowTold = later(() => import('../own/how-told.tsx'))
const Pools = later(() => import('../pools/pools.tsx'))
const Unassigned = later(() => import('../home/unassigned.tsx'))
const Mine = later(() => import('../own/mine.tsx'))
const Calendar = later(() => import('../calendar/calendar.tsx'))
const Shifts = later(() => import('../shifts/shifts.tsx'))
const OwnAutomation = later(() => import('../own/own-automation.tsx'))
const Approvals = later(() => import('../approvals/approvals.tsx'))
const Approval = later(() => import('../approvals/approval.tsx'))
const Absences = later(() => import('../own/absences.tsx'))
const SignIn = later(() => import('../doors/sign-in.tsx'))
const Through = later(() => import('../doors/through.tsx'))
const ChangePassword = later(() => import('../doors/change-password.tsx'))
const OneTime = later(() => import('../doors/one-time.tsx'))
const Forgot = later(() => import('../doors/forgot.tsx'))

const Coach = later(() => import('../../features/tour/coach.tsx'))

const DOORS: Record<string, ComponentType> = { [at.signIn]: SignIn, [at.through]: Through, [at.changePassword]: ChangePassword, '/invite': OneTime, '/reset': OneTime, [at.forgot]: Forgot }

/** A provider's key stands behind its door. */
const doorOf = (path: string): string => (path.startsWith(at.through) ? at.through : path)

const phoneLink = (props: ToProps) => <Link {...props} />

/** Everything is drawn anew when the language changes: words are read at render. */
export function App() {
  const lang = useLang()
  const here = useHref()
  const path = pathOf(here)
  const Door = DOORS[doorOf(path)]
  useScrollMemory(path)
  useEffect(() => { if (!drawnHere(path)) leaveFor(here) }, [path, here])
  useEffect(() => onSignedOut(() => void toSignIn()) as () => void, [])
  useEffect(() => { document.getElementById('root')!.toggleAttribute('data-bare', Boolean(Door)) }, [Door])
  return (
    <Suspense key={lang} fallback={<Blank />}>
      {Door ? <Door /> : <ToBy value={phoneLink}><Inside path={path} /></ToBy>}
      <div className={css.toasts}><Toasts /></div>
    </Suspense>
  )
}

/** Signed in, with a password of one's own: else the page that mends it. */
function Inside({ path }: { path: string }) {
  const me = useQuery({ ...meQuery, retry: awayOnly })
  const catalogue = useQuery({ ...definitionsQuery, enabled: Boolean(me.data && !me.data.mustChange && !me.data.mustEnroll), retry: awayOnly })
  const settled = useSettled()
  const mustChange = me.data?.mustChange
  const mustEnroll = !mustChange && me.data?.mustEnroll
  const away = me.error ?? (mustChange || mustEnroll ? null : catalogue.error)
  const unknown = away instanceof ApiError && away.status === 401
  useEffect(() => { if (mustChange) navigate(at.changePassword, { replace: true }) }, [mustChange])
  useEffect(() => { if (mustEnroll) leaveFor(at.twoFactor) }, [mustEnroll])
  useEffect(() => { if (unknown) void toSignIn() }, [unknown])
  if (away && !unknown) return <main className={css.main}><Failure error={away} onRetry={() => { void me.refetch(); void catalogue.refetch() }} /></main>
  if (!me.data || mustChange || mustEnroll || !catalogue.data) return <Blank />
  return <><Signed path={path} />{settled && me.data.tenant.demo && <Suspense><Coach /></Suspense>}</>
}

/** Once the first page has had the line to itself. */
const SETTLED_MS = 1500
function useSettled(): boolean {
  const [settled, setSettled] = useState(false)
  useEffect(() => { const timer = setTimeout(() => setSettled(true), SETTLED_MS); return () => clearTimeout(timer) }, [])
  return settled
}

const awayOnly = (count: number, error: unknown): boolean => !(error instanceof ApiError && error.status === 401) && count < 3

function Signed({ path }: { path: string }) {
  useCallReturn()
  useOutbox()
  useLiveDefinitions()
  const [, kind, object, id] = path.split('/')
  return (
    <>
      <Suspense fallback={<Blank />}>
        {kind === 'o' && object && id ? <Record key={path} object={decodeURIComponent(object)} id={decodeURIComponent(id)} />
          : kind === 'o' && object ? <List key={path} object={decodeURIComponent(object)} />
          : path.startsWith(at.notifications) ? <Inbox />
          : path.startsWith(at.noticeSettings) ? <HowTold />
          : path.startsWith(at.pools) ? <Pools />
          : path.startsWith(at.unassigned) ? <Unassigned />
          : path.startsWith(at.calendar) ? <Calendar />
          : path.startsWith(at.shifts) ? <Shifts />
          : kind === 'approvals' && object ? <Approval key={path} id={decodeURIComponent(object)} />
          : path.startsWith(at.approvals) ? <Approvals />
          : path.startsWith(at.absences) ? <Absences />
          : path.startsWith(at.ownAutomation) ? <OwnAutomation />
          : path.startsWith(at.account) ? <Mine />
          : <Home />}
      </Suspense>
      {!(kind === 'o' && id) && !(kind === 'approvals' && object) && <TabBar />}
      <Following />
    </>
  )
}

async function toSignIn(): Promise<void> {
  const here = location.pathname + location.search
  // Somebody at a door is not sent to another, and comes back to none.
  if (DOORS[doorOf(withoutTenant(location.pathname))]) return
  const state = await queries.fetchQuery(stateQuery).catch(() => null)
  if (state && !state.setUp) leaveFor(at.setup)
  else navigate(pathOf(here).endsWith('/') ? at.signIn : `${at.signIn}?to=${encodeURIComponent(withoutTenant(here))}`, { replace: true })
}
const withoutTenant = (address: string): string => address.replace(/^\/t\/[a-z0-9-]+/, '')

const Blank = () => <main className={css.main} aria-busy="true"><Skeleton rows={7} height={72} /></main>
