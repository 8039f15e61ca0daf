import { useRef, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { OptionList } from '../../design/options.tsx'
import { Popover } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import { memberOptions } from '../records/choices.tsx'
import { transfer } from '../records/acts.ts'

/** Gives a record that nobody has to a colleague, in two presses. */
export function AssignButton({ row, word = t('workbench.assign'), name }: { row: { object: string; id: string; title: string }; word?: string; name?: string }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const give = (member: string) => { setOpen(false); void transfer(catalogue, row.object, [row], { owner: Number(member) }) }
  return (
    <>
      <Button ref={anchor} small aria-haspopup="listbox" aria-label={name} aria-expanded={open} onClick={() => setOpen(!open)}>{word}</Button>
      {open && <Popover anchor={anchor} side="below-end" label={t('workbench.assign')} role="presentation" onClose={() => setOpen(false)}><OptionList label={t('workbench.assign')} options={memberOptions(catalogue)} selected={new Set()} onPick={give} /></Popover>}
    </>
  )
}
