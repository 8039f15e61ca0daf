import { useRef, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Menu, type MenuEntry } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { sortsOf } from './list-data.ts'
import type { ListState } from './list-state.ts'

const BASE_SORTS = ['created_at', 'updated_at', 'last_activity_at', 'next_contact_at']

/** Fields that can be put in order quickly: those marked so, and the times that every record has. */
export const isSortable = (state: ListState, key: string): boolean => Boolean(state.object.field.get(key)?.sortable) || BASE_SORTS.includes(key)

export function SortButton({ state }: { state: ListState }) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const [first] = sortsOf(state.sort)
  const fields = state.object.fields.filter((field) => isSortable(state, field.key))
  const shown = first && label(state.object.field.get(first.field)?.label)
  const pick = (field: string, direction: 'asc' | 'desc') => state.set({ sort: direction === 'desc' ? `-${field}` : field })
  const entries: MenuEntry[] = [
    ...fields.map((field): MenuEntry => ({ key: field.key, label: label(field.label), checked: field.key === first?.field, onPick: () => pick(field.key, first?.field === field.key ? first.direction : 'desc') })),
    'line',
    { key: 'desc', label: t('records.descending'), checked: first?.direction === 'desc', onPick: () => first && pick(first.field, 'desc') },
    { key: 'asc', label: t('records.ascending'), checked: first?.direction === 'asc', onPick: () => first && pick(first.field, 'asc') },
  ]
  return (
    <>
      <Button ref={anchor} small look="quiet" icon="sort" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>{shown ? `${shown}${first.direction === 'desc' ? ' ↓' : ' ↑'}` : t('records.sort')}</Button>
      {open && <Menu anchor={anchor} side="below-end" label={t('records.sort')} entries={entries} onClose={() => setOpen(false)} />}
    </>
  )
}
