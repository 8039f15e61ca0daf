import type { Checked, Condition, ConditionKind } from '../conditions/index.ts'
import type { Decimal } from '../values/index.ts'

/** What a formula is allowed to grow to. */
export const FORMULA_LIMITS = { length: 2000, nodes: 120, depth: 24 } as const

export const FUNCTIONS = ['sum', 'min', 'max', 'round', 'abs', 'ifempty', 'days', 'text'] as const
export type FunctionName = (typeof FUNCTIONS)[number]
export type BinaryOperator = '+' | '-' | '*' | '/'

/** A formula as it is written: names are not looked up yet. `at`: where in the text. A test is a condition, the one yes/no language. */
export type Node =
  | { is: 'number'; value: Decimal }
  | { is: 'words'; value: string }
  | { is: 'flag'; value: boolean }
  | { is: 'field'; key: string; at: number }
  | { is: 'today' }
  | { is: 'binary'; op: BinaryOperator; left: Node; right: Node; at: number }
  | { is: 'call'; name: FunctionName; args: Node[]; at: number }
  | { is: 'if'; test: Condition; yes: Node; else: Node | null; at: number }

/** What a part of a formula is worth: an exact decimal, text, a day, yes or no, or the key of an option. */
export type ValueType = 'number' | 'text' | 'day' | 'flag' | 'option'

/** A part whose fields exist and whose types fit. */
export type Typed =
  | { is: 'number'; type: 'number'; value: Decimal }
  | { is: 'words'; type: 'text' | 'option'; value: string }
  | { is: 'flag'; type: 'flag'; value: boolean }
  | { is: 'field'; type: ValueType; key: string; kind: ConditionKind }
  | { is: 'today'; type: 'day' }
  | { is: 'binary'; type: 'number'; op: BinaryOperator; left: Typed; right: Typed }
  | { is: 'call'; type: ValueType; name: FunctionName; args: Typed[]; places: number }
  | { is: 'if'; type: ValueType; test: Checked; yes: Typed; else: Typed | null }

/** A formula that means something for `object`. */
export interface CheckedFormula {
  object: string
  /** What it fills: the kind of the field. */
  kind: ConditionKind
  root: Typed
  /** Fields of the record that it reads. */
  reads: ReadonlySet<string>
  /** The clock alone can change it. */
  moves: boolean
}
