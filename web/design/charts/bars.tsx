import { cx } from '../classes.ts'
import css from './charts.module.css'
import type { ChartLink, Mark } from './marks.ts'

export interface BarRow { key: string; name: string; text: string; value: number; to: string | null; note?: string | undefined; /** Two or more: stacked. */ parts: readonly Mark[] }
interface Props { rows: readonly BarRow[]; label: string; Link: ChartLink; look?: 'plain' | 'ranking' | 'funnel'; legend?: readonly { name: string; colour: string }[] }

/** Lying bars, one to a line, names in full: the list of numbers and the picture are the same thing. */
export function Bars({ rows, label, Link, look = 'plain', legend = [] }: Props) {
  const most = Math.max(...rows.map(({ value }) => Math.abs(value)), 0) || 1
  return (
    <div className={css.barsBox}>
      <ol className={css.bars} data-look={look} aria-label={label}>
        {rows.map((row, at) => (
          <li key={row.key} className={css.barRow}>
            {look === 'ranking' && <span className={cx(css.rank, 'num')} aria-hidden="true">{row.parts.length > 0 && at + 1}</span>}
            <Whole row={row} Link={Link} />
            {row.parts.length > 0 && <span className={css.track} aria-hidden={row.parts.length < 2}>{row.parts.map((part) => <Part key={part.key} part={part} most={most} Link={Link} alone={row.parts.length < 2} />)}</span>}
          </li>
        ))}
      </ol>
      {legend.length > 1 && <Legend items={legend} />}
    </div>
  )
}

function Whole({ row, Link }: { row: BarRow; Link: ChartLink }) {
  const inside = <><span className={css.barName}>{row.name}</span><span className={cx(css.barText, 'num')}>{row.text}{row.note && <small className="hint"> {row.note}</small>}</span></>
  return row.to ? <Link to={row.to} className={css.barHead}>{inside}</Link> : <span className={css.barHead}>{inside}</span>
}

function Part({ part, most, Link, alone }: { part: Mark; most: number; Link: ChartLink; alone: boolean }) {
  const style = { width: `${(Math.max(0, part.value) / most) * 100}%`, background: part.colour }
  if (alone || !part.to) return <i className={css.part} style={style} />
  return <Link to={part.to} className={css.part} style={style} title={`${part.name} ${part.text}`} aria-label={`${part.name} ${part.text}`} />
}

export const Legend = ({ items }: { items: readonly { name: string; colour: string }[] }) => (
  <ul className={css.legend} aria-hidden="true">{items.map(({ name, colour }) => <li key={name}><i style={{ background: colour }} />{name}</li>)}</ul>
)
