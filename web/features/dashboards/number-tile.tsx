import type { AggregateShape } from '#contract/api'
import { tileFilter } from '#language/dashboards'
import type { Tile } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { listWith, To } from '../../app/to.tsx'
import { today } from '../../design/format.ts'
import { useBefore } from './data.ts'
import css from './dashboards.module.css'
import { beforeName, figureText, sizeOf, unitOf } from './figure.ts'
import { d } from './words.ts'

type NumberOf = Extract<Tile, { kind: 'number' }>

/** One figure, and how it stands against the period before. */
export function NumberTile({ tile, found }: { tile: NumberOf; found: AggregateShape }) {
  const catalogue = useCatalogue()
  const unit = unitOf(catalogue, tile.object, tile.measure)
  // Nothing at all adds up to nothing; of records that say no amount it is not known.
  const value = tile.measure.of === 'sum' && found.total.count === 0 ? '0' : (found.total.values[0] ?? null)
  return (
    <div className={css.figure}>
      <To to={listWith(at.list(tile.object), tileFilter(tile, today()))} className={css.number} title={figureText(unit, value, 'exact')}><span className="num">{figureText(unit, value)}</span></To>
      {tile.compare && tile.period && <Against tile={tile} value={value} />}
    </div>
  )
}

function Against({ tile, value }: { tile: NumberOf; value: string | number | null }) {
  const catalogue = useCatalogue()
  const { data } = useBefore(tile)
  if (data?.ask !== 'aggregate' || !tile.period) return <span className="hint">&nbsp;</span>
  const unit = unitOf(catalogue, tile.object, tile.measure)
  const before = beforeName(tile.period.span)
  const [now, then] = [sizeOf(value) ?? 0, sizeOf(data.found.total.values[0] ?? null) ?? 0]
  if (then === 0) return <span className="hint">{d('noBefore', { before })}</span>
  const percent = Math.round(((now - then) / Math.abs(then)) * 100)
  const change = percent === 0 ? d('asMuch') : `${percent > 0 ? '▲' : '▼'} ${Math.abs(percent)}%`
  const same = tile.compare === 'sameDays'
  return <span className="hint num" title={d(same ? 'beforeSame' : 'before', { before, value: figureText(unit, data.found.total.values[0] ?? null, 'exact') })}>{d(same ? 'againstSame' : 'against', { before, change })}</span>
}
