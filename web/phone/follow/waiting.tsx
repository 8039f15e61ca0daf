import { Button } from '../../design/button.tsx'
import { p } from '../words/index.ts'
import { useLetters } from './letters.ts'
import { flushLetters } from './use-outbox.ts'
import css from './follow.module.css'

/** Nothing typed in a cellar is lost: it says so, until it has been sent. */
export function Waiting() {
  const { length } = useLetters()
  if (length === 0) return null
  return <div className={css.waiting} role="status"><span className="grow">{p('waiting', { n: length })}</span><Button onClick={flushLetters}>{p('sendNow')}</Button></div>
}
