import { useRef, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { now } from '../../api/clock.ts'
import { cx } from '../../design/classes.ts'
import { dayInWords, timeOfDay, today } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import { DayHead } from './day-head.tsx'
import { dayStart, gathered, lanes, type Slot } from './events.ts'
import css from './calendar.module.css'

const HOUR = 3_600_000
const HOUR_PX = 44
const STEP = 30 * 60_000
const FIRST_HOUR = 7
const LAST_HOUR = 22
const OPEN_MS = (LAST_HOUR - FIRST_HOUR) * HOUR
const px = (ms: number): number => (ms / HOUR) * HOUR_PX
const snap = (ms: number): number => Math.round(ms / STEP) * STEP
const atTime = (ms: number): string => timeOfDay(new Date(ms).toISOString())

export interface Span { from: number; to: number }
interface Drag { kind: 'create' | 'move' | 'resize'; slot: Slot | null; span: Span; grab: number }
interface Props { days: readonly string[]; slots: readonly Slot[]; onCreate: (span: Span) => void; onOpen: (slot: Slot) => void; onMove: (slot: Slot, span: Span) => void }

/** Days side by side, hours downwards. Drawing on a day makes an event; an event is carried and stretched, by pointer or with Alt and the arrows. */
export function TimeGrid({ days, slots, onCreate, onOpen, onMove }: Props) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const area = useRef<HTMLDivElement>(null)
  const events = gathered(slots)
  const instant = ({ clientX, clientY }: React.PointerEvent): number => {
    const columns = [...area.current!.querySelectorAll('[data-day]')]
    const column = columns.find((each) => clientX < each.getBoundingClientRect().right) ?? columns.at(-1)!
    const y = clientY - column.getBoundingClientRect().top
    return dayStart((column as HTMLElement).dataset['day']!) + FIRST_HOUR * HOUR + Math.max(0, Math.min(OPEN_MS, (y / HOUR_PX) * HOUR))
  }
  const down = (event: React.PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch' || (event.target as Element).closest('button')) return
    const from = Math.floor(instant(event) / STEP) * STEP
    event.currentTarget.setPointerCapture(event.pointerId)
    setDrag({ kind: 'create', slot: null, span: { from, to: from + STEP }, grab: from })
  }
  const grip = (slot: Slot, kind: 'move' | 'resize', event: React.PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch' || !slot.record?.can.edit) return
    area.current!.setPointerCapture(event.pointerId)
    setDrag({ kind, slot, span: { from: slot.from, to: slot.to }, grab: instant(event) })
  }
  const move = (event: React.PointerEvent) => { if (drag) setDrag({ ...drag, span: draggedTo(drag, instant(event)) }) }
  // Where it is let go counts: the last move may not have been drawn yet.
  const up = (event: React.PointerEvent) => {
    if (!drag) return
    setDrag(null)
    const { slot, kind } = drag
    const span = draggedTo(drag, instant(event))
    if (kind === 'create') onCreate(span)
    else if (slot && (span.from !== slot.from || span.to !== slot.to)) onMove(slot, span)
    else if (slot) onOpen(slot)
  }
  return (
    <div className={css.grid} style={{ '--days': days.length } as React.CSSProperties}>
      <div className={css.heads}><span />{days.map((day) => <DayHead key={day} day={day} />)}</div>
      <div className={css.hours}>
        <div className={css.clock} aria-hidden="true">{Array.from({ length: LAST_HOUR - FIRST_HOUR }, (_, i) => <span key={i} style={{ height: HOUR_PX }}>{FIRST_HOUR + i}:00</span>)}</div>
        <div ref={area} className={css.area} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={() => setDrag(null)}>
          {days.map((day) => {
            const base = dayStart(day) + FIRST_HOUR * HOUR
            const end = dayStart(day) + 24 * HOUR
            const here = lanes(events.filter(({ from, to }) => from < end && to > dayStart(day)))
            const span = drag?.span
            return (
              <div key={day} data-day={day} role="group" aria-label={dayInWords(day)} className={cx(css.day, day === today() && css.today)} style={{ height: px(OPEN_MS), backgroundSize: `100% ${HOUR_PX}px` }}>
                {here.map((slot) => <Box key={slot.key} slot={slot} base={base} gone={drag?.slot?.key === slot.key} onGrip={grip} onOpen={onOpen} onMove={onMove} />)}
                {span && span.from < end && span.to > dayStart(day) && <div className={css.ghost} style={{ top: px(span.from - base), height: px(span.to - span.from) }}>{atTime(span.from)} – {atTime(span.to)}</div>}
                {day === today() && <i className={css.now} style={{ top: px(now().getTime() - base) }} />}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function draggedTo({ kind, slot, grab }: Drag, at: number): Span {
  if (kind === 'create') return at >= grab ? { from: grab, to: Math.max(grab + STEP, snap(at)) } : { from: snap(at), to: grab + STEP }
  const { from, to } = slot!
  const by = snap(at - grab)
  return kind === 'move' ? { from: from + by, to: to + by } : { from, to: Math.max(from + STEP, to + by) }
}

const ARROWS: Record<string, [hours: number, days: number]> = { ArrowUp: [-0.5, 0], ArrowDown: [0.5, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

interface BoxProps { slot: Slot & { members: number[]; lane: number; of: number }; base: number; gone: boolean; onGrip: (slot: Slot, kind: 'move' | 'resize', event: React.PointerEvent) => void; onOpen: (slot: Slot) => void; onMove: (slot: Slot, span: Span) => void }
function Box({ slot, base, gone, onGrip, onOpen, onMove }: BoxProps) {
  const catalogue = useCatalogue()
  const names = slot.members.map((id) => catalogue.member(id)?.name ?? '').join(t('common.listGap'))
  const mine = slot.record?.can.edit === true
  const keys = (event: React.KeyboardEvent) => {
    const step = event.altKey ? ARROWS[event.key] : undefined
    if (!step || !mine) return
    event.preventDefault()
    const by = step[0] * HOUR + step[1] * 24 * HOUR
    onMove(slot, event.shiftKey ? { from: slot.from, to: Math.max(slot.from + STEP, slot.to + by) } : { from: slot.from + by, to: slot.to + by })
  }
  const top = Math.max(0, px(slot.from - base))
  const style = { top, height: Math.max(20, px(slot.to - base) - top - 2), left: `${(slot.lane / slot.of) * 100}%`, width: `calc(${100 / slot.of}% - 3px)` }
  const name = slot.title ?? t('calendar.busy')
  return (
    <button type="button" className={cx(css.box, !slot.id && css.closed, gone && css.gone)} style={style} disabled={!slot.id} aria-label={`${name} ${atTime(slot.from)}–${atTime(slot.to)} ${names}`} title={mine ? t('calendar.moveHint') : undefined}
      onPointerDown={(event) => onGrip(slot, 'move', event)} onClick={(event) => { if (event.detail === 0 || !mine) onOpen(slot) }} onKeyDown={keys}>
      <b className="clip">{name}</b><span className="num">{atTime(slot.from)}–{atTime(slot.to)}</span>{slot.members.length > 0 && <span className="clip">{names}</span>}
      {mine && <i className={css.edge} onPointerDown={(event) => { event.stopPropagation(); onGrip(slot, 'resize', event) }} />}
    </button>
  )
}
