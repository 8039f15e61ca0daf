import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { onSignedOut } from '../api/client.ts'
import { useLiveDefinitions } from '../api/catalogue.ts'
import { useMe } from '../api/session.ts'
import { Dialog } from '../design/dialog.tsx'
import { t } from '../i18n/index.ts'
import { Connection } from './connection.tsx'
import { deskLink } from './desk-link.tsx'
import { Nav } from './nav.tsx'
import { Frame } from './page.tsx'
import { at } from './paths.ts'
import css from './shell.module.css'
import { ToBy } from './to.tsx'
import { ViewingBar } from './viewing-bar.tsx'

const Coach = lazy(() => import('../features/tour/coach.tsx'))
const Command = lazy(() => import('./command.tsx'))

/** Navigation at the left, one page at the right, and what may be called from anywhere. */
export default function Shell() {
  const [command, setCommand] = useState(false)
  const { demo } = useMe().tenant
  const [navFrom, setNavFrom] = useState<string | null>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // Opened here, it closes by going elsewhere.
  const nav = navFrom === path
  const frame = useMemo(() => ({ openCommand: () => setCommand(true), openNav: () => setNavFrom(path) }), [path])
  useLiveDefinitions()
  useCommandKey(frame.openCommand)
  useSignedOut()
  return (
    <Frame value={frame}><ToBy value={deskLink}>
      <a href="#content" className={css.skip}>{t('shell.skip')}</a>
      <div className={css.app}>
        <div className={css.side}><Nav /></div>
        <div className={css.page}><Connection /><ViewingBar /><Outlet /></div>
      </div>
      {nav && <Dialog title={t('shell.menu')} look="left" width={260} bare label={t('shell.menu')} onClose={() => setNavFrom(null)}><Nav /></Dialog>}
      {demo && <Suspense><Coach /></Suspense>}
      {command && <Suspense><Command onClose={() => setCommand(false)} /></Suspense>}
    </ToBy></Frame>
  )
}

function useCommandKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      open()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [open])
}

/** The session ended (time, another device, suspension): back to the door, and to this page after it. */
function useSignedOut(): void {
  const navigate = useNavigate()
  const href = useRouterState({ select: (state) => state.location.href })
  useEffect(() => {
    const stop = onSignedOut(() => void navigate({ to: at.signIn, search: { to: href } }))
    return () => stop()
  }, [navigate, href])
}
