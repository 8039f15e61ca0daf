import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { openPrint } from './open-print.ts'

/** One template: one press. Several: a choice. None: nothing. */
export default function PrintButton({ record }: { record: { object: string; id: string } }) {
  const offered = useCatalogue().prints.filter(({ object }) => object === record.object)
  if (offered.length === 0) return null
  if (offered.length === 1) return <Button onClick={() => openPrint(record, offered[0]!.key)} title={label(offered[0]!.label)}>{t('prints.print')}</Button>
  return <MenuButton label={t('prints.print')} entries={offered.map((each) => ({ key: each.key, label: label(each.label), onPick: () => openPrint(record, each.key) }))}>{t('prints.print')}</MenuButton>
}
