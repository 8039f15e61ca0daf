import { CONDITION_LIMITS } from './ast.ts'

/** What is wrong with a condition, where (`all.0.where.value`), and what to do about it. */
export interface Problem { path: string; code: ProblemCode; zh: string; en: string }

type Words = { zh: string; en: string }
const { nodes, depth } = CONDITION_LIMITS

const PROBLEMS = {
  too_deep: () => ({ zh: `条件嵌套超过 ${depth} 层，请拆成几条规则或减少嵌套`, en: `Nested more than ${depth} levels; split the condition or flatten it` }),
  too_large: () => ({ zh: `条件超过 ${nodes} 项，请拆成几条规则`, en: `More than ${nodes} parts; split the condition` }),
  not_a_condition: (detail: string) => ({ zh: `这里不是一个条件：${detail}`, en: `This is not a condition: ${detail}` }),
  unknown_object: (key: string) => ({ zh: `没有对象「${key}」，请选择已有的对象`, en: `There is no object "${key}"; choose an existing one` }),
  unknown_field: (key: string) => ({ zh: `没有字段「${key}」，请选择已有的字段`, en: `There is no field "${key}"; choose an existing one` }),
  operator_not_for_kind: (op: string, kind: string) => ({ zh: `「${kind}」类字段不能用「${op}」比较，请换一种比较方式`, en: `A ${kind} field cannot be compared with "${op}"; choose another operator` }),
  value_missing: (op: string) => ({ zh: '请填写要比较的值', en: `"${op}" needs a value to compare with` }),
  value_not_allowed: (op: string) => ({ zh: `「${op}」不需要值，请去掉`, en: `"${op}" takes no value; remove it` }),
  value_not_for_kind: (kind: string, form: string) => ({ zh: `值与「${kind}」类字段不符，应为：${form}`, en: `The value does not fit a ${kind} field; expected: ${form}` }),
  list_expected: (op: string) => ({ zh: `「${op}」需要一组值`, en: `"${op}" needs a list of values` }),
  single_expected: (op: string) => ({ zh: `「${op}」只能有一个值`, en: `"${op}" takes a single value` }),
  two_expected: () => ({ zh: '「介于」需要起止两个值', en: '"between" needs two values' }),
  empty_text: () => ({ zh: '文本为空；要找没有内容的记录，请用「为空」', en: 'The text is empty; to find records without content use "empty"' }),
  unknown_option: (key: string) => ({ zh: `选项「${key}」不在字典里，请选择已有的选项`, en: `The dictionary has no option "${key}"; choose an existing one` }),
  unknown_tag: (key: string) => ({ zh: `没有标签「${key}」，请先建立标签`, en: `There is no tag "${key}"; create it first` }),
  unknown_region: (key: string) => ({ zh: `「${key}」不是行政区划代码`, en: `"${key}" is not a region code` }),
  duration_not_for_kind: () => ({ zh: '日期字段只能按天、周或工作日计算，例如 3d、2w、5wd', en: 'A date field counts in days, weeks or working days, such as 3d, 2w or 5wd' }),
  working_time: () => ({ zh: '这里不能按工作时间计算，请用自然时间', en: 'Working time cannot be used here; use natural time' }),
  not_in_profile: (what: string, profile: string) => ({ zh: `「${what}」不能用在这里（${profile}）`, en: `"${what}" cannot be used here (${profile})` }),
  not_a_reference: (key: string) => ({ zh: `字段「${key}」不指向唯一的对象，无法继续往下看`, en: `Field "${key}" does not point to one object, so its record cannot be looked at` }),
  relation_not_here: (via: string, object: string) => ({ zh: `字段「${via}」不指向「${object}」，这些记录不属于它`, en: `Field "${via}" does not point to "${object}", so these are not its records` }),
  not_numeric: (key: string) => ({ zh: `字段「${key}」不是数字，不能求和`, en: `Field "${key}" is not a number and cannot be summed` }),
  not_a_time: (key: string) => ({ zh: `字段「${key}」不是日期或时间`, en: `Field "${key}" is not a date or a time` }),
  changed_not_here: () => ({ zh: '「变更」只能看触发规则的那条记录', en: '"changed" looks only at the record that triggers the rule' }),
} as const satisfies Record<string, (...detail: string[]) => Words>

export type ProblemCode = keyof typeof PROBLEMS

/** Every sentence that a refusal can say, in both languages. */
export const problem = <C extends ProblemCode>(path: string, code: C, ...detail: Parameters<(typeof PROBLEMS)[C]>): Problem =>
  ({ path, code, ...(PROBLEMS[code] as (...detail: string[]) => Words)(...detail) })

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[]
