import { useState, type ReactNode } from 'react'
import type { DashboardShape } from '#contract/api'
import { tileFilter } from '#language/dashboards'
import type { Tile } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { addressFor, ApiError } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { listWith, To } from '../../app/to.tsx'
import { today } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { say } from '../../design/toast.tsx'
import { label } from '../../i18n/index.ts'
import { useTile, type Answer } from './data.ts'
import css from './dashboards.module.css'
import { spanName } from './figure.ts'
import { ListTile } from './list-tile.tsx'
import { NumberTile } from './number-tile.tsx'
import { hasTable, Picture, TableOf } from './picture-tile.tsx'
import { d } from './words.ts'

export type ShownTile = DashboardShape['tiles'][number]
interface Props { tile: ShownTile; /** While the board is edited: instead of the menu, and what is shown leads nowhere. */ tools?: ReactNode }

/** A figure, a picture or some records under a name; the name opens the list that they come from. */
export function TileView({ tile, tools }: Props) {
  return tile.kind === 'closed' ? <Closed title={label(tile.title)} tools={tools} /> : <Open tile={tile} tools={tools} />
}

function Open({ tile, tools }: { tile: Tile; tools: ReactNode }) {
  const catalogue = useCatalogue()
  const { data, error, refetch, isPlaceholderData } = useTile(tile)
  const [table, setTable] = useState(false)
  const title = label(tile.title)
  const entries = entriesOf({ catalogue, tile, table, onTable: hasTable(tile) ? () => setTable(!table) : null })
  return (
    <>
      <header className={css.tileHead}>
        <h3 className={css.tileTitle}>{tools ? title : <To to={listWith(at.list(tile.object), tileFilter(tile, today()))} className={css.tileLink}>{title}</To>}</h3>
        {tile.period && !saysWhen(title, spanName(tile.period.span)) && <span className="hint">{spanName(tile.period.span)}</span>}
        <span className={css.tileTools}>{tools ?? (entries.length > 0 && <MenuButton small icon="more" label={d('tileMenu', { name: title })} entries={entries} />)}</span>
      </header>
      <div className={css.tileBody} inert={Boolean(tools)} data-stale={isPlaceholderData || undefined}>
        {error && !data ? <Trouble error={error} onRetry={refetch} /> : !data ? <Skeleton rows={tile.height > 1 ? 4 : 1} height={34} /> : table && data.ask === 'aggregate' ? <TableOf tile={tile} found={data.found} /> : <Inside tile={tile} data={data} />}
      </div>
    </>
  )
}

/** 「本季线索」 says it already. */
const saysWhen = (title: string, span: string): boolean => title.includes(span) || title.includes(span.replace('季度', '季'))

function Inside({ tile, data }: { tile: Tile; data: Answer }) {
  if (tile.kind === 'list') return data.ask === 'list' ? <ListTile tile={tile} records={data.records} related={data.related} /> : null
  if (data.ask !== 'aggregate') return null
  return tile.kind === 'number' ? <NumberTile tile={tile} found={data.found} /> : <Picture tile={tile} found={data.found} />
}

interface Entries { catalogue: Catalogue; tile: Tile; table: boolean; onTable: (() => void) | null }
function entriesOf({ catalogue, tile, table, onTable }: Entries): MenuEntry[] {
  const take = (format: 'csv' | 'xlsx') => {
    const link = document.createElement('a')
    link.href = addressFor('exportRecords', { params: { object: tile.object }, query: { format, filter: tileFilter(tile, today()) } })
    link.download = ''
    link.click()
    say(d('exporting'))
  }
  const mayExport = catalogue.object(tile.object)?.can.export
  return [
    ...(onTable ? [{ key: 'table', icon: 'columns' as const, label: d(table ? 'asPicture' : 'asTable'), onPick: onTable }] : []),
    ...(mayExport ? [{ key: 'xlsx', icon: 'download' as const, label: d('exportXlsx'), onPick: () => take('xlsx') }, { key: 'csv', icon: 'download' as const, label: d('exportCsv'), onPick: () => take('csv') }] : []),
  ]
}

const NO_RIGHT: ReadonlySet<string> = new Set(['NOT_FOUND', 'FIELD_NOT_AVAILABLE', 'FORBIDDEN'])
function Trouble({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  return error instanceof ApiError && NO_RIGHT.has(error.code) ? <Shut>{error.message}</Shut> : <Failure small error={error} onRetry={onRetry} />
}

function Closed({ title, tools }: { title: string; tools: ReactNode }) {
  return (
    <>
      <header className={css.tileHead}><h3 className={css.tileTitle}>{title}</h3><span className={css.tileTools}>{tools}</span></header>
      <div className={css.tileBody}><Shut>{d('closedHelp')}</Shut></div>
    </>
  )
}
const Shut = ({ children }: { children: ReactNode }) => <div className={css.quiet}><Icon name="lock" /><p>{d('closed')}</p><p className="hint">{children}</p></div>

export const Nothing = () => <div className={css.quiet}><p>{d('nothing')}</p><p className="hint">{d('nothingHelp')}</p></div>
