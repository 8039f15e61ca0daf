import { addressFor } from '#contract/client'
import { MenuButton } from '../../design/popover.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import type { ListState } from './list-state.ts'

/** The list as it stands, filter, order and columns, as a file. */
export function ExportButton({ state }: { state: ListState }) {
  const take = (format: 'csv' | 'xlsx') => {
    const link = document.createElement('a')
    link.href = addressFor('exportRecords', { params: { object: state.object.key }, query: { format, filter: state.filter, fields: [...state.columns], ...(state.search && { search: state.search }), ...(state.sort && { sort: state.sort }) } })
    link.download = ''
    link.click()
    say(t('records.exporting'))
  }
  return <MenuButton icon="download" look="plain" label={t('records.export')} entries={[{ key: 'xlsx', label: t('records.exportXlsx'), onPick: () => take('xlsx') }, { key: 'csv', label: t('records.exportCsv'), onPick: () => take('csv') }]}>{t('records.export')}</MenuButton>
}
