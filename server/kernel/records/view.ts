import { refuse, Refused } from '#contract'
import { asking, type Answers, type Asked, type Context, type Lens, type Params, type Variance } from '#kernel/access'
import { tagKeys, valuesOf, type Row } from './image.ts'
import type { TenantKeys } from './keys.ts'
import type { Cell, ObjectPlan } from './plan.ts'
import { namesOf } from './plan.ts'
import { rightsOf, rightsSql } from './rights.ts'
import type { RecordView, Values } from './types.ts'
import { versionOf } from './version.ts'

/** What is read of each record: the cells, and the fields the reader asked for (null: all that may be read). */
export interface Shape { cells: readonly Cell[]; shown: ReadonlySet<string> | null }

/** Refused FIELD_NOT_AVAILABLE for a field that is unknown or hidden. Title and tags are always read along where they may be. */
export function shapeOf(plan: ObjectPlan, lens: Lens, fields: readonly string[] | undefined): Shape {
  const readable = plan.cells.filter(({ key }) => lens.field(key))
  if (!fields) return { cells: readable, shown: null }
  for (const field of fields) if (!lens.field(field)) throw new Refused(refuse('FIELD_NOT_AVAILABLE', 'fields', { field }))
  const shown = new Set([...fields, 'tags'])
  return { cells: readable.filter(({ key }) => shown.has(key) || key === plan.object.title), shown }
}

/** What is selected of the rows `r`, what stands behind them in FROM, and what policies keep of a row that was read. */
export interface Selection { columns: string; beside: string; held: Held }
export type Held = (row: Row) => Pick<RecordView, 'held'>

/** Columns through the lens, and what the reader may do with each row. What policies ask of a row is asked once, beside it. */
export function selectionOf(lens: Lens, { cells }: Shape, given: Params): Selection {
  const asked = asking(given)
  const { params } = asked
  const columns = cells.flatMap((cell) => namesOf(cell).map((name, i) => `${i === 0 ? lens.field(cell.key)!.column('r', params) : lens.field(cell.key)!.objectColumn!('r', params)} AS "${name}"`))
  const varying = lens.varying.filter(({ key }) => cells.some((cell) => cell.key === key)).map(({ key, varies }) => ({ key, judged: varies!.judged({ alias: 'r', params }) }))
  const shared = lens.field('owner') ? [`nullif(r.collaborators, '{}') AS "$collaborators"`, `nullif(r.co_editors, '{}') AS "$co_editors"`] : []
  const shown = ['r.id', 'r.locked AS "$locked"', ...columns, ...shared, rightsSql(lens, params)]
  return { columns: [...shown, ...asked.columns()].join(', '), beside: asked.beside(), held: varying.length === 0 ? NONE_HELD : heldIn(lens, varying, asked) }
}
const NONE_HELD: Held = () => ({})

export interface Viewing { ctx: Context; plan: ObjectPlan; lens: Lens; shape: Shape; keys: TenantKeys; held: Held }

export function viewOf({ ctx, plan, lens, shape, keys, held }: Viewing, row: Row): RecordView {
  const read = valuesOf(shape, row)
  const view: RecordView = {
    id: row['id'] as string, object: plan.object.key,
    version: versionOf(keys, lens, read, shape.shown),
    title: titleOf(plan, read[plan.object.title], ctx.request?.lang ?? 'zh'),
    values: shownOf(shape, read),
    tags: tagKeys(ctx.metadata, read['tags']),
    can: rightsOn(lens, row),
  }
  // Not spread: a page has fifty of them.
  const [collaborators, kept] = [collaboratorsOf(row), held(row).held]
  if (collaborators) view.collaborators = collaborators
  if (kept) view.held = kept
  return view
}

/** What policies keep of this record from this reader: how much less of a field is read, and that it is not changed. Rows of which the same is true are judged once. */
function heldIn(lens: Lens, varying: readonly { key: string; judged: ReturnType<Variance['judged']> }[], asked: Asked): Held {
  const known = new Map<string, Pick<RecordView, 'held'>>()
  return (row) => {
    const answers = asked.answers(row)
    const name = answers.join()
    const found = known.get(name)
    if (found) return found
    if (known.size === JUDGED) known.clear()
    const made = heldBy(lens, varying, answers)
    known.set(name, made)
    return made
  }
}

const JUDGED = 1_000

function heldBy(lens: Lens, varying: readonly { key: string; judged: ReturnType<Variance['judged']> }[], answers: Answers): Pick<RecordView, 'held'> {
  const held: NonNullable<RecordView['held']> = {}
  for (const { key, judged } of varying) {
    const { read, write } = judged(answers)
    if (read !== 'full' || (!write && lens.writable.has(key))) held[key] = { read, write }
  }
  return Object.keys(held).length > 0 ? { held } : {}
}

function collaboratorsOf(row: Row): RecordView['collaborators'] {
  const members = row['$collaborators'] as readonly number[] | null | undefined
  if (!members) return members === null ? [] : undefined
  const editors = new Set(row['$co_editors'] as readonly number[] | null)
  return members.map((member) => ({ member, write: editors.has(member) }))
}

function rightsOn(lens: Lens, row: Row): RecordView['can'] {
  const reach = rightsOf(row)
  const unlock = reach.unlock && lens.can('unlock')
  const open = row['$locked'] !== true || unlock
  return { edit: open && reach.edit && lens.can('edit'), delete: open && reach.delete && lens.can('delete'), transfer: open && reach.transfer && lens.can('transfer'), share: open && reach.share && lens.can('edit') && lens.field('owner') !== undefined, unlock }
}

/** What was asked for; the id and the tags have places of their own. */
function shownOf({ cells, shown }: Shape, read: Values): Values {
  const values: Values = {}
  for (const { key } of cells) {
    const value = read[key]
    if (value !== undefined && key !== 'tags' && (shown === null || shown.has(key))) values[key] = value
  }
  return values
}

/** The name of a record in a line; empty when its field is empty or hidden. */
export function titleOf(plan: ObjectPlan, value: unknown, lang: 'zh' | 'en'): string {
  if (value === null || value === undefined) return ''
  const field = plan.fields.get(plan.object.title)
  if (field?.options && typeof value === 'string') return field.options.get(value)?.label[lang] ?? value
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
