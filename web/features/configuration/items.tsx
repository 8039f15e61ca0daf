import { useState } from 'react'
import { Check, Choice } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Panel, Tag, type Colour } from '../../design/pieces.tsx'
import { label, lang } from '../../i18n/index.ts'
import css from './configuration.module.css'
import { kindName } from './kind.ts'
import type { Choices, Choose, Item } from './plan.tsx'
import { w, type Word } from './words.ts'

type Sentence = { zh: string; en: string }
const FEW = 12
const LOOK: Partial<Record<Item['standing'], Colour>> = { new: 'green', update: 'blue', merge: 'amber', lost: 'grey', removed: 'grey' }
const named = (item: Item): string => `${kindName(item.kind)}${lang() === 'en' ? ` “${label(item.label)}”` : `「${label(item.label)}」`}`

interface Props { title: string; hint: string; items: readonly Item[]; isOn: (item: Item) => boolean; act: Extract<Word, 'take' | 'back' | 'drop_'>; onToggle: (ids: readonly string[], on: boolean) => void }

/** What can be taken or left, by kind; a kind with many is folded, and can be taken as a whole. */
export function Items({ title, hint, items, isOn, act, onToggle }: Props) {
  if (items.length === 0) return null
  return (
    <Panel title={title} hint={hint}>
      {[...Map.groupBy(items, ({ kind }) => kind)].map(([kind, each]) => <Kind key={kind} kind={kind} items={each} few={items.length <= FEW} isOn={isOn} act={act} onToggle={onToggle} />)}
    </Panel>
  )
}

function Kind({ kind, items, few, isOn, act, onToggle }: Omit<Props, 'title' | 'hint'> & { kind: string; few: boolean }) {
  const [open, setOpen] = useState(few || items.some(({ changes, warnings, missing }) => changes.length + warnings.length + missing.length > 0))
  const on = items.filter(isOn).length
  return (
    <section className={css.kind}>
      <div className={css.kindHead}>
        <Check checked={on === items.length} mixed={on > 0 && on < items.length} aria-label={w(act, { name: kindName(kind) })} onCheck={(all) => onToggle(items.map(({ id }) => id), all)} />
        <button type="button" className={css.fold} aria-expanded={open} onClick={() => setOpen(!open)}><b>{kindName(kind)}</b><span className="hint num">{on === items.length ? items.length : `${on} / ${items.length}`}</span><Icon name={open ? 'up' : 'down'} size={14} /></button>
      </div>
      {open && <ul>{items.map((item) => <Row key={item.id} item={item} on={isOn(item)} act={act} onToggle={(value) => onToggle([item.id], value)} />)}</ul>}
    </section>
  )
}

function Row({ item, on, act, onToggle }: { item: Item; on: boolean; act: Props['act']; onToggle: (on: boolean) => void }) {
  const [open, setOpen] = useState(false)
  return (
    <li className={css.item} data-off={!on || undefined}>
      <div className={css.itemHead}>
        <Check checked={on} aria-label={w(act, { name: label(item.label) })} onCheck={onToggle} />
        <span className={css.name}>{label(item.label)}</span>
        {item.kind === 'rule' && item.state && <span className="hint">{w(`state_${item.state}`)}</span>}
        {item.whose && <span className="hint">{label(item.whose)}</span>}
        <Tag colour={LOOK[item.standing]}>{act === 'drop_' && on ? w('willGo') : w(`standing_${item.standing}`)}</Tag>
        {item.changes.length > 0 && <button type="button" className={css.more} aria-expanded={open} onClick={() => setOpen(!open)}>{w('detailsN', { n: item.changes.length })}<Icon name={open ? 'up' : 'down'} size={14} /></button>}
      </div>
      {item.missing.includes('secret') && <p className={css.caution}>{w('secret')}</p>}
      {item.missing.includes('file') && <p className={css.caution}>{w('file')}</p>}
      {item.warnings.length > 0 && <ul className={css.warnings} aria-label={w('warning')}>{item.warnings.map((each) => <li key={each.zh}>{label(each)}</li>)}</ul>}
      {open && <Differences item={item} />}
    </li>
  )
}

const Differences = ({ item }: { item: Item }) => (
  <dl className={css.differences}>
    {item.changes.map((change, at) => <div key={at}><dt>{label(change.where)}</dt><dd><Side word="before" said={change.before} /><Side word="after" said={change.after} /></dd></div>)}
  </dl>
)

const Side = ({ word, said }: { word: 'before' | 'after'; said: Sentence | null }) => <p data-side={word}><span className="hint">{w(word)}</span><span>{said ? label(said) : <span className="quiet">{w('nothingSaid')}</span>}</span></p>

/** Where both sides changed the same: ours stays unless theirs is chosen. */
export function Conflicts({ items, choices, onChoose }: { items: readonly Item[]; choices: Choices; onChoose: Choose }) {
  if (items.length === 0) return null
  const take = (id: string, path: string, theirs: boolean) => onChoose((now) => { const kept = (now.take[id] ?? []).filter((each) => each !== path); return { ...now, take: { ...now.take, [id]: theirs ? [...kept, path] : kept } } })
  return (
    <Panel title={w('conflicts')} hint={w('conflictsHelp')}>
      <ul>{items.flatMap((item) => item.conflicts.map((conflict) => {
        const theirs = choices.take[item.id]?.includes(conflict.path) ?? false
        const place = `${named(item)} · ${label(conflict.where) || w('whole')}`
        return (
          <li key={`${item.id} ${conflict.path}`} className={css.conflict} aria-label={place}>
            <div className={css.conflictHead}><b>{place}</b><Choice label={place} value={theirs ? 'theirs' : 'mine'} options={[{ value: 'mine', label: w('mine') }, { value: 'theirs', label: w('theirs') }]} onChoose={(value) => take(item.id, conflict.path, value === 'theirs')} /></div>
            <dl className={css.sides}><div data-on={!theirs || undefined}><dt className="hint">{w('mine')}</dt><dd>{conflict.mine ? label(conflict.mine) : w('nothingSaid')}</dd></div><div data-on={theirs || undefined}><dt className="hint">{w('theirs')}</dt><dd>{conflict.theirs ? label(conflict.theirs) : w('nothingSaid')}</dd></div></dl>
          </li>
        )
      }))}</ul>
    </Panel>
  )
}

/** What cannot be brought in, each with why. */
export function Stopped({ items }: { items: readonly Item[] }) {
  if (items.length === 0) return null
  return (
    <Panel title={w('stopped')} hint={w('stoppedHelp')}>
      <ul>{items.map((item) => <li key={item.id} className={css.stopped}><b>{named(item)}</b><ul>{[...new Map(item.stopped.map((each) => [each.zh, each])).values()].map((each) => <li key={each.zh}>{label(each)}</li>)}</ul></li>)}</ul>
    </Panel>
  )
}
