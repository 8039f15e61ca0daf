import { canGroup, canMeasure, GROUPED_TIMES, isMeasured, MEASURE_KINDS, type Grouping, type Measure, type Tile, type TileKind } from '#language/definitions'
import { ALWAYS } from '#language/conditions'
import type { Catalogue, FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { label } from '../../i18n/index.ts'
import { plainLabel } from '../../api/definitions.ts'
import { freshTileKey } from './boards.ts'
import { d } from './words.ts'

/** From one place to another; out of bounds nothing moves. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  if (from < 0 || to < 0 || to >= list.length || from === to) return [...list]
  const rest = list.filter((_, i) => i !== from)
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)]
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
export const sized = <T extends Tile>(tile: T, width: number, height: number): T => ({ ...tile, width: clamp(width, 2, 12), height: clamp(height, 1, 6) })

const living = (object: ObjectFacts | undefined): FieldShape[] => (object?.fields ?? []).filter(({ retired }) => !retired)
export const groupFields = (object: ObjectFacts | undefined): FieldShape[] => living(object).filter(({ kind, key }) => canGroup(kind) && key !== 'id')
export const timeFields = (object: ObjectFacts | undefined): FieldShape[] => living(object).filter(({ kind }) => GROUPED_TIMES.has(kind))
const numberFields = (object: ObjectFacts | undefined): FieldShape[] => living(object).filter(({ kind }) => isMeasured(kind))

/** `count`, `sum amount`: a measure as one choice of many. */
export const measureText = (measure: Measure): string => ('field' in measure ? `${measure.of} ${measure.field}` : measure.of)
export function measureOf(text: string): Measure {
  const [of = 'count', field] = text.split(' ')
  return field ? { of: of as 'sum', field } : { of: 'count' }
}
/** Everything that can be reckoned of an object, sums first. */
export function measuresOf(object: ObjectFacts | undefined): { measure: Measure; field: FieldShape | null }[] {
  const fields = [...numberFields(object), ...living(object).filter(({ kind }) => !isMeasured(kind))]
  return [{ measure: { of: 'count' }, field: null }, ...MEASURE_KINDS.filter((of) => of !== 'count').flatMap((of) => fields.filter(({ kind, key }) => canMeasure(of, kind) && key !== 'id').map((field) => ({ measure: { of, field: field.key } as Measure, field })))]
}

/** The first of its choices, so that a picture says something at once. */
export function groupOf(object: ObjectFacts | undefined, timed: boolean): Grouping {
  const time = timeFields(object).find(({ key }) => key === 'created_at') ?? timeFields(object)[0]
  if (timed) return { field: time?.key ?? 'created_at', by: 'week' }
  const field = groupFields(object).find(({ kind }) => kind === 'select') ?? groupFields(object).find(({ key }) => key === 'owner') ?? groupFields(object)[0]
  return { field: field?.key ?? 'owner' }
}

const SIZES: Record<TileKind, { width: number; height: number }> = { number: { width: 3, height: 1 }, bar: { width: 6, height: 3 }, line: { width: 6, height: 3 }, funnel: { width: 6, height: 3 }, ranking: { width: 6, height: 3 }, list: { width: 6, height: 3 } }

/** The same question in another form; what the form needs and the tile does not say is chosen for it. */
export function asKind(tile: Tile, kind: TileKind, object: ObjectFacts | undefined): Tile {
  if (kind === tile.kind) return tile
  const { key, title, object: of, filter, period } = tile
  const about = { key, title, object: of, filter, ...(period ? { period } : {}), ...SIZES[kind] }
  const measure: Measure = 'measure' in tile ? tile.measure : { of: 'count' }
  const isTime = (grouping: Grouping) => GROUPED_TIMES.has(object?.field.get(grouping.field)?.kind ?? 'text')
  const group = 'group' in tile && (kind !== 'line' || isTime(tile.group)) && (kind !== 'funnel' || object?.field.get(tile.group.field)?.kind === 'select') ? tile.group : groupOf(object, kind === 'line')
  switch (kind) {
    case 'number': return { ...about, kind, measure }
    case 'bar': return { ...about, kind, measure, group, limit: 6 }
    case 'ranking': return { ...about, kind, measure, group, limit: 6 }
    case 'line': return { ...about, kind, measure, group }
    case 'funnel': return { ...about, kind, measure, group }
    case 'list': return { ...about, kind, columns: firstColumns(object), sort: [{ field: 'created_at', direction: 'desc' }], limit: 8 }
  }
}

const firstColumns = (object: ObjectFacts | undefined): string[] => (object ? [object.title, ...living(object).filter(({ base, kind, key }) => !base && key !== object.title && kind !== 'long' && kind !== 'file').slice(0, 3).map(({ key }) => key)] : ['created_at'])

/** A tile about an object, ready to be changed. */
export const blankTile = (object: ObjectFacts): Tile => ({ kind: 'number', key: freshTileKey(), title: plainLabel(d('of_count', { object: label(object.label) })), object: object.key, filter: ALWAYS, measure: { of: 'count' }, ...SIZES.number })

/** What most people ask of an object first. */
export function suggestionsFor(catalogue: Catalogue, object: ObjectFacts): Tile[] {
  const name = label(object.label)
  const blank = blankTile(object)
  const made = (title: string, kind: TileKind, change: Partial<Tile>): Tile => ({ ...asKind({ ...blank, key: freshTileKey() }, kind, object), title: plainLabel(title), ...change }) as Tile
  const born = object.field.has('created_at')
  const amount = numberFields(object).find(({ kind }) => kind === 'money')
  const choices = groupFields(object).filter(({ kind, dictionary }) => kind === 'select' && catalogue.options(dictionary).length > 0).slice(0, 3)
  return [
    ...(born ? [made(d('newThisMonth', { object: name }), 'number', { period: { field: 'created_at', span: 'thisMonth' }, compare: 'sameDays' } as Partial<Tile>)] : []),
    made(d('allOf', { object: name }), 'number', {}),
    ...(amount ? [made(d('sumOf', { object: name, field: label(amount.label) }), 'number', { measure: { of: 'sum', field: amount.key } } as Partial<Tile>)] : []),
    ...choices.map((field) => made(d('byField', { object: name, field: label(field.label) }), 'bar', { group: { field: field.key } } as Partial<Tile>)),
    ...(object.field.has('owner') ? [made(d('topBy', { object: name, field: label(object.field.get('owner')!.label) }), 'ranking', { group: { field: 'owner' } } as Partial<Tile>)] : []),
    ...(born ? [made(d('trend', { object: name }), 'line', { group: { field: 'created_at', by: 'week' }, period: { field: 'created_at', span: 'weeks12' } } as Partial<Tile>), made(d('latest', { object: name }), 'list', {})] : []),
  ]
}
