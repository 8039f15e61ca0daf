import { useRef, useState } from 'react'
import type { Tile } from '#language/definitions'
import { Button, IconButton } from '../../design/button.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { label } from '../../i18n/index.ts'
import css from './dashboards.module.css'
import { sized } from './tiles.ts'
import { d } from './words.ts'

interface Props { tile: Tile; at: number; count: number; onDrag: (key: string | null) => void; onMove: (by: -1 | 1) => void; onSize: (tile: Tile) => void; onEdit: () => void; onCopy: () => void; onRemove: () => void }

/** The handle, the pencil, and everything else a press away. */
export function EditTools({ tile, at, count, onDrag, onMove, onSize, onEdit, onCopy, onRemove }: Props) {
  const [told, setTold] = useState('')
  const grip = useRef<HTMLButtonElement>(null)
  const name = label(tile.title)
  const move = (by: -1 | 1) => { if (at + by >= 0 && at + by < count) { onMove(by); setTold(d('movedTo', { n: at + by + 1, all: count })) } }
  const size = (wide: number, high: number) => { const next = sized(tile, tile.width + wide, tile.height + high); onSize(next); setTold(d('sized', { w: next.width, h: next.height })) }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const act = event.shiftKey ? SIZE_KEYS[event.key] : MOVE_KEYS[event.key]
    if (!act) return
    event.preventDefault()
    if (event.shiftKey) size(act[0], act[1])
    else move(act[0] as -1 | 1)
    // A tile that is put elsewhere in the page loses the focus on its way.
    setTimeout(() => grip.current?.focus())
  }
  return (
    <>
      <span className="sr" role="status">{told}</span>
      <Button ref={grip} small look="quiet" icon="drag" className={css.grip!} draggable aria-label={d('move', { name })} title={d('move', { name })} onKeyDown={onKeyDown} onDragStart={(event) => { event.dataTransfer.effectAllowed = 'move'; event.dataTransfer.setData('text/plain', tile.key); onDrag(tile.key) }} onDragEnd={() => onDrag(null)} />
      <IconButton small icon="edit" label={d('editTile', { name })} onClick={onEdit} />
      <MenuButton small icon="more" label={d('tileMenu', { name })} entries={[
        { key: 'earlier', icon: 'left', label: d('earlier'), disabled: at === 0, onPick: () => move(-1) }, { key: 'later', icon: 'right', label: d('later'), disabled: at === count - 1, onPick: () => move(1) }, 'line',
        { key: 'wider', label: d('wider'), disabled: tile.width === 12, onPick: () => size(1, 0) }, { key: 'narrower', label: d('narrower'), disabled: tile.width === 2, onPick: () => size(-1, 0) }, { key: 'taller', label: d('taller'), disabled: tile.height === 6, onPick: () => size(0, 1) }, { key: 'shorter', label: d('shorter'), disabled: tile.height === 1, onPick: () => size(0, -1) }, 'line',
        { key: 'copy', icon: 'copy', label: d('copyTile'), onPick: onCopy }, { key: 'remove', icon: 'trash', label: d('removeTile'), danger: true, onPick: onRemove },
      ]} />
    </>
  )
}

const MOVE_KEYS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowUp: [-1, 0], ArrowRight: [1, 0], ArrowDown: [1, 0] }
const SIZE_KEYS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Drawn by its corner, in steps of the grid. What the pointer does, the handle's keys do as well. */
export function Corner({ tile, onSize }: { tile: Tile; onSize: (tile: Tile) => void }) {
  const begin = (event: React.PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.parentElement!.getBoundingClientRect()
    const [wide, high] = [box.width / tile.width, box.height / tile.height]
    const grid = event.currentTarget.parentElement!
    const at = (move: PointerEvent) => sized(tile, Math.round((move.clientX - box.left) / wide), Math.round((move.clientY - box.top) / high))
    const follow = (move: PointerEvent) => { const next = at(move); grid.style.setProperty('--w', String(next.width)); grid.style.setProperty('--h', String(next.height)) }
    const end = (move: PointerEvent) => { removeEventListener('pointermove', follow); const next = at(move); if (next.width !== tile.width || next.height !== tile.height) onSize(next) }
    addEventListener('pointermove', follow)
    addEventListener('pointerup', end, { once: true })
    event.preventDefault()
  }
  return <span className={css.corner} title={d('resize')} aria-hidden="true" onPointerDown={begin} />
}
