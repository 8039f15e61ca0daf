import type { AggregateShape } from '#contract/api'
import type { Tile } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { To } from '../../app/to.tsx'
import { Bars } from '../../design/charts/bars.tsx'
import { Plot } from '../../design/charts/plot.tsx'
import { label } from '../../i18n/index.ts'
import css from './dashboards.module.css'
import { isTimed, tickText, unitOf } from './figure.ts'
import { barsOf, funnelOf, plotOf, tableOf, type Grouped } from './shape.ts'
import { Nothing } from './tile.tsx'
import { d } from './words.ts'

export const hasTable = (tile: Tile): tile is Grouped => 'group' in tile

/** Groups drawn: along the calendar, as lying bars, or step by step. */
export function Picture({ tile, found }: { tile: Grouped; found: AggregateShape }) {
  const catalogue = useCatalogue()
  const drawing = { catalogue, tile, found }
  const title = label(tile.title)
  if (found.total.count === 0) return <Nothing />
  if (tile.kind === 'funnel') return <Bars look="funnel" label={title} Link={To} rows={funnelOf(drawing)} />
  if (tile.kind === 'ranking') return <Bars look="ranking" label={title} Link={To} rows={barsOf(drawing).rows} />
  if (!isTimed(catalogue, tile.object, tile.group)) return <Bars label={title} Link={To} {...barsOf(drawing)} />
  const { slots, series } = plotOf(drawing)
  const unit = unitOf(catalogue, tile.object, tile.measure)
  return slots.length === 0 ? <Nothing /> : <Plot look={tile.kind === 'line' ? 'line' : 'columns'} slots={slots} series={series} label={title} tick={tickText(unit)} whole={unit === 'count'} Link={To} open={d('openHint')} />
}

/** The same numbers, to be read. */
export function TableOf({ tile, found }: { tile: Tile; found: AggregateShape }) {
  const catalogue = useCatalogue()
  if (!hasTable(tile)) return null
  const { heads, rows } = tableOf({ catalogue, tile, found })
  return (
    <>
      <table className={css.table} aria-label={label(tile.title)}>
        <thead><tr>{heads.map((head, at) => <th key={head + String(at)} scope="col" data-number={at === heads.length - 1}>{head}</th>)}</tr></thead>
        <tbody>{rows.map(({ key, cells, to }) => <tr key={key}>{cells.map((cell, at) => <td key={at} data-number={at === cells.length - 1} className={at === cells.length - 1 ? 'num' : undefined}>{at === 0 && to ? <To to={to} className="link">{cell}</To> : cell}</td>)}</tr>)}</tbody>
      </table>
      {found.more && <p className="hint">{d('more')}</p>}
    </>
  )
}
