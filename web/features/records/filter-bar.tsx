import { ALWAYS, type Condition } from '#language/conditions'
import { useRef, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Popover } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways, read } from '../conditions/sentence.ts'
import { ColumnChooser } from './column-chooser.tsx'
import css from './list.module.css'
import type { ListState } from './list-state.ts'
import { SortButton } from './sort-button.tsx'

/** The filter reads as a sentence; pressed, it opens the builder. Order, columns and search stand beside it. */
export function FilterBar({ state }: { state: ListState }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const reading = read(catalogue, state.object.key, state.filter)
  const sentence = isAlways(state.filter) ? t('records.allRecords') : reading.ok ? reading.sentence : t('records.filterBroken')
  return (
    <div className={css.bar}>
      <button ref={anchor} type="button" className={css.sentence} data-filtered={!isAlways(state.filter)} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="filter" /><span className="clip">{sentence}</span><Icon name="down" size={14} />
      </button>
      <span className="grow" />
      <SearchBox value={state.search} onText={(q) => state.set({ q })} />
      <SortButton state={state} />
      <ColumnChooser state={state} />
      {open && <Popover anchor={anchor} label={t('records.filter')} className={css.builder} onClose={() => setOpen(false)}><Draft key={state.view?.key} state={state} /></Popover>}
    </div>
  )
}

/** Takes effect as soon as it means something. */
function Draft({ state }: { state: ListState }) {
  const catalogue = useCatalogue()
  const [draft, setDraft] = useState<Condition>(state.filter)
  const apply = (next: Condition) => {
    setDraft(next)
    if (read(catalogue, state.object.key, next).ok) state.set({ filter: next })
  }
  return (
    <>
      <div className={css.draft}><Builder object={state.object.key} value={draft} onChange={apply} /></div>
      <footer className={css.draftFoot}><Button small look="quiet" onClick={() => apply(ALWAYS)}>{t('records.clearFilter')}</Button><span className="grow" />{state.changed && <Button small look="quiet" onClick={() => { setDraft(state.view?.filter ?? ALWAYS); state.reset() }}>{t('records.resetView')}</Button>}</footer>
    </>
  )
}

function SearchBox({ value, onText }: { value: string; onText: (text: string) => void }) {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [from, setFrom] = useState(value)
  // Reset from outside (another view, the back key), not by the echo of one's own typing.
  if (from !== value) { setFrom(value); if (value !== text.trim()) setText(value) }
  const put = (next: string) => { setText(next); clearTimeout(timer.current); timer.current = setTimeout(() => onText(next.trim()), 250) }
  return <Input small className={css.search!} type="search" value={text} placeholder={t('records.searchIn')} aria-label={t('records.searchIn')} onText={put} before={<Icon name="search" />} />
}
