import { canGroup, canMeasure, GROUPED_TIMES, type Dashboard, type Grouping, type Measure, type Tile } from '#language/definitions'
import { type Finding, finding, findings, repeated, under } from './finding.ts'
import type { Reader } from './reader.ts'

/** Everything that a tile names exists and can be reckoned. Whoever looks sees with their own rights. */
export const checkDashboard = ({ tiles, roles }: Dashboard, reader: Reader): Finding[] =>
  findings(
    roles?.flatMap((role, i) => reader.role(`roles.${i}`, role)),
    repeated(tiles.map(({ key }) => key)).map((key) => finding('tiles', `「${key}」出现多次`, `“${key}” stands more than once`)),
    tiles.flatMap((tile, i) => (mentionsRetired(tile, reader) ? [] : under(`tiles.${i}`, checkTile(tile, reader)))),
  )

/** A tile is no reason to keep a field: it stands, and says what is missing when it is looked at. */
function mentionsRetired(tile: Tile, reader: Reader): boolean {
  const text = JSON.stringify(tile)
  return (reader.objectOf(tile.object)?.fields ?? []).some(({ key, retired }) => retired && text.includes(`"${key}"`))
}

function checkTile(tile: Tile, reader: Reader): Finding[] {
  const { object, filter, period } = tile
  return findings(
    reader.object('object', object),
    reader.condition('filter', object, filter, 'filter', false),
    period && reader.field('period.field', object, period.field, 'date', 'datetime'),
    tile.kind === 'list' ? tile.columns.flatMap((key, i) => reader.field(`columns.${i}`, object, key)) : checkMeasure(object, tile.measure, reader),
    tile.kind === 'list' && tile.sort.flatMap(({ field }, i) => reader.field(`sort.${i}.field`, object, field)),
    'group' in tile && checkGrouping('group', object, tile.group, reader),
    'split' in tile && tile.split && checkGrouping('split', object, tile.split, reader),
    tile.kind === 'line' && reader.field('group.field', object, tile.group.field, 'date', 'datetime'),
  )
}

function checkMeasure(object: string, measure: Measure, reader: Reader): Finding[] {
  if (!('field' in measure)) return []
  const kind = reader.metadata.fieldKind(object, measure.field)
  const unfit = kind !== undefined && !canMeasure(measure.of, kind)
  return findings(reader.field('measure.field', object, measure.field), unfit && finding('measure', `字段「${measure.field}」不能这样统计`, `Field “${measure.field}” cannot be reckoned like this`))
}

function checkGrouping(at: string, object: string, { field, by }: Grouping, reader: Reader): Finding[] {
  const kind = reader.metadata.fieldKind(object, field)
  const unfit = kind !== undefined && (!canGroup(kind) || (by !== undefined && !GROUPED_TIMES.has(kind)))
  return findings(reader.field(`${at}.field`, object, field), unfit && finding(at, `不能按「${field}」这样分组`, `Records cannot be gathered by “${field}” like this`))
}
