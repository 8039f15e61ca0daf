import type { Condition, Operator } from '../conditions/index.ts'
import { canonicalDecimal, decimalOf, exact, times } from '../values/index.ts'
import { FORMULA_LIMITS, FUNCTIONS, type FunctionName, type Node } from './ast.ts'
import { wrong } from './problems.ts'
import { tokensOf, type Token } from './tokens.ts'

/** Names by which the functions are also called. */
const ALIASES: Readonly<Record<string, string>> = { 四舍五入: 'round', 求和: 'sum', 最小值: 'min', 最大值: 'max', 绝对值: 'abs', 如果: 'if', 空则: 'ifempty', 天数: 'days', 拼接: 'text', 今天: 'today', 为空: 'empty', 且: 'and', 或: 'or', 非: 'not', 是: 'true', 否: 'false' }

/** The text of a formula as a tree; throws Wrong at the first thing that cannot be read. */
export function parseFormula(text: string): Node {
  if (text.length > FORMULA_LIMITS.length) wrong(0, 'too_long')
  return new Parser(tokensOf(text)).whole()
}

class Parser {
  private readonly tokens: readonly Token[]
  private next = 0
  private nodes = 0
  private depth = 0

  constructor(tokens: readonly Token[]) { this.tokens = tokens }

  whole(): Node {
    const node = this.sum()
    if (this.here.is !== 'end') this.lost()
    return node
  }

  private sum(): Node { return this.chain(['+', '-'], () => this.product()) }
  private product(): Node { return this.chain(['*', '/'], () => this.single()) }

  private chain(signs: readonly ('+' | '-' | '*' | '/')[], part: () => Node): Node {
    let left = part()
    for (;;) {
      const op = signs.find((sign) => this.isSign(sign))
      if (!op) return left
      const { at } = this.take()
      left = this.counted({ is: 'binary', op, left, right: part(), at })
    }
  }

  private single(): Node {
    if (++this.depth > FORMULA_LIMITS.depth) wrong(this.here.at, 'too_long')
    const node = this.counted(this.term())
    this.depth -= 1
    return node
  }

  private term(): Node {
    const token = this.take()
    if (token.is === 'number') return { is: 'number', value: numberOf(token.text) }
    if (token.is === 'words') return { is: 'words', value: token.text }
    if (token.is === 'name') return this.named(token)
    if (token.text === '(') return this.closed(this.sum())
    if (token.text === '-') return { is: 'binary', op: '-', left: { is: 'number', value: '0' }, right: this.single(), at: token.at }
    return this.lost(token)
  }

  private named(token: Token): Node {
    const word = wordOf(token)
    if (word === 'today') { if (this.isSign('(')) { this.take(); this.expect(')') } return { is: 'today' } }
    if (word === 'true' || word === 'false') return { is: 'flag', value: word === 'true' }
    if (!this.isSign('(') || token.braced) return { is: 'field', key: token.text, at: token.at }
    this.take()
    if (word === 'if') return this.choice(token.at)
    if (!FUNCTIONS.includes(word as FunctionName)) return wrong(token.at, 'unknown_function', token.text)
    return { is: 'call', name: word as FunctionName, args: this.list(), at: token.at }
  }

  private list(): Node[] {
    const args = [this.sum()]
    while (this.isSign(',')) { this.take(); args.push(this.sum()) }
    this.expect(')')
    return args
  }

  /** `if(test, a, test, b, …, otherwise)`; without otherwise it is empty. */
  private choice(at: number): Node {
    const test = this.any()
    this.expect(',')
    const yes = this.sum()
    if (!this.isSign(',')) { this.expect(')'); return { is: 'if', test, yes, else: null, at } }
    this.take()
    const before = this.next
    if (!this.holdsTest()) return { is: 'if', test, yes, else: this.closed(this.sum()), at }
    this.next = before
    return { is: 'if', test, yes, else: this.counted(this.choice(at)), at }
  }

  /** Is what comes next, up to its comma, a test? Only looked at. */
  private holdsTest(): boolean {
    const before = this.next
    for (let open = 0; this.here.is !== 'end' && this.here.is !== 'wrong'; this.next += 1) {
      if (this.isSign('(')) open += 1
      else if (this.isSign(')')) { if (open === 0) break; open -= 1 }
      else if (this.isSign(',') && open === 0) break
      else if (open === 0 && (COMPARE[this.here.text] !== undefined || TEST_WORDS.has(wordOf(this.here)))) { this.next = before; return true }
    }
    this.next = before
    return false
  }

  private any(): Condition { return this.joined('or', 'any', () => this.all()) }
  private all(): Condition { return this.joined('and', 'all', () => this.test()) }

  private joined(word: string, as: 'any' | 'all', part: () => Condition): Condition {
    const parts = [part()]
    while (this.here.is === 'name' && wordOf(this.here) === word) { this.take(); parts.push(part()) }
    return parts.length === 1 ? parts[0]! : ({ [as]: parts } as Condition)
  }

  private test(): Condition {
    if (++this.depth > FORMULA_LIMITS.depth) wrong(this.here.at, 'too_long')
    const condition = this.oneTest()
    this.depth -= 1
    return condition
  }

  private oneTest(): Condition {
    const { at } = this.here
    const word = this.here.is === 'name' ? wordOf(this.here) : ''
    if (this.isSign('(')) { this.take(); const inner = this.any(); this.expect(')'); return inner }
    if (word === 'not') { this.take(); return { not: this.test() } }
    if (word === 'empty') { this.take(); this.expect('('); const field = this.take(); this.expect(')'); return { field: field.text, op: 'empty' } }
    const left = this.operand()
    const op = COMPARE[this.here.text]
    if (!op || this.here.is !== 'sign') return 'field' in left ? { field: left.field, op: 'eq', value: true } : wrong(at, 'test_shape')
    this.take()
    const right = this.operand()
    if ('field' in left && !('field' in right)) return { field: left.field, op, value: right.value } as Condition
    if ('field' in right && !('field' in left)) return { field: right.field, op: TURNED[op] ?? op, value: left.value } as Condition
    return wrong(at, 'test_shape')
  }

  private operand(): { field: string } | { value: unknown } {
    const negative = this.isSign('-') ? Boolean(this.take()) : false
    const token = this.take()
    if (token.is === 'number') return { value: `${negative ? '-' : ''}${numberOf(token.text)}` }
    if (token.is === 'words') return { value: token.text }
    if (token.is !== 'name' || negative) return this.lost(token)
    const word = wordOf(token)
    if (word === 'today') { if (this.isSign('(')) { this.take(); this.expect(')') } return { value: { today: true, ...this.daysAway() } } }
    return word === 'true' || word === 'false' ? { value: word === 'true' } : { field: token.text }
  }

  /** `today + 7`: so many days from it. */
  private daysAway(): object {
    const way = this.isSign('+') ? 'plus' : this.isSign('-') ? 'minus' : null
    if (way === null) return {}
    this.take()
    const token = this.take()
    return token.is === 'number' && /^\d{1,5}$/.test(token.text) ? { [way]: `${token.text}d` } : this.lost(token)
  }

  private get here(): Token { return this.tokens[this.next]! }
  private take(): Token { const token = this.here; if (token.is !== 'end') this.next += 1; return token }
  private isSign(sign: string): boolean { return this.here.is === 'sign' && this.here.text === sign }
  private expect(sign: string): void { if (!this.isSign(sign)) this.lost(); this.take() }
  private closed(node: Node): Node { this.expect(')'); return node }
  private lost(token: Token = this.here): never { return token.is === 'end' ? wrong(token.at, 'ends_early') : wrong(token.at, 'unexpected', token.text) }
  private counted(node: Node): Node { if (++this.nodes > FORMULA_LIMITS.nodes) wrong(this.here.at, 'too_long'); return node }
}

const wordOf = (token: Token): string => (token.is === 'name' && !token.braced ? (ALIASES[token.text] ?? token.text.toLowerCase()) : '')
const TEST_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'empty'])
const COMPARE: Readonly<Record<string, Operator>> = { '=': 'eq', '<>': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' }
const TURNED: Readonly<Partial<Record<Operator, Operator>>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' }

/** `13%` is 0.13. */
const numberOf = (text: string): string => (text.endsWith('%') ? decimalOf(times(exact(text.slice(0, -1)), exact('0.01'))) : canonicalDecimal(text)!)
