import { useRef, useState } from 'react'
import { IconButton } from '../../design/button.tsx'
import { OptionList } from '../../design/options.tsx'
import { Popover } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { fieldOptions } from '../conditions/names.ts'
import { useCatalogue } from '../../api/catalogue.ts'
import type { ListState } from './list-state.ts'

/** Which columns this member sees in this view; remembered on this device. */
export function ColumnChooser({ state }: { state: ListState }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const options = fieldOptions(catalogue, state.object.key, { withParents: false }).filter((option) => option.value !== state.object.title)
  // Pressed faster than the list is drawn anew: each press goes on from the one before.
  const latest = useRef<readonly string[]>([])
  const show = () => { latest.current = state.columns; setOpen(!open) }
  const toggle = (key: string) => {
    latest.current = latest.current.includes(key) ? latest.current.filter((each) => each !== key) : [...latest.current, key]
    state.setColumns(latest.current)
  }
  return (
    <>
      <IconButton ref={anchor} small icon="columns" label={t('records.columns')} aria-haspopup="listbox" aria-expanded={open} onClick={show} />
      {open && <Popover anchor={anchor} side="below-end" role="presentation" label={t('records.columns')} onClose={() => setOpen(false)}><OptionList label={t('records.columnsOf', { name: label(state.object.label) })} options={options} selected={new Set(state.columns)} onPick={toggle} /></Popover>}
    </>
  )
}
