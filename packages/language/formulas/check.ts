import { checkCondition, needsOf, type Checked, type Condition, type ConditionKind, type ConditionSchema, type FieldFacts } from '../conditions/index.ts'
import type { CheckedFormula, FunctionName, Node, Typed, ValueType } from './ast.ts'
import { parseFormula } from './parse.ts'
import { problem, Wrong, wrong, type FormulaProblem } from './problems.ts'

/** The field that the formula fills, in the object whose fields it reads. */
export interface FormulaPlace { object: string; kind: ConditionKind; dictionary?: string | undefined; schema: ConditionSchema }
export type FormulaResult = { ok: true; formula: CheckedFormula } | { ok: false; problem: FormulaProblem }

/** Whether the text is a formula for that place; the first thing that is wrong, with where and what to do. */
export function checkFormula(text: string, place: FormulaPlace): FormulaResult {
  try {
    return { ok: true, formula: new Reader(place).whole(parseFormula(text)) }
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, problem: error.problem }
    throw error
  }
}

/** What a field of the kind is worth in a formula; undefined: it cannot stand in one. */
export const TYPE_OF: Readonly<Partial<Record<ConditionKind, ValueType>>> = {
  integer: 'number', decimal: 'number', money: 'number', percent: 'number', date: 'day', datetime: 'day', boolean: 'flag', select: 'option',
  text: 'text', long: 'text', email: 'text', url: 'text', phone: 'text', auto: 'text',
}

/** Kinds that a formula can fill. */
export const FORMULA_KINDS = ['money', 'decimal', 'integer', 'percent', 'text', 'date', 'boolean', 'select'] as const

const WORDS: Readonly<Record<ValueType, { zh: string; en: string }>> = {
  number: { zh: '数字', en: 'a number' }, text: { zh: '文字', en: 'text' }, day: { zh: '日期', en: 'a day' }, flag: { zh: '是否', en: 'yes or no' }, option: { zh: '选项', en: 'an option' },
}
const ARGUMENTS: Readonly<Record<FunctionName, readonly [least: number, most: number]>> = { sum: [1, 20], min: [1, 20], max: [1, 20], round: [1, 2], abs: [1, 1], ifempty: [2, 2], days: [2, 2], text: [1, 20] }

class Reader {
  private readonly reads = new Set<string>()
  private moves = false
  private readonly place: FormulaPlace
  constructor(place: FormulaPlace) { this.place = place }

  whole(node: Node): CheckedFormula {
    const { object, kind } = this.place
    const wanted = (FORMULA_KINDS as readonly string[]).includes(kind) ? TYPE_OF[kind]! : wrong(0, 'field_not_here', '', kind)
    const root = this.as(this.typed(node), wanted, 0, true)
    return { object, kind, root, reads: this.reads, moves: this.moves }
  }

  private typed(node: Node): Typed {
    switch (node.is) {
      case 'number': return { ...node, type: 'number' }
      case 'words': return { ...node, type: 'text' }
      case 'flag': return { ...node, type: 'flag' }
      case 'today': this.moves = true; return { is: 'today', type: 'day' }
      case 'field': return this.field(node.key, node.at)
      case 'binary': return { is: 'binary', type: 'number', op: node.op, left: this.number(node.left, node.at), right: this.number(node.right, node.at) }
      case 'call': return this.call(node)
      case 'if': return this.choice(node)
    }
  }

  private field(key: string, at: number): Typed {
    const facts = this.facts(key, at)
    const type = TYPE_OF[facts.kind] ?? wrong(at, 'field_not_here', key, facts.kind)
    this.read(key)
    return { is: 'field', type, key, kind: facts.kind }
  }

  private facts(key: string, at: number): FieldFacts { return this.place.schema.field(this.place.object, key) ?? wrong(at, 'unknown_field', key) }
  private read(key: string): void { this.reads.add(key) }
  private number(node: Node, at: number): Typed { return this.as(this.typed(node), 'number', at) }

  /** `found` as what is wanted; literal words become an option where one is wanted. */
  private as(found: Typed, type: ValueType, at: number, last = false): Typed {
    if (found.type === type && (type !== 'option' || found.is !== 'field' || this.sameDictionary(found.key))) return found
    if (type === 'option' && found.is === 'words') return this.option(found.value, at)
    if (found.is === 'if') return { ...found, type, yes: this.as(found.yes, type, at, last), else: found.else && this.as(found.else, type, at, last) }
    const [zh, en] = [WORDS[found.type].zh, WORDS[found.type].en]
    if (last) throw new Wrong({ ...problem(at, 'result', this.place.kind, zh), en: problem(at, 'result', this.place.kind, en).en })
    throw new Wrong({ ...problem(at, 'needs_type', WORDS[type].zh, zh), en: problem(at, 'needs_type', WORDS[type].en, en).en })
  }

  private sameDictionary(key: string): boolean { return this.place.schema.field(this.place.object, key)?.dictionary === this.place.dictionary }

  private option(key: string, at: number): Typed {
    if (this.place.schema.optionsUnder(this.place.dictionary ?? '', key).length === 0) wrong(at, 'unknown_option', key)
    return { is: 'words', type: 'option', value: key }
  }

  private call({ name, args, at }: Extract<Node, { is: 'call' }>): Typed {
    const [least, most] = ARGUMENTS[name]
    if (args.length < least || args.length > most) wrong(at, 'arguments', name, least === most ? String(least) : `${least}–${most}`)
    if (name === 'text') return { is: 'call', type: 'text', name, args: args.map((each) => this.spoken(each, at)), places: 0 }
    if (name === 'days') return { is: 'call', type: 'number', name, args: args.map((each) => this.as(this.typed(each), 'day', at)), places: 0 }
    if (name === 'round') return { is: 'call', type: 'number', name, args: [this.number(args[0]!, at)], places: this.places(args[1], at) }
    const [first, ...rest] = args.map((each) => this.typed(each)) as [Typed, ...Typed[]]
    const type: ValueType = name === 'ifempty' || ((name === 'min' || name === 'max') && first.type === 'day') ? first.type : 'number'
    return { is: 'call', type, name, args: [this.as(first, type, at), ...rest.map((each) => this.as(each, type, at))], places: 0 }
  }

  /** What can be said as text whatever the language: no option, no yes or no. */
  private spoken(node: Node, at: number): Typed {
    const found = this.typed(node)
    return found.type === 'option' || found.type === 'flag' ? this.as(found, 'text', at) : found
  }

  private places(node: Node | undefined, at: number): number {
    if (node === undefined) return 0
    const places = node.is === 'number' ? Number(node.value) : -1
    return Number.isInteger(places) && places >= 0 && places <= 10 ? places : wrong(at, 'places')
  }

  private choice({ test, yes, else: otherwise, at }: Extract<Node, { is: 'if' }>): Typed {
    const checked = this.test(test, at)
    const [first, last] = [this.typed(yes), otherwise && this.typed(otherwise)]
    if (last === null || last.type === first.type) return { is: 'if', type: first.type, test: checked, yes: first, else: last }
    const type = first.is === 'words' && last.type === 'option' ? 'option' : first.type
    return { is: 'if', type, test: checked, yes: this.as(first, type, at), else: this.as(last, type, at) }
  }

  private test(condition: Condition, at: number): Checked {
    const { object, schema } = this.place
    const result = checkCondition(suited(condition, (key) => schema.field(object, key)), { ...schema, object }, 'field-check')
    if (!result.ok) return wrong(at, 'test', result.problems[0]!.zh, result.problems[0]!.en)
    const needs = needsOf(result.checked)
    for (const key of needs.own) this.read(key)
    if (needs.reach === 'over-time') this.moves = true
    return result.checked
  }
}

/** A number is written `5`, `13%` or `"5"`: as the kind of its field wants it, percent as the condition language counts it (10 is 10 %). */
function suited(condition: Condition, factsOf: (key: string) => FieldFacts | undefined): Condition {
  if ('all' in condition) return { all: condition.all.map((each) => suited(each, factsOf)) }
  if ('any' in condition) return { any: condition.any.map((each) => suited(each, factsOf)) }
  if ('not' in condition) return { not: suited(condition.not, factsOf) }
  if (!('field' in condition) || typeof condition.value !== 'string') return condition
  const kind = factsOf(condition.field)?.kind
  if (kind === 'integer' && Number.isSafeInteger(Number(condition.value))) return { ...condition, value: Number(condition.value) }
  if (kind === 'percent' && /^-?\d+(\.\d+)?$/.test(condition.value)) return { ...condition, value: hundredfold(condition.value) }
  return condition
}

function hundredfold(value: string): string {
  const [whole = '0', fraction = ''] = value.split('.')
  return `${whole}${fraction.padEnd(2, '0').slice(0, 2)}${fraction.length > 2 ? `.${fraction.slice(2)}` : ''}`.replace(/^(-?)0+(?=\d)/, '$1')
}
