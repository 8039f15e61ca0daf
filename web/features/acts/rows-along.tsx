import { useCatalogue } from '../../api/catalogue.ts'
import { label, t } from '../../i18n/index.ts'
import type { Target } from './conversion.ts'

/** Which rows are copied, before anything is. */
export function RowsAlong({ rows }: { rows: Target['rows'] }) {
  const catalogue = useCatalogue()
  return rows.filter(({ count }) => count > 0).map(({ object, count }) => <p key={object} className="hint">{t('acts.rowsAlong', { name: label(catalogue.object(object)?.label), n: count })}</p>)
}
