import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { OptionList } from '../../design/options.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { MenuButton, Popover } from '../../design/popover.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { PRESSED_AT_ONCE, pressRule } from '../acts/press.ts'
import type { ActFacts } from '../acts/offered.ts'
import { fieldOptions, relationName } from '../conditions/names.ts'
import { relationsOf } from '../conditions/tree.ts'
import { refreshRecords } from './acts.ts'
import { BulkTask } from './bulk-task.tsx'
import { settableTags, type tagOptions } from './choices.tsx'
import { useTagging } from './tagging.tsx'
import { FieldEditor, isEditable } from './field-editor.tsx'
import { inChunks, type Outcome, type Whole } from './in-chunks.ts'
import css from './list.module.css'
import { undoOf } from './undo.ts'

const TransferDialog = lazy(() => import('./transfer-dialog.tsx'))
const ActDialog = lazy(() => import('../acts/act-dialog.tsx'))
type Act = 'transfer' | 'tag' | 'untag' | 'set' | 'task' | ActFacts

/** `ids`: everything chosen; `records`: those of them that are loaded. */
interface Props { object: ObjectFacts; ids: readonly string[]; records: readonly RecordShape[]; onAll: (() => Promise<void>) | null; allText: string; onDone: () => void; onWhole: (whole: Whole) => void }

/** What can be done with what is marked; a result for every row, and everything to be taken back. */
export function BulkBar({ object, ids, records, onAll, allText, onDone, onWhole }: Props) {
  const catalogue = useCatalogue()
  const [act, setAct] = useState<Act | null>(null)
  const [progress, setProgress] = useState<number | null>(null)
  const stopped = useRef(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  const may = (right: 'edit' | 'delete' | 'transfer') => (ids.length > records.length ? object.can[right] : records.some((record) => record.can[right]))
  const open = (next: Act) => (event: React.MouseEvent<HTMLButtonElement>) => { anchor.current = event.currentTarget; setAct(act === next ? null : next) }
  const run = async (work: (some: string[]) => Promise<Outcome>, done: (n: number) => string) => {
    setAct(null)
    stopped.current = false
    if (ids.length > SHOWN_FROM) setProgress(0)
    try {
      const whole = await inChunks(ids, work, (at) => { setProgress((before) => (before === null ? null : at)); return !stopped.current })
      if (whole.refused.length > 0 || whole.cancelled) onWhole(whole)
      else if (whole.changed > 0) say(done(whole.changed), undoOf(...whole.undos))
      else say(t('records.nothingChanged'))
      if (whole.refused.length === 0) onDone()
    } catch (error) {
      sayTrouble(sentenceOf(error))
    }
    setProgress(null)
    await refreshRecords(object.key)
  }
  const bulk = (body: object) => (some: string[]) => call('bulk', { body: { object: object.key, ids: some, ...body } })
  const tagging = useTagging((tag, on) => void run(bulk(on ? { addTags: [tag] } : { removeTags: [tag] }), (n) => t('records.tagged', { n })))
  const present = [...new Set(records.flatMap((record) => record.tags))]
  const tasks = relationsOf(catalogue, object.key, relationName).find((relation) => relation.object === 'task' && catalogue.object('task')?.can.create)
  const pressable = ids.length <= PRESSED_AT_ONCE ? catalogue.pressable.filter((each) => each.object === object.key) : []
  const acts = catalogue.recordActs.filter((each) => each.object === object.key && may(each.right))
  const choose = (options: ReturnType<typeof tagOptions>, name: string, onPick: (value: string) => void) => <Float anchor={anchor} name={name} onClose={() => setAct(null)}><OptionList label={name} options={options} selected={new Set()} onPick={onPick} /></Float>
  if (progress !== null) return <div className={css.bulk} role="toolbar" aria-label={t('records.bulk')}><b className="num" role="status">{t('records.bulkAt', { n: progress, all: ids.length })}</b><progress max={ids.length} value={progress} aria-label={t('records.bulk')} /><Button small onClick={() => { stopped.current = true }}>{t('records.bulkStop')}</Button></div>
  return (
    <div className={css.bulk} role="toolbar" aria-label={t('records.bulk')}>
      <b className="num">{t('records.marked', { n: ids.length })}</b>
      {onAll && <Button small look="quiet" onClick={() => void onAll()}>{allText}</Button>}
      {may('transfer') && <Button small aria-haspopup="dialog" onClick={() => setAct('transfer')}>{t('records.transfer')}</Button>}
      {may('edit') && <Button small onClick={open('tag')} aria-expanded={act === 'tag'}>{t('records.addTag')}</Button>}
      {may('edit') && present.length > 0 && <Button small onClick={open('untag')} aria-expanded={act === 'untag'}>{t('records.removeTag')}</Button>}
      {may('edit') && <Button small onClick={open('set')} aria-expanded={act === 'set'}>{t('records.setField')}</Button>}
      {tasks && <Button small onClick={() => setAct('task')}>{t('records.addTask')}</Button>}
      {pressable.length > 0 && <MenuButton small icon="bolt" side="above" label={t('rules.pressMany')} entries={pressable.map((rule) => ({ key: rule.key, label: label(rule.label), onPick: () => void pressRule(rule, ids).then(onDone) }))}>{t('rules.pressMany')}</MenuButton>}
      {acts.length > 0 && <MenuButton small look="plain" icon="more" side="above" label={t('records.more')} entries={acts.map((each) => ({ key: each.key, label: label(each.label), danger: each.danger === true, onPick: () => setAct(each) }))} />}
      {may('delete') && <Button small look="danger" onClick={() => void run(bulk({ delete: true }), (n) => t('records.deleted', { what: t('common.rows', { n }) }))}>{t('common.delete')}</Button>}
      <IconButton small icon="close" label={t('records.unmark')} onClick={onDone} />
      {act === 'transfer' && <Suspense><TransferDialog object={object} what={t('records.marked', { n: ids.length })} onClose={() => setAct(null)} onGive={(giving) => void run((some) => call('transfer', { body: { object: object.key, ids: some, ...giving } }), (n) => t('records.transferred', { what: t('common.rows', { n }), name: catalogue.member(giving.owner)?.name ?? '' }))} /></Suspense>}
      {tagging.asking}
      {act === 'tag' && choose(settableTags(catalogue), t('records.addTag'), (tag) => tagging.put(tag, true))}
      {act === 'untag' && choose(settableTags(catalogue).filter((option) => present.includes(option.value)), t('records.removeTag'), (tag) => tagging.put(tag, false))}
      {act === 'set' && <Float anchor={anchor} name={t('records.setField')} onClose={() => setAct(null)}><SetField object={object} onSet={(field, value) => void run(bulk({ values: { [field]: value } }), (n) => t('records.changedMany', { n, field: label(object.field.get(field)?.label) }))} /></Float>}
      {act === 'task' && tasks && <BulkTask object="task" via={tasks.via} n={ids.length} onClose={() => setAct(null)} onMake={(values) => void run(bulk({ create: { object: 'task', via: tasks.via, values } }), (n) => t('records.tasksMade', { n }))} />}
      {act !== null && typeof act === 'object' && <Suspense><ActDialog act={act} ids={ids} what={t('records.marked', { n: ids.length })} onClose={() => setAct(null)} onWhole={(whole) => { if (whole.refused.length > 0) onWhole(whole); else onDone() }} /></Suspense>}
    </div>
  )
}
const SHOWN_FROM = 500


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
