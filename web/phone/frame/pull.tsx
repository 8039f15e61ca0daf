import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { Icon } from '../../design/icons.tsx'
import { p } from '../words/index.ts'
import css from './pull.module.css'

const ENOUGH = 70
const MOST = 96

/** Pulled down at the top and let go, the page asks anew. */
export function usePull(refresh: () => Promise<unknown>): ReactNode {
  const [drawn, setDrawn] = useState(0)
  const [busy, setBusy] = useState(false)
  const again = useEffectEvent(() => { setBusy(true); void refresh().finally(() => setBusy(false)) })
  useEffect(() => {
    let from: number | null = null
    let way = 0
    const start = (event: TouchEvent) => { from = scrollY <= 0 && event.touches.length === 1 && !document.querySelector('dialog[open]') ? event.touches[0]!.clientY : null; way = 0 }
    const move = (event: TouchEvent) => { if (from === null) return; way = Math.max(0, Math.min(MOST, (event.touches[0]!.clientY - from) / 2)); if (scrollY > 0) way = 0; setDrawn(way) }
    const end = () => {
      if (from !== null && way >= ENOUGH) again()
      from = null
      setDrawn(0)
    }
    addEventListener('touchstart', start, { passive: true })
    addEventListener('touchmove', move, { passive: true })
    addEventListener('touchend', end)
    addEventListener('touchcancel', end)
    return () => { removeEventListener('touchstart', start); removeEventListener('touchmove', move); removeEventListener('touchend', end); removeEventListener('touchcancel', end) }
  }, [])
  if (!busy && drawn < 8) return null
  return <div className={css.pull} style={{ height: busy ? 36 : drawn / 2 }} role="status"><Icon name="refresh" />{p(busy ? 'refreshing' : drawn >= ENOUGH ? 'release' : 'pullTo')}</div>
}
