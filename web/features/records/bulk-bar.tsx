import type { RecordShape } from '#contract/api'
import { useRef, useState, type ReactNode, type RefObject } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { OptionList } from '../../design/options.tsx'
import { Popover } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { removeMany, setMany, tagMany, targetOf, transfer } from './acts.ts'
import { memberOptions, tagOptions } from './choices.tsx'
import { FieldEditor, isEditable } from './field-editor.tsx'
import { fieldOptions } from '../conditions/names.ts'
import css from './list.module.css'

type Act = 'transfer' | 'tag' | 'untag' | 'set'

/** What can be done with what is marked; everything at once and everything to be taken back. */
export function BulkBar({ object, records, onDone }: { object: ObjectFacts; records: readonly RecordShape[]; onDone: () => void }) {
  const catalogue = useCatalogue()
  const [act, setAct] = useState<Act | null>(null)
  const anchor = useRef<HTMLButtonElement | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const all = (right: keyof RecordShape['can']) => records.every((record) => record.can[right])
  const open = (next: Act) => (event: React.MouseEvent<HTMLButtonElement>) => { anchor.current = event.currentTarget; setAct(act === next ? null : next) }
  const finish = (work: Promise<boolean>) => { setAct(null); void work.then((done) => { if (done) onDone() }) }
  const present = [...new Set(records.flatMap((record) => record.tags))]
  const choose = (options: ReturnType<typeof memberOptions>, name: string, onPick: (value: string) => void) => <Float anchor={anchor} name={name} onClose={() => setAct(null)}><OptionList label={name} options={options} selected={new Set()} onPick={onPick} /></Float>
  return (
    <div ref={bar} className={css.bulk} role="toolbar" aria-label={t('records.bulk')}>
      <b className="num">{t('records.marked', { n: records.length })}</b>
      {all('transfer') && <Button small onClick={open('transfer')} aria-expanded={act === 'transfer'}>{t('records.transfer')}</Button>}
      {all('edit') && <Button small onClick={open('tag')} aria-expanded={act === 'tag'}>{t('records.addTag')}</Button>}
      {all('edit') && present.length > 0 && <Button small onClick={open('untag')} aria-expanded={act === 'untag'}>{t('records.removeTag')}</Button>}
      {all('edit') && <Button small onClick={open('set')} aria-expanded={act === 'set'}>{t('records.setField')}</Button>}
      {all('delete') && <Button small look="danger" onClick={() => finish(removeMany(object.key, records.map(targetOf)))}>{t('common.delete')}</Button>}
      <IconButton small icon="close" label={t('records.unmark')} onClick={onDone} />
      {act === 'transfer' && choose(memberOptions(catalogue), t('records.transfer'), (id) => finish(transfer(catalogue, object.key, records.map(targetOf), Number(id))))}
      {act === 'tag' && choose(tagOptions(catalogue), t('records.addTag'), (tag) => finish(tagMany(object.key, records, [tag], [])))}
      {act === 'untag' && choose(tagOptions(catalogue).filter((option) => present.includes(option.value)), t('records.removeTag'), (tag) => finish(tagMany(object.key, records, [], [tag])))}
      {act === 'set' && <Float anchor={anchor} name={t('records.setField')} onClose={() => setAct(null)}><SetField object={object} onSet={(field, value) => finish(setMany(catalogue, object.key, records, field, value))} /></Float>}
    </div>
  )
}

const Float = ({ anchor, name, onClose, children }: { anchor: RefObject<HTMLElement | null>; name: string; onClose: () => void; children: ReactNode }) => <Popover anchor={anchor} side="above" label={name} role="presentation" onClose={onClose}>{children}</Popover>

function SetField({ object, onSet }: { object: ObjectFacts; onSet: (field: string, value: unknown) => void }) {
  const catalogue = useCatalogue()
  const [key, setKey] = useState<string | null>(null)
  const [value, setValue] = useState<unknown>(null)
  const field = key ? object.field.get(key) : undefined
  const options = fieldOptions(catalogue, object.key, { withParents: false }).filter((option) => { const each = object.field.get(option.value); return each && isEditable(each) && each.kind !== 'file' && !each.base && !each.unique })
  if (!field) return <OptionList label={t('records.setField')} options={options} selected={new Set()} onPick={setKey} />
  return <div className={css.setField}><b>{label(field.label)}</b><FieldEditor field={field} value={value} onChange={setValue} /><Button small look="primary" onClick={() => onSet(field.key, value)}>{t('common.save')}</Button></div>
}
