import { Link } from '@tanstack/react-router'
import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useRef, useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { OptionList } from '../../design/options.tsx'
import { Popover } from '../../design/popover.tsx'
import { Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { tagMany, targetOf, transfer } from './acts.ts'
import { settableTags, type tagOptions } from './choices.tsx'
import { useTagging } from './tagging.tsx'
import css from './record.module.css'
import { Member, Value } from './value.tsx'

const TransferDialog = lazy(() => import('./transfer-dialog.tsx'))

/** Name, grade, tags, owner: what one must know before anything else. */
export function RecordHead({ object, record, onWhy }: { object: ObjectFacts; record: RecordShape; onWhy: () => void }) {
  const catalogue = useCatalogue()
  const [giving, setGiving] = useState(false)
  const tagging = useTagging((tag, on) => void tagMany(object.key, [record], on ? [tag] : [], on ? [] : [tag]))
  const owner = (record.values['owner'] as number | null | undefined) ?? null
  const grading = catalogue.gradings.find((each) => each.object === object.key)
  const grade = grading && object.field.get(grading.field)
  return (
    <div className={css.headline}>
      <div className={css.crumb}><Link to={at.list(object.key)} className="hint"><Icon name="left" size={12} />{label(object.label)}</Link></div>
      <div className={css.nameRow}>
        <h1>{record.title}</h1>
        {grade && record.values[grade.key] !== null && record.values[grade.key] !== undefined && <Value field={grade} value={record.values[grade.key]} related={{}} />}
        {record.tags.map((key) => { const tag = catalogue.tag(key); return <Tag key={key} policy={tag?.policy} onRemove={record.can.edit && !tag?.segment && (!tag?.policy || catalogue.can('tags')) ? () => tagging.put(key, false) : undefined}>{tag ? label(tag.label) : key}</Tag> })}
        {record.can.edit && <Chooser name={t('records.addTag')} text={`+ ${t('records.addTag')}`} options={settableTags(catalogue).filter((option) => !record.tags.includes(option.value))} onPick={(tag) => tagging.put(tag, true)} />}
        <button type="button" className={css.whyLink} onClick={onWhy}>{t('records.why')}</button>
      </div>
      {object.field.has('owner') && <div className={css.ownerRow}>
        <span className="hint">{label(object.field.get('owner')?.label)}</span>
        {record.can.transfer ? <button type="button" className={css.chooser} aria-haspopup="dialog" title={t('records.transfer')} onClick={() => setGiving(true)}><Member id={owner} /></button> : <Member id={owner} />}
      </div>}
      {tagging.asking}
      {giving && <Suspense><TransferDialog object={object} what={record.title} owner={owner} onClose={() => setGiving(false)} onGive={(wish) => { setGiving(false); void transfer(catalogue, object.key, [targetOf(record)], wish) }} /></Suspense>}
    </div>
  )
}

function Chooser({ name, text, options, onPick }: { name: string; text: React.ReactNode; options: ReturnType<typeof tagOptions>; onPick: (value: string) => void }) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button ref={anchor} type="button" className={css.chooser} aria-haspopup="listbox" aria-expanded={open} title={name} onClick={() => setOpen(!open)}>{text}</button>
      {open && <Popover anchor={anchor} label={name} role="presentation" onClose={() => setOpen(false)}><OptionList label={name} options={options} selected={new Set()} onPick={(value) => { setOpen(false); onPick(value) }} /></Popover>}
    </>
  )
}
