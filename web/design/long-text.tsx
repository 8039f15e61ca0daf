import { useState } from 'react'
import { t } from '../i18n/index.ts'
import css from './long-text.module.css'

/** Characters that stand in three lines of most columns. */
const FEW = 140

/** A text of which three lines are shown; the whole on request. */
export function LongText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false)
  if (text.length <= FEW) return <p className="dense quiet">{text}</p>
  return (
    <>
      <p className={`dense quiet ${whole ? '' : css.few}`}>{text}</p>
      <button type="button" className="link dense" aria-expanded={whole} onClick={() => setWhole(!whole)}>{t(whole ? 'common.lessText' : 'common.wholeText')}</button>
    </>
  )
}
