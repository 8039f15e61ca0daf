import { schemaOf, type Definitions } from '../../conditions/index.ts'
import { checkFormula, type CheckedFormula, type FormulaPlace } from '../index.ts'

const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: { zh: key, en: key }, ...more })

/** One object with a field of every kind that a formula can read, and one that it cannot. */
export const DEFINITIONS = {
  objects: [{ key: 'item', label: { zh: '条目', en: 'Item' }, title: 'name', fields: [
    field('name', 'text'), field('quantity', 'integer'), field('price', 'money'), field('paid', 'money'), field('ratio', 'decimal'), field('discount', 'percent'), field('due_on', 'date'), field('done_on', 'date'),
    field('seen_at', 'datetime'), field('open', 'boolean'), field('state', 'select', { dictionary: 'states' }), field('keeper', 'member'),
  ] }],
  dictionaries: [{ key: 'states', label: { zh: '状态', en: 'State' }, options: ['early', 'late'].map((key) => ({ key, label: { zh: key, en: key } })) }],
  tags: [],
} as unknown as Definitions

/** `state` stands for a select of the one dictionary. */
export const BOOKS = (kind: string): FormulaPlace => ({ object: 'item', kind: (kind === 'state' ? 'select' : kind) as FormulaPlace['kind'], dictionary: kind === 'state' ? 'states' : undefined, schema: schemaOf('item', DEFINITIONS) })
export const MOMENT = { now: new Date('2026-11-22T06:00:00.000Z'), zone: 'Asia/Shanghai' }

export function checked(text: string, kind: string): CheckedFormula {
  const result = checkFormula(text, BOOKS(kind))
  if (!result.ok) throw new Error(`${text}: ${result.problem.en}`)
  return result.formula
}
