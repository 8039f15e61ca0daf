import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { Button, IconButton } from '../../design/button.tsx'
import css from './coach.module.css'
import { putTour, startTour, STEPS, stepDone, useTour } from './state.ts'
import { SCREENS } from './steps.tsx'
import { w } from './words.ts'

/** In a demonstration on this machine: which data this is, and a walk through what matters. It can be left and taken up at any time. */
export default function Coach() {
  const me = useMe()
  const tour = useTour()
  // Elsewhere there are no chairs to change: no tour either.
  const { data } = useQuery({ queryKey: ['demo-cards'], queryFn: () => call('demoCards', {}), enabled: me.tenant.demo, retry: false, staleTime: Infinity })
  if (!me.tenant.demo) return null
  if (!data || data.cards.length === 0) return <span className={css.mark}>{w('sample')}</span>
  const key = STEPS[tour.at]
  const place = { n: Math.min(tour.at + 1, STEPS.length), all: STEPS.length }
  if (!tour.open) return <button type="button" className={css.pill} data-fresh={tour.since === null || undefined} onClick={() => putTour({ open: true })}>{w('sample')} · {w('open', place)}</button>
  const Screen = key && SCREENS[key]
  return (
    <aside className={css.coach} aria-label={w('name')} onKeyDown={(event) => { if (event.key === 'Escape') putTour({ open: false }) }}>
      <header className={css.head}>
        <span className="hint">{w('sample')} · {key ? w('step', place) : w('name')}</span>
        <IconButton small icon="down" label={w('close')} onClick={() => putTour({ open: false })} />
      </header>
      <div className={css.bar} aria-hidden="true">{STEPS.map((each, i) => <i key={each} data-done={i < tour.at || undefined} data-now={i === tour.at || undefined} />)}</div>
      <div aria-live="polite" className={css.body}>{Screen ? <Screen cards={data.cards} lan={data.lan} /> : <p>{w('finished')}</p>}</div>
      <footer className={css.foot}>
        {tour.at > 0 && <Button small look="quiet" onClick={startTour}>{w(key ? 'restart' : 'again')}</Button>}
        {key && tour.at !== 0 && <Button small look="quiet" onClick={() => stepDone(key)}>{w('skip')}</Button>}
      </footer>
    </aside>
  )
}
