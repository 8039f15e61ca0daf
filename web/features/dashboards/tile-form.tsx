import { useState } from 'react'
import { isShallow } from '#language/conditions'
import { SPANS, STRETCHES, type Span, type Tile, type TileKind } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, Input } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways, read } from '../conditions/sentence.ts'
import css from './dashboards.module.css'
import { measureName, spanName } from './figure.ts'
import { TileView } from './tile.tsx'
import { asKind, blankTile, groupFields, measureOf, measuresOf, measureText, timeFields } from './tiles.ts'
import { d } from './words.ts'

const KINDS: readonly TileKind[] = ['number', 'bar', 'line', 'funnel', 'ranking', 'list']
const WIDTHS = [3, 4, 6, 8, 12] as const

/** What one tile shows, with the tile itself above it as it will be. */
export function TileForm({ tile, onDone, onClose }: { tile: Tile; onDone: (tile: Tile) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const [draft, setDraft] = useState(tile)
  const object = catalogue.object(draft.object)
  const reading = read(catalogue, draft.object, draft.filter)
  const [shown, setShown] = useState(draft)
  const put = (next: Tile) => { setDraft(next); if (isShallow(next.filter) && read(catalogue, next.object, next.filter).ok) setShown(next) }
  const change = (part: object) => put({ ...draft, ...part } as Tile)
  const about = (key: string) => { const next = catalogue.object(key); if (next) put({ ...asKind(blankTile(next), draft.kind, next), key: draft.key, width: draft.width, height: draft.height } as Tile) }
  const title = label(draft.title)
  return (
    <Dialog look="sheet" width={620} title={d('form')} hint={reading.ok ? (isAlways(draft.filter) ? d('everything', { object: label(object?.label) }) : reading.sentence) : d('invalid')} onClose={onClose}
      foot={<><Button onClick={onClose}>{d('giveUp')}</Button><Button look="primary" disabled={!reading.ok || !title.trim()} onClick={() => onDone(draft)}>{d('done')}</Button></>}>
      <div className={css.form}>
        <article className={css.preview} data-kind={draft.kind} aria-label={d('preview')}><TileView tile={shown} tools={<></>} /></article>
        <Field label={d('tileTitle')} required>{(control) => <Input {...control} data-autofocus value={title} maxLength={40} onText={(text) => change({ title: text === label(tile.title) ? tile.title : plainLabel(text) })} />}</Field>
        <Field label={d('kind')}>{() => <Choice look="chips" label={d('kind')} value={draft.kind} options={KINDS.map((kind) => ({ value: kind, label: d(`kind_${kind}`) }))} onChoose={(kind) => put(asKind(draft, kind, object))} />}</Field>
        <Field label={d('object')}>{(control) => <Picker {...control} label={d('object')} value={draft.object} options={catalogue.objects.filter(({ hidden, can }) => !hidden && can.read).map((each) => ({ value: each.key, label: label(each.label) }))} onPick={(key) => key && about(key)} />}</Field>
        {draft.kind === 'list' ? <ListFields tile={draft} change={change} /> : <Reckoned tile={draft} change={change} />}
        <Times tile={draft} change={change} />
        <Field label={d('filter')}>{() => <div className={css.filter}><Builder key={draft.object} object={draft.object} value={draft.filter} onChange={(filter) => change({ filter })} empty={d('everything', { object: label(object?.label) })} /></div>}</Field>
        <div className={css.pair}>
          <Field label={d('width')}>{() => <Choice label={d('width')} value={String(draft.width)} options={[...new Set([...WIDTHS, draft.width])].sort((a, b) => a - b).map((each) => ({ value: String(each), label: each in NAMED ? d(`size_${each as 3}`) : `${each}/12` }))} onChoose={(each) => change({ width: Number(each) })} />}</Field>
          <Field label={d('height')}>{() => <Choice label={d('height')} value={String(draft.height)} options={[1, 2, 3, 4, 5, 6].map((each) => ({ value: String(each), label: String(each) }))} onChoose={(each) => change({ height: Number(each) })} />}</Field>
        </div>
      </div>
    </Dialog>
  )
}
const NAMED: Readonly<Record<number, true>> = { 3: true, 4: true, 6: true, 8: true, 12: true }

type Part<K extends TileKind> = { tile: Extract<Tile, { kind: K }>; change: (part: object) => void }

/** What is reckoned, gathered by what. */
function Reckoned({ tile, change }: Part<Exclude<TileKind, 'list'>>) {
  const catalogue = useCatalogue()
  const object = catalogue.object(tile.object)
  const measures = measuresOf(object).map(({ measure }) => ({ value: measureText(measure), label: measureName(catalogue, tile.object, measure) }))
  const groups = (tile.kind === 'line' ? timeFields(object) : tile.kind === 'funnel' ? groupFields(object).filter(({ kind }) => kind === 'select') : groupFields(object)).map((field) => ({ value: field.key, label: label(field.label) }))
  const timed = (key: string) => timeFields(object).some((field) => field.key === key)
  const grouping = (key: string, by = 'month') => ({ field: key, ...(timed(key) ? { by } : {}) })
  return (
    <>
      <Field label={d('measure')}>{(control) => <Picker {...control} label={d('measure')} value={measureText(tile.measure)} options={measures} onPick={(text) => text && change({ measure: measureOf(text) })} />}</Field>
      {'group' in tile && <div className={css.pair}>
        <Field label={d('group')} help={tile.kind === 'funnel' ? d('funnelHelp') : undefined}>{(control) => <Picker {...control} label={d('group')} value={tile.group.field} options={groups} onPick={(key) => key && change({ group: grouping(key) })} />}</Field>
        {timed(tile.group.field) && <Field label={d('by')}>{() => <Choice label={d('by')} value={tile.group.by ?? 'day'} options={STRETCHES.map((by) => ({ value: by, label: d(`by_${by}`) }))} onChoose={(by) => change({ group: { field: tile.group.field, by } })} />}</Field>}
      </div>}
      {(tile.kind === 'bar' || tile.kind === 'line') && <Field label={d('split')}>{(control) => <Picker {...control} clearable label={d('split')} placeholder={d('noSplit')} value={tile.split?.field ?? null} options={groupFields(object).filter(({ key }) => !timed(key)).map((field) => ({ value: field.key, label: label(field.label) }))} onPick={(key) => change({ split: key ? { field: key } : undefined })} />}</Field>}
      {(tile.kind === 'bar' || tile.kind === 'ranking') && !timed(tile.group.field) && <Most value={tile.limit} options={[6, 10, 20, 30]} onChoose={(limit) => change({ limit })} />}
    </>
  )
}

function ListFields({ tile, change }: Part<'list'>) {
  const catalogue = useCatalogue()
  const fields = (catalogue.object(tile.object)?.fields ?? []).filter(({ retired }) => !retired)
  const options = fields.map((field) => ({ value: field.key, label: label(field.label) }))
  const [first] = tile.sort
  return (
    <>
      <Field label={d('columns')}>{(control) => <MultiPicker {...control} label={d('columns')} value={tile.columns} options={options} onPick={(columns) => columns.length > 0 && change({ columns: columns.slice(0, 6) })} />}</Field>
      <div className={css.pair}>
        <Field label={d('sort')}>{(control) => <Picker {...control} label={d('sort')} value={first ? `${first.direction} ${first.field}` : null} options={fields.filter(({ kind, sortable, base }) => sortable || (base && kind !== 'tags')).flatMap((field) => (['desc', 'asc'] as const).map((direction) => ({ value: `${direction} ${field.key}`, label: `${label(field.label)} ${direction === 'desc' ? '↓' : '↑'}` })))} onPick={(text) => { const [direction, field] = (text ?? '').split(' '); if (field) change({ sort: [{ field, direction }] }) }} />}</Field>
        <Most value={tile.limit} options={[5, 8, 12, 20]} onChoose={(limit) => change({ limit })} />
      </div>
    </>
  )
}

function Most({ value, options, onChoose }: { value: number; options: readonly number[]; onChoose: (value: number) => void }) {
  return <Field label={d('limit')}>{() => <Choice label={d('limit')} value={String(value)} options={[...new Set([...options, value])].sort((a, b) => a - b).map((each) => ({ value: String(each), label: String(each) }))} onChoose={(each) => onChoose(Number(each))} />}</Field>
}

/** Of when; and for a figure, against when. */
function Times({ tile, change }: Part<TileKind>) {
  const catalogue = useCatalogue()
  const fields = timeFields(catalogue.object(tile.object))
  const pickField = (key: string | null) => change({ period: key ? { field: key, span: tile.period?.span ?? 'thisMonth' } : undefined, ...(key === null && tile.kind === 'number' ? { compare: undefined } : {}) })
  return (
    <>
      <div className={css.pair}>
        <Field label={d('period')}>{(control) => <Picker {...control} clearable label={d('period')} placeholder={d('anyTime')} value={tile.period?.field ?? null} options={fields.map((field) => ({ value: field.key, label: label(field.label) }))} onPick={pickField} />}</Field>
        {tile.period && <Field label={d('span')}>{(control) => <Picker {...control} label={d('span')} value={tile.period!.span} options={SPANS.map((span) => ({ value: span, label: spanName(span) }))} onPick={(span) => span && change({ period: { field: tile.period!.field, span: span as Span } })} />}</Field>}
      </div>
      {tile.kind === 'number' && tile.period && <Field label={d('compare')}>{() => <Choice label={d('compare')} value={tile.compare ?? 'none'} options={(['none', 'whole', 'sameDays'] as const).map((value) => ({ value, label: d(`compare_${value}`) }))} onChoose={(value) => change({ compare: value === 'none' ? undefined : value })} />}</Field>}
    </>
  )
}
