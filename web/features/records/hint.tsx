import type { RecordShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { Icon } from '../../design/icons.tsx'
import { label } from '../../i18n/index.ts'
import css from './hint.module.css'
import { hintsFor } from './layout.ts'

/** What to do at this stage, as whoever arranged the page said it. */
export function StageHint({ record }: { record: RecordShape }) {
  const hints = hintsFor(useCatalogue().layout(record.object), record.values)
  return hints.map(({ field, text }) => <p key={field} role="note" className={css.hint}><Icon name="info" /><span>{label(text)}</span></p>)
}
