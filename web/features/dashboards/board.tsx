import type { DashboardShape } from '#contract/api'
import { useLive } from '../../api/live.ts'
import { Empty } from '../../design/pieces.tsx'
import { label } from '../../i18n/index.ts'
import css from './dashboards.module.css'
import { forgetTiles } from './data.ts'
import { TileView, type ShownTile } from './tile.tsx'
import { d } from './words.ts'

/** A dashboard as it is looked at: it follows what changes. */
export function Board({ board }: { board: DashboardShape }) {
  const objects = [...new Set(board.tiles.flatMap((tile) => (tile.kind === 'closed' ? [] : [tile.object])))]
  useLive(board.tiles.length > 0 ? { kind: 'dashboard', dashboard: board.key, objects } : null, () => void forgetTiles())
  if (board.tiles.length === 0) return <Empty icon="columns" title={d('noTiles')}>{d('noTilesHelp')}</Empty>
  return (
    <section className={css.board} aria-label={label(board.label)}>
      {board.tiles.map((tile) => <article key={tile.key} className={css.tile} data-kind={tile.kind} style={placeOf(tile)} aria-label={label(tile.title)}><TileView tile={tile} /></article>)}
    </section>
  )
}

export const placeOf = ({ width, height }: ShownTile): React.CSSProperties => ({ '--w': width, '--h': height }) as React.CSSProperties
