import type { Condition } from '../ast.ts'
import type { BindContext } from '../bind.ts'
import { kindOf, type Stored } from './world.ts'

/** Literals moved onto values that are stored, so that boundaries are hit and not only surrounded. Stays valid. */
export function aim(condition: Condition, rows: readonly Stored[], at: BindContext): Condition {
  return aimAt(condition, 'thing', { rows, at })
}

interface World { rows: readonly Stored[]; at: BindContext }

function aimAt(node: Condition, object: string, world: World): Condition {
  if ('all' in node) return { all: node.all.map((each) => aimAt(each, object, world)) }
  if ('any' in node) return { any: node.any.map((each) => aimAt(each, object, world)) }
  if ('not' in node) return { not: aimAt(node.not, object, world) }
  if ('parent' in node) return { ...node, where: aimAt(node.where, 'maker', world) }
  if ('field' in node) return { ...node, ...aimed(object, node.field, node, world) } as Condition
  if ('latest' in node) return { ...node, ...within(node, node.latest.object, world), ...aimed(node.latest.object, node.of, node, world) } as Condition
  if ('recent' in node) return { ...node, ...within(node, node.recent.object, world), that: aimAt(node.that, node.recent.object, world) }
  if ('trend' in node) return { ...node, ...within(node, node.trend.object, world) }
  if ('some' in node) return { ...node, ...within(node, node.some.object, world) }
  if ('none' in node) return { ...node, ...within(node, node.none.object, world) }
  if ('count' in node) return { ...node, ...within(node, node.count.object, world) }
  return 'sum' in node ? { ...node, ...within(node, node.sum.object, world) } : node
}

const within = ({ where }: { where?: Condition | undefined }, child: string, world: World): object => (where ? { where: aimAt(where, child, world) } : {})

/** The value of the first record that has one, in the form the operator takes. */
function aimed(object: string, field: string, { op, value }: { op: string; value?: unknown }, { rows, at }: World): object {
  const cell = rows.find((row) => row.object === object && row.cells[field] != null && !row.gone)?.cells[field]
  const kind = kindOf(object, field)
  if (cell === undefined || value === undefined || cell === '' || kind === 'file') return {}
  const literal = literalOf(kind, cell)
  if (literal === null || /under/i.test(op)) return {}
  if (/olderThan|within/i.test(op)) return { value: lengthTo(kind, literal as string, at) ?? value }
  if (/between/i.test(op)) return { value: [literal, (value as unknown[])[1]] }
  if (/contains|startsWith/i.test(op)) return { value: otherCase(literal as string) }
  return { value: Array.isArray(value) || value !== null && typeof value === 'object' && 'myTeams' in value ? [literal] : literal }
}

const TAGS = ['', 'hot', '大客户', "o'clock"]

/** Told apart by exact arithmetic only. */
const NEIGHBOURS: Record<string, string> = { '9007199254740992': '9007199254740993', '9007199254740993': '9007199254740992', '0.1': '0.10000000000000001', '0.10000000000000001': '0.1', '0.3': '0.30' }

function literalOf(kind: string, cell: unknown): unknown {
  if (Array.isArray(cell)) return cell.length === 0 ? null : kind === 'tags' ? TAGS[cell[0] as number] : cell[0]
  if (kind === 'anyReference') return `${(cell as { object: string }).object}:${(cell as { id: string }).id}`
  if (typeof cell === 'string' && cell in NEIGHBOURS) return NEIGHBOURS[cell]
  return kind === 'datetime' ? `${(cell as string).slice(0, 23)}Z` : cell
}

/** Upper where it was lower in any alphabet: only A–Z may still match. */
const otherCase = (text: string): string => (text.toUpperCase() === text ? text.toLowerCase() : text.toUpperCase())

/** A length that reaches from now (or today) exactly to the value, if there is one. */
function lengthTo(kind: string, value: string, { now }: BindContext): string | null {
  if (kind === 'date') return `${Math.min(999_999, Math.abs(Math.round((Date.parse(value) - now.getTime()) / 86_400_000)))}d`
  const away = Math.abs(Date.parse(value) - now.getTime()) / 1000
  return Number.isInteger(away) && away < 1_000_000 ? `${away}s` : null
}
