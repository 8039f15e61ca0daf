import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { navigate } from '../frame/router.tsx'
import { Rows, Sheet } from '../frame/sheet.tsx'
import { t } from '../../i18n/index.ts'
import { p } from '../words/index.ts'
import { pluralOf, reachable } from './objects.ts'

/** Everything one may look at, one press away. */
export function ObjectsSheet({ here, onClose }: { here?: string; onClose: () => void }) {
  const catalogue = useCatalogue()
  const open = (key: string) => { if (key !== here) navigate(at.list(key)); onClose() }
  return <Sheet label={p('objects')} title={p('objects')} onClose={onClose}><Rows label={p('objects')} rows={[...(catalogue.poolings.length > 0 ? [{ key: '$pools', label: t('pools.title'), chosen: here === '$pools', onPick: () => { navigate(at.pools); onClose() } }] : []), ...reachable(catalogue).map((object) => ({ key: object.key, label: pluralOf(object), chosen: object.key === here, onPick: () => open(object.key) }))]} /></Sheet>
}
