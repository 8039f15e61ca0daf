import { useRef, useState } from 'react'
import { cx } from '../classes.ts'
import { Legend } from './bars.tsx'
import css from './charts.module.css'
import { ticksOf, useSize, type ChartLink } from './marks.ts'

/** One place on the axis of time: its name in full and in brief, and the list behind it. */
export interface Slot { key: string; name: string; brief: string; to: string | null }
export interface Series { key: string; name: string; colour: string; values: readonly (number | null)[]; texts: readonly string[] }
interface Props { look: 'line' | 'columns'; slots: readonly Slot[]; series: readonly Series[]; label: string; tick: (value: number) => string; /** Only whole numbers mean something. */ whole: boolean; Link: ChartLink; open: string }

const [TOP, BOTTOM, RIGHT] = [10, 22, 8]

/** Amounts along the calendar. Arrow keys walk from stretch to stretch, each says its numbers and opens its list. */
export function Plot({ look, slots, series, label, tick, whole, Link, open }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(box)
  const [at, setAt] = useState<number | null>(null)
  const sums = slots.map((_, i) => (look === 'columns' ? series.reduce((sum, each) => sum + Math.max(0, each.values[i] ?? 0), 0) : Math.max(...series.map((each) => each.values[i] ?? 0))))
  const ticks = ticksOf(Math.min(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))), Math.max(...sums, 0), whole)
  const left = Math.max(...ticks.map((each) => tick(each).length)) * 6.6 + 14
  const [low, high] = [ticks[0]!, ticks.at(-1)!]
  const y = (value: number) => TOP + (1 - (value - low) / (high - low)) * (height - TOP - BOTTOM)
  const step = Math.max(0, width - left - RIGHT) / slots.length
  const x = (slot: number) => left + (slot + 0.5) * step
  const every = Math.max(1, Math.ceil((Math.max(...slots.map(({ brief }) => brief.length)) * 7.4 + 12) / Math.max(step, 1)))
  return (
    <div className={css.plotBox}>
      <div ref={box} className={css.plot} onPointerLeave={() => setAt(null)}>
        {width > 0 && (
          <svg width={width} height={height} aria-hidden="true">
            {ticks.map((each) => <g key={each}><line x1={left} x2={width - RIGHT} y1={y(each)} y2={y(each)} className={each === 0 ? css.base : css.grid} /><text x={left - 8} y={y(each) + 4} textAnchor="end" className={css.axis}>{tick(each)}</text></g>)}
            {slots.map((slot, i) => (slots.length - 1 - i) % every === 0 && <text key={slot.key} x={x(i)} y={height - 5} textAnchor="middle" className={css.axis}>{slot.brief}</text>)}
            {at !== null && <line x1={x(at)} x2={x(at)} y1={TOP} y2={height - BOTTOM} className={css.cursor} />}
            {look === 'columns' ? <Columns series={series} count={slots.length} place={{ x, y, step }} /> : <Lines series={series} place={{ x, y }} shown={at} few={slots.length < 2} />}
          </svg>
        )}
        {width > 0 && <Hits slots={slots} series={series} label={label} at={at} onAt={setAt} Link={Link} place={{ left, step }} />}
        {at !== null && slots[at] && width > 0 && <Tip slot={slots[at]} series={series} at={at} side={x(at) > width / 2 ? { right: width - x(at) + 10 } : { left: x(at) + 10 }} open={open} />}
      </div>
      {series.length > 1 && <Legend items={series} />}
    </div>
  )
}

interface Place { x: (slot: number) => number; y: (value: number) => number }

function Columns({ series, count, place: { x, y, step } }: { series: readonly Series[]; count: number; place: Place & { step: number } }) {
  const wide = Math.min(36, Math.max(2, step * 0.62))
  return Array.from({ length: count }, (_, slot) => {
    let below = 0
    return series.map((each) => {
      const value = each.values[slot] ?? 0
      if (value === 0) return null
      const from = series.length > 1 ? below : 0
      below = from + value
      return <rect key={`${each.key} ${slot}`} x={x(slot) - wide / 2} width={wide} y={Math.min(y(below), y(from))} height={Math.max(1, Math.abs(y(from) - y(below)))} fill={each.colour} rx={1.5} />
    })
  })
}

function Lines({ series, place: { x, y }, shown, few }: { series: readonly Series[]; place: Place; shown: number | null; few: boolean }) {
  return series.map((each) => {
    const points = each.values.map((value, slot) => [x(slot), value === null ? null : y(value)] as const)
    const path = points.map(([px, py], i) => (py === null ? '' : `${i === 0 || points[i - 1]![1] === null ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`)).join('')
    return (
      <g key={each.key}>
        <path d={path} fill="none" stroke={each.colour} strokeWidth={2} strokeLinejoin="round" strokeLinecap="round" />
        {points.map(([px, py], i) => py !== null && (few || i === shown) && <circle key={i} cx={px} cy={py} r={4} fill={each.colour} stroke="var(--panel)" strokeWidth={2} />)}
      </g>
    )
  })
}

interface HitsProps { slots: readonly Slot[]; series: readonly Series[]; label: string; at: number | null; onAt: (at: number | null) => void; Link: ChartLink; place: { left: number; step: number } }
/** One stop of the Tab key for the whole picture; a finger reads first and opens with the second press. */
function Hits({ slots, series, label, at, onAt, Link, place: { left, step } }: HitsProps) {
  const list = useRef<HTMLUListElement>(null)
  const stop = at ?? slots.length - 1
  const walk = (event: React.KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -slots.length, End: slots.length }[event.key]
    if (!by) return
    event.preventDefault()
    const next = Math.min(slots.length - 1, Math.max(0, stop + by))
    onAt(next)
    ;(list.current?.children[next]?.firstElementChild as HTMLElement | null)?.focus()
  }
  const press = (event: React.MouseEvent, slot: number) => { if ((event.nativeEvent as PointerEvent).pointerType === 'touch' && at !== slot) { event.preventDefault(); onAt(slot) } }
  return (
    <ul ref={list} className={css.hits} aria-label={label} onKeyDown={walk} onBlur={() => onAt(null)}>
      {slots.map((slot, i) => {
        const spoken = `${slot.name} ${series.map(({ name, texts }) => (series.length > 1 ? `${name} ${texts[i]}` : texts[i])).join(' ')}`
        const shared = { className: css.hit!, tabIndex: i === stop ? 0 : -1, 'aria-label': spoken, onFocus: () => onAt(i) }
        return (
          <li key={slot.key} style={{ left: left + i * step, width: step }} onPointerEnter={(event) => { if (event.pointerType === 'mouse') onAt(i) }}>
            {slot.to ? <Link to={slot.to} {...shared} onClick={(event) => press(event, i)} /> : <span role="img" {...shared} />}
          </li>
        )
      })}
    </ul>
  )
}

function Tip({ slot, series, at, side, open }: { slot: Slot; series: readonly Series[]; at: number; side: React.CSSProperties; open: string }) {
  const told = series.filter((each) => series.length === 1 || (each.values[at] ?? 0) !== 0)
  return (
    <div className={css.tip} style={side} aria-hidden="true">
      <b>{slot.name}</b>
      {told.map((each) => <span key={each.key} className={css.tipRow}>{series.length > 1 && <i style={{ background: each.colour }} />}<span>{series.length > 1 ? each.name : ''}</span><span className={cx('num', css.tipText)}>{each.texts[at]}</span></span>)}
      {slot.to && <small className="hint">{open}</small>}
    </div>
  )
}
