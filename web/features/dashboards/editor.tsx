import { useEffect, useEffectEvent, useState } from 'react'
import type { Tile } from '#language/definitions'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Confirm } from '../../design/dialog.tsx'
import { Empty } from '../../design/pieces.tsx'
import { label } from '../../i18n/index.ts'
import { freshTileKey } from './boards.ts'
import { placeOf } from './board.tsx'
import css from './dashboards.module.css'
import { EditTools, Corner } from './edit-tools.tsx'
import { Gallery } from './gallery.tsx'
import { TileForm } from './tile-form.tsx'
import { TileView } from './tile.tsx'
import { moved } from './tiles.ts'
import type { Editing } from './dashboards.tsx'
import { useSteps } from './steps.ts'
import { d } from './words.ts'

/** The board itself, taken apart: tiles are added, changed, moved and resized where they stand; each step can be taken back. */
export function Editor({ board, busy, onSave, onClose }: Editing) {
  const { value: tiles, put, undo, steps } = useSteps<readonly Tile[]>(board.tiles)
  const [adding, setAdding] = useState(false)
  const [editing, setEditing] = useState<Tile | null>(null)
  const [leaving, setLeaving] = useState(false)
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const replace = (tile: Tile) => put(tiles.some(({ key }) => key === tile.key) ? tiles.map((each) => (each.key === tile.key ? tile : each)) : [...tiles, tile])
  const drop = (before: string) => { if (dragged && dragged !== before) put(moved(tiles, tiles.findIndex(({ key }) => key === dragged), tiles.findIndex(({ key }) => key === before))); setDragged(null); setOver(null) }
  const name = label(board.label)
  useUndoKey(undo)
  return (
    <>
      <Unsaved view when={steps > 0 && !busy} />
      <div className={css.bar} role="toolbar" aria-label={d('editing', { name })}>
        <div className={css.barText}><b>{d('editing', { name })}</b><p className="hint">{d('editingHelp')}</p></div>
        <Button icon="plus" onClick={() => setAdding(true)}>{d('add')}</Button>
        <Button icon="history" disabled={steps === 0} onClick={undo}>{d('undo')}</Button>
        <Button onClick={() => (steps > 0 ? setLeaving(true) : onClose())}>{d('giveUp')}</Button>
        <Button look="primary" busy={busy} onClick={() => onSave({ ...board, tiles: [...tiles] })}>{d('save')}</Button>
      </div>
      {tiles.length === 0 && <Empty icon="columns" title={d('noTiles')} act={<Button onClick={() => setAdding(true)}>{d('add')}</Button>}>{d('noTilesHelp')}</Empty>}
      <section className={css.board} aria-label={name}>
        {tiles.map((tile, at) => (
          <article key={tile.key} className={cx(css.tile, css.editing)} data-kind={tile.kind} data-moving={dragged === tile.key} data-over={over === tile.key} style={placeOf(tile)} aria-label={label(tile.title)}
            onDragOver={(event) => { if (dragged) { event.preventDefault(); setOver(tile.key) } }} onDrop={() => drop(tile.key)}>
            <TileView tile={tile} tools={<EditTools tile={tile} at={at} count={tiles.length} onDrag={setDragged} onMove={(by) => put(moved(tiles, at, at + by))} onSize={replace} onEdit={() => setEditing(tile)} onCopy={() => put([...tiles.slice(0, at + 1), { ...tile, key: freshTileKey() }, ...tiles.slice(at + 1)])} onRemove={() => put(tiles.filter(({ key }) => key !== tile.key))} />} />
            <Corner tile={tile} onSize={replace} />
          </article>
        ))}
      </section>
      {adding && <Gallery onClose={() => setAdding(false)} onPick={(tile, blank) => { setAdding(false); if (blank) setEditing(tile); else put([...tiles, tile]) }} />}
      {editing && <TileForm key={editing.key} tile={editing} onClose={() => setEditing(null)} onDone={(tile) => { replace(tile); setEditing(null) }} />}
      {leaving && <Confirm title={d('leave')} act={d('giveUp')} onAct={onClose} onClose={() => setLeaving(false)}>{d('leaveHelp')}</Confirm>}
    </>
  )
}

/** ⌘Z where nobody is writing. */
function useUndoKey(undo: () => void): void {
  const back = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'z' || event.shiftKey) return
    if ((event.target as HTMLElement).matches('input, textarea, [contenteditable]') || document.querySelector('dialog[open]')) return
    event.preventDefault()
    undo()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => back(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
