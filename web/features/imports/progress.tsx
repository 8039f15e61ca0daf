import { Button } from '../../design/button.tsx'
import { Panel } from '../../design/pieces.tsx'
import css from './imports.module.css'
import type { ImportShape } from './query.ts'
import { w } from './words.ts'

/** How far it has come. */
export function Progress({ given, busy, onStop }: { given: ImportShape; busy: boolean; onStop: () => void }) {
  const { state, handled, rows, created, updated, skipped, refused } = given
  const undoing = state === 'undoing'
  const [done, all] = undoing ? [given.undoneBatches, given.batches] : [handled, rows]
  const title = w(undoing ? 'undoing' : state === 'checking' ? 'checking' : 'running')
  return (
    <Panel label={title} flush={false}>
      <div className={css.progress} role="status" aria-live="polite">
        <div className={css.progressHead}><b className="grow">{title}</b><span className="num">{undoing ? w('undoProgress', { n: given.reverted }) : w('progress', { handled, rows })}</span></div>
        <progress max={Math.max(1, all)} value={done} aria-label={title} />
        <div className={css.progressHead}><span className="quiet dense grow">{undoing ? '' : w('tally', { created, updated, skipped, refused })}</span>{!undoing && given.mine && <Button small busy={busy} onClick={onStop}>{w('stop')}</Button>}</div>
        {state === 'running' && <p className="hint">{w('leave_page')}</p>}
      </div>
    </Panel>
  )
}
