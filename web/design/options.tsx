import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { cx } from './classes.ts'
import { Icon } from './icons.tsx'
import css from './options.module.css'

export interface Option { value: string; label: string; hint?: string | undefined; parent?: string | undefined; group?: string | undefined; mark?: ReactNode; disabled?: boolean | undefined }

interface Props {
  options: readonly Option[]
  selected: ReadonlySet<string>
  onPick: (value: string) => void
  label: string
  search?: boolean
  placeholder?: string
  /** Asked instead of filtering `options` when the list lives on the server. */
  onQuery?: (query: string) => void
  busy?: boolean
  empty?: ReactNode
  foot?: ReactNode
  /** Offered when nothing is called exactly that. */
  onCreate?: ((name: string) => void) | undefined
}
const NEW = '\u0000new'

/** A searchable list: type to narrow, arrows to walk, Enter to take. The input keeps the focus throughout. */
export function OptionList({ options, selected, onPick, label, search = true, placeholder, onQuery, busy, empty, foot, onCreate }: Props) {
  const [query, setQuery] = useState('')
  const found = useMemo(() => withNew(onQuery ? options : narrowed(options, query), query, onCreate), [options, query, onQuery, onCreate])
  const [at, setAt] = useState(() => Math.max(0, options.findIndex(({ value }) => selected.has(value))))
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const pick = (option: Option | undefined) => {
    if (!option || option.disabled) return
    if (option.value === NEW) onCreate?.(query.trim())
    else onPick(option.value)
  }
  useEffect(() => { list.current?.querySelector('[data-at="true"]')?.scrollIntoView({ block: 'nearest' }) }, [at])

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) { event.preventDefault(); setAt((at + step + found.length) % Math.max(1, found.length)) }
    if (event.key === 'Enter') { event.preventDefault(); event.stopPropagation(); pick(found[at]) }
  }
  return (
    <div className={css.box}>
      <div className={cx(css.search, !search && 'sr')}>
        <Icon name="search" />
        <input data-autofocus value={query} role="combobox" aria-expanded="true" aria-controls={id} aria-activedescendant={found[at] ? `${id}-${at}` : undefined} aria-autocomplete="list" aria-label={label} placeholder={placeholder ?? t('common.search')} autoComplete="off" spellCheck={false}
          onChange={(event) => { setQuery(event.target.value); setAt(0); onQuery?.(event.target.value) }} onKeyDown={onKeyDown} />
      </div>
      <ul ref={list} id={id} role="listbox" aria-label={label} aria-busy={busy || undefined} className={css.list}>
        {found.map((option, index) => (
          <Row key={option.value} id={`${id}-${index}`} option={option} heading={option.group !== found[index - 1]?.group ? option.group : undefined} active={index === at} selected={selected.has(option.value)} onHover={() => setAt(index)} onPick={() => pick(option)} />
        ))}
      </ul>
      {found.length === 0 && <div className={css.none}>{busy ? t('common.loading') : (empty ?? t('common.noMatch'))}</div>}
      {foot && <div className={css.foot}>{foot}</div>}
    </div>
  )
}

function Row({ id, option, heading, active, selected, onHover, onPick }: { id: string; option: Option; heading: string | undefined; active: boolean; selected: boolean; onHover: () => void; onPick: () => void }) {
  return (
    <>
      {heading && <li role="presentation" className={css.heading}>{heading}</li>}
      <li id={id} role="option" aria-selected={selected} aria-disabled={option.disabled || undefined} data-at={active} className={cx(css.option, option.parent && css.child)} onPointerMove={onHover} onClick={onPick}>
        {option.mark}
        <span className={css.name}>{option.label}</span>
        {option.hint && <span className="hint clip">{option.hint}</span>}
        <span className={css.tick}>{selected && <Icon name="check" />}</span>
      </li>
    </>
  )
}

function narrowed(options: readonly Option[], query: string): readonly Option[] {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return options
  const parents = new Map(options.map((option) => [option.value, option.label]))
  return options.filter((option) => [option.label, option.hint, option.parent && parents.get(option.parent)].some((text) => text?.toLowerCase().includes(wanted)))
}

function withNew(found: readonly Option[], query: string, onCreate: Props['onCreate']): readonly Option[] {
  const name = query.trim()
  if (!onCreate || !name || found.some((option) => option.label === name)) return found
  return [...found, { value: NEW, label: t('common.createNamed', { name }), mark: <Icon name="plus" /> }]
}
