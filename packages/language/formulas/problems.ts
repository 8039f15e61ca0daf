/** What is wrong with a formula, where in its text, and what to do about it. */
export interface FormulaProblem { at: number; code: FormulaProblemCode; zh: string; en: string }

const PROBLEMS = {
  too_long: () => ({ zh: '公式太长，请拆成几个字段', en: 'The formula is too long; split it into several fields' }),
  unexpected: (what: string) => ({ zh: `这里看不懂「${what}」，请检查括号和符号`, en: `"${what}" makes no sense here; check brackets and signs` }),
  ends_early: () => ({ zh: '公式没有写完', en: 'The formula is not finished' }),
  unknown_field: (key: string) => ({ zh: `没有字段「${key}」，请选择已有的字段`, en: `There is no field "${key}"; choose an existing one` }),
  unknown_function: (name: string) => ({ zh: `没有函数「${name}」，可用：round、sum、min、max、abs、if、ifempty、days、text、today`, en: `There is no function "${name}"; these exist: round, sum, min, max, abs, if, ifempty, days, text, today` }),
  field_not_here: (key: string, kind: string) => ({ zh: `「${key}」是 ${kind} 类字段，不能用在公式里`, en: `"${key}" is a ${kind} field and cannot stand in a formula` }),
  needs_type: (wanted: string, found: string) => ({ zh: `这里需要${wanted}，却是${found}`, en: `${wanted} is needed here, not ${found}` }),
  arguments: (name: string, wanted: string) => ({ zh: `「${name}」需要 ${wanted} 个值`, en: `"${name}" takes ${wanted} values` }),
  places: () => ({ zh: '保留的小数位数应为 0 到 10 的整数', en: 'The number of decimal places must be a whole number from 0 to 10' }),
  test_shape: () => ({ zh: '条件只能拿一个字段和一个值比较；要比较两个字段，请先做一个它们相减的公式字段', en: 'A test compares one field with a value; to compare two fields, first make a formula field of their difference' }),
  test: (zh: string, en: string) => ({ zh, en }),
  result: (kind: string, found: string) => ({ zh: `结果是${found}，不能放进 ${kind} 类字段`, en: `The result is ${found}, which a ${kind} field cannot hold` }),
  unknown_option: (key: string) => ({ zh: `字典里没有选项「${key}」`, en: `The dictionary has no option "${key}"` }),
} as const

export type FormulaProblemCode = keyof typeof PROBLEMS

export const problem = <C extends FormulaProblemCode>(at: number, code: C, ...detail: Parameters<(typeof PROBLEMS)[C]>): FormulaProblem =>
  ({ at, code, ...(PROBLEMS[code] as (...detail: string[]) => { zh: string; en: string })(...detail) })

/** Thrown while reading and caught at the door of this room. */
export class Wrong extends Error {
  readonly problem: FormulaProblem
  constructor(found: FormulaProblem) { super(found.en); this.problem = found }
}

export const wrong = <C extends FormulaProblemCode>(at: number, code: C, ...detail: Parameters<(typeof PROBLEMS)[C]>): never => {
  throw new Wrong(problem(at, code, ...detail))
}
