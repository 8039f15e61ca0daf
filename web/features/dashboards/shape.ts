import type { AggregateShape } from '#contract/api'
import { groupFilter, restFilter, spanDays, stepsFilter, stretchesOf, tileFilter } from '#language/dashboards'
import type { Condition } from '#language/conditions'
import type { Grouping, Tile } from '#language/definitions'
import type { Catalogue } from '../../api/catalogue.ts'
import type { BarRow } from '../../design/charts/bars.tsx'
import { colourOf, COLOURS, REST, type Mark } from '../../design/charts/marks.ts'
import type { Series, Slot } from '../../design/charts/plot.tsx'
import { today } from '../../design/format.ts'
import { label } from '../../i18n/index.ts'
import { figureText, keyName, measureName, sizeOf, stretchBrief, unitOf, type Key } from './figure.ts'
import { at } from '../../app/paths.ts'
import { listWith } from '../../app/to.tsx'
import { d } from './words.ts'

export type Measured = Extract<Tile, { measure: unknown }>
export type Grouped = Extract<Tile, { group: unknown }>
type Row = AggregateShape['rows'][number]
interface Drawing { catalogue: Catalogue; tile: Grouped; found: AggregateShape }

const kindOf = ({ catalogue, tile }: Drawing, { field }: Grouping) => catalogue.object(tile.object)?.field.get(field)?.kind ?? 'text'
const splitOf = (tile: Grouped): Grouping | undefined => ('split' in tile ? tile.split : undefined)

/** Records that stand behind a row, of its whole first level or of one part. Null: they cannot be told. */
function behind(drawing: Drawing, row: Row, part: boolean): Condition | null {
  const { tile, found } = drawing
  const base = tileFilter(tile, today())
  const split = splitOf(tile)
  const whole = row.rest ? restFilter(base, tile.group, found.rows.flatMap(({ rest, keys }) => (rest ? [] : [keys[0]!])), kindOf(drawing, tile.group)) : groupFilter(base, tile.group, row.keys[0]!, kindOf(drawing, tile.group))
  return whole && part && split ? groupFilter(whole, split, row.keys[1]!, kindOf(drawing, split)) : whole
}
const toList = ({ tile }: Drawing, filter: Condition | null): string | null => filter && listWith(at.list(tile.object), filter)

const firstName = ({ catalogue, tile, found }: Drawing, row: Row): string => (row.rest ? d('rest') : keyName(catalogue, tile, tile.group, row.keys[0]!, found.related))

/** An option's own colour, where all of its brothers have one. */
function colours({ catalogue, tile }: Drawing, grouping: Grouping, keys: readonly Key[]): (key: Key) => string {
  const field = catalogue.object(tile.object)?.field.get(grouping.field)
  const order = catalogue.options(field?.dictionary).map(({ key }) => key)
  const own = (key: Key) => COLOURS[catalogue.option(field?.dictionary, String(key))?.colour ?? '']
  const sorted = [...keys].sort((a, b) => order.indexOf(String(a)) - order.indexOf(String(b)))
  return (key) => own(key) ?? (key === null ? REST : colourOf(sorted.indexOf(key)))
}

/** Lying bars: one row to a group, split into its parts. */
export function barsOf(drawing: Drawing): { rows: BarRow[]; legend: { name: string; colour: string }[] } {
  const { catalogue, tile, found } = drawing
  const unit = unitOf(catalogue, tile.object, tile.measure)
  const split = splitOf(tile)
  const groups = [...Map.groupBy(found.rows, ({ keys, rest }) => JSON.stringify(rest ? 'rest' : keys[0])).values()]
  const keys = [...new Set(found.rows.map((row) => row.keys[1] ?? null))]
  const colour = split ? colours(drawing, split, keys) : () => colourOf(0)
  const rows = groups.map((rows): BarRow => {
    const parts = rows.map((row): Mark => ({ key: JSON.stringify(row.keys), name: split ? keyName(catalogue, tile, split, row.keys[1]!, found.related) : '', value: sizeOf(row.values[0]!) ?? 0, text: figureText(unit, row.values[0]!), to: toList(drawing, behind(drawing, row, true)), colour: split ? colour(row.keys[1]!) : colour(null) }))
    const whole = split ? parts.reduce((sum, { value }) => sum + value, 0) : parts[0]!.value
    // The rest is no bar among bars: it may be as large as all of them.
    return { key: JSON.stringify([rows[0]!.rest, rows[0]!.keys[0]]), name: firstName(drawing, rows[0]!), text: figureText(unit, split ? String(Math.round(whole * 100) / 100) : rows[0]!.values[0]!), value: rows[0]!.rest ? 0 : whole, to: toList(drawing, behind(drawing, rows[0]!, false)), parts: rows[0]!.rest ? [] : parts }
  })
  return { rows, legend: split ? keys.map((key) => ({ name: keyName(catalogue, tile, split, key, found.related), colour: colour(key) })) : [] }
}

const ADDED: ReadonlySet<string> = new Set(['count', 'sum'])
/** Steps in the order of the choices; each holds what came that far or further, where amounts can be added. */
export function funnelOf(drawing: Drawing): BarRow[] {
  const { catalogue, tile, found } = drawing
  const field = catalogue.object(tile.object)?.field.get(tile.group.field)
  const unit = unitOf(catalogue, tile.object, tile.measure)
  const order = catalogue.options(field?.dictionary).map(({ key }) => key)
  const rowOf = new Map(found.rows.map((row) => [row.keys[0], row]))
  const last = order.findLastIndex((key) => rowOf.has(key))
  const steps = order.slice(Math.max(0, order.findIndex((key) => rowOf.has(key))), last + 1)
  const added = ADDED.has(tile.measure.of)
  const sizes = steps.map((_, i) => (added ? steps.slice(i) : [steps[i]!]).reduce((sum, key) => sum + (sizeOf(rowOf.get(key)?.values[0] ?? null) ?? 0), 0))
  return steps.map((key, i) => ({
    key, name: keyName(catalogue, tile, tile.group, key, found.related), value: sizes[i]!, text: figureText(unit, String(Math.round(sizes[i]! * 100) / 100)),
    note: i > 0 && added && sizes[i - 1]! > 0 ? d('step', { percent: Math.round((sizes[i]! / sizes[i - 1]!) * 100) }) : undefined,
    to: listWith(at.list(tile.object), stepsFilter(tileFilter(tile, today()), tile.group.field, added ? steps.slice(i) : [key])),
    parts: [{ key, name: '', value: sizes[i]!, text: '', to: null, colour: colourOf(0) }],
  }))
}

const MOST_SERIES = 6
const MOST_SLOTS = 62
/** Amounts along the calendar: every stretch of the period has its place, also one with nothing in it. */
export function plotOf(drawing: Drawing): { slots: Slot[]; series: Series[] } {
  const { catalogue, tile, found } = drawing
  const [by, split, unit] = [tile.group.by ?? 'day', splitOf(tile), unitOf(catalogue, tile.object, tile.measure)]
  const rows = found.rows.filter(({ keys }) => keys[0] !== null)
  const firsts = rows.map(({ keys }) => keys[0] as string).sort()
  const days = daysOf(tile, firsts)
  const slots = (days ? stretchesOf(by, days, MOST_SLOTS) : []).map((first): Slot => ({ key: first, name: keyName(catalogue, tile, tile.group, first, found.related), brief: stretchBrief(by, first), to: toList(drawing, groupFilter(tileFilter(tile, today()), tile.group, first, kindOf(drawing, tile.group))) }))
  const bySeries = [...Map.groupBy(rows, ({ keys }) => (split ? (keys[1] ?? null) : null))].map(([key, of]) => ({ key, of, size: of.reduce((sum, row) => sum + (sizeOf(row.values[0]!) ?? 0), 0) })).sort((a, b) => b.size - a.size)
  const shown = bySeries.length > MOST_SERIES + 1 && ADDED.has(tile.measure.of) ? [...bySeries.slice(0, MOST_SERIES), { key: undefined, of: bySeries.slice(MOST_SERIES).flatMap(({ of }) => of), size: 0 }] : bySeries
  const colour = split ? colours(drawing, split, shown.flatMap(({ key }) => (key === undefined ? [] : [key]))) : () => colourOf(0)
  const nothing = tile.measure.of === 'count' || tile.measure.of === 'sum' || tile.measure.of === 'distinct' ? 0 : null
  const series = shown.map(({ key, of }): Series => {
    const values = slots.map((slot) => { const here = of.filter(({ keys }) => keys[0] === slot.key); return here.length === 0 ? nothing : here.reduce((sum, row) => sum + (sizeOf(row.values[0]!) ?? 0), 0) })
    const exact = new Map(of.map((row) => [row.keys[0], row.values[0]!]))
    return { key: String(key), name: key === undefined ? d('rest') : split ? keyName(catalogue, tile, split, key, found.related) : '', colour: key === undefined ? REST : colour(key), values, texts: slots.map((slot, i) => figureText(unit, key === undefined ? values[i]! : (exact.get(slot.key) ?? values[i]!))) }
  })
  return { slots, series }
}

/** The days of the period as far as it has come, and as far as there is something. */
function daysOf({ period, group }: Grouped, firsts: readonly string[]): { first: string; last: string } | null {
  const [least, most] = [firsts[0], firsts.at(-1)]
  if (period && period.field === group.field) {
    const { first, last } = spanDays(period.span, today())
    const until = most && most > today() ? most : today()
    return { first, last: last < until ? last : until > first ? until : last }
  }
  return least && most ? { first: least, last: most } : null
}

/** The same numbers as rows of words. */
export function tableOf(drawing: Drawing): { heads: string[]; rows: { key: string; cells: string[]; to: string | null }[] } {
  const { catalogue, tile, found } = drawing
  const [split, unit, object] = [splitOf(tile), unitOf(catalogue, tile.object, tile.measure), catalogue.object(tile.object)]
  const headOf = ({ field }: Grouping) => object?.field.get(field)?.label
  return {
    heads: [...[tile.group, ...(split ? [split] : [])].map((each) => label(headOf(each))), measureName(catalogue, tile.object, tile.measure)],
    rows: found.rows.map((row) => ({ key: JSON.stringify([row.rest, row.keys]), cells: [firstName(drawing, row), ...(split ? [keyName(catalogue, tile, split, row.keys[1]!, found.related)] : []), figureText(unit, row.values[0]!, 'exact')], to: toList(drawing, behind(drawing, row, true)) })),
  }
}
