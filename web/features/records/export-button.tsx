import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { addressFor } from '#contract/client'
import { call, queries } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { MenuButton } from '../../design/popover.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble, sayWith } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import type { ListState } from './list-state.ts'

/** More than this nobody waits for. */
const AT_ONCE = 5_000
/** More than this nobody reads on paper. */
const ON_PAPER = 2_000
type Count = { exact: number } | { atLeast: number }

/** The list as it stands, filter, order and columns, as a file: at once, or made in the background where it is large. */
export function ExportButton({ state, count }: { state: ListState; count: Count | undefined }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const given = { filter: state.filter, fields: [...state.columns], ...(state.search && { search: state.search }), ...(state.sort && { sort: state.sort }) }
  const isOver = (most: number): boolean => count !== undefined && ('atLeast' in count || count.exact > most)
  const take = (format: 'csv' | 'xlsx' | 'pdf') => {
    if (format !== 'pdf' && isOver(AT_ONCE)) return void behind(format)
    const link = document.createElement('a')
    link.href = addressFor('exportRecords', { params: { object: state.object.key }, query: { format, ...given } })
    link.download = ''
    link.click()
    say(t('records.exporting'))
  }
  const behind = async (format: 'csv' | 'xlsx') => {
    setBusy(true)
    try {
      await call('startExport', { params: { object: state.object.key }, body: { format, ...given } })
      await queries.invalidateQueries({ queryKey: ['exports'] })
      sayWith(t('records.exportingBehind'), { label: t('records.seeExports'), run: () => navigate({ to: at.exports }) })
    } catch (error) {
      sayTrouble(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }
  const entries = ([['xlsx', t('records.exportXlsx')], ['csv', t('records.exportCsv')], ['pdf', t('records.exportPdf')]] as const).map(([key, label]) => ({ key, label, disabled: busy || (key === 'pdf' && isOver(ON_PAPER)), onPick: () => take(key) }))
  return <MenuButton icon="download" look="plain" label={t('records.export')} entries={entries}>{t('records.export')}</MenuButton>
}
