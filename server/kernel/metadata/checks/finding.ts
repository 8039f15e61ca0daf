import type { ErrorCode, Refusal } from '#contract'
import { refuse } from '#contract'

export interface Words { zh: string; en: string }

/** Something that is wrong with a definition: where in its body, and what, in both languages. */
export interface Finding extends Words { path: string; code: ErrorCode }

export const finding = (path: string, zh: string, en: string, code: ErrorCode = 'DEFINITION_INVALID'): Finding => ({ path, zh, en, code })

export const refusalOf = ({ code, path, zh, en }: Finding): Refusal => refuse(code, path || undefined, { reason: zh, reasonEn: en })

/** A list of findings, made of parts that are findings, lists of them, or nothing. */
export const findings = (...parts: (Finding | readonly Finding[] | false | null | undefined)[]): Finding[] => parts.flatMap((each) => (each ? each : []))

export const under = (path: string, found: readonly Finding[]): Finding[] => found.map((each) => ({ ...each, path: each.path === '' ? path : `${path}.${each.path}` }))

/** The keys that stand more than once. */
export function repeated(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, i) => keys.indexOf(key) !== i))]
}

export const KIND_WORDS: Readonly<Record<string, Words>> = {
  dictionary: { zh: '字典', en: 'dictionary' },
  object: { zh: '对象', en: 'object' },
  tag: { zh: '标签', en: 'tag' },
  role: { zh: '角色', en: 'role' },
  grading: { zh: '分级', en: 'grading' },
  assignmentPolicy: { zh: '分配策略', en: 'assignment policy' },
  form: { zh: '表单', en: 'form' },
  rule: { zh: '规则', en: 'rule' },
  view: { zh: '视图', en: 'view' },
  calendar: { zh: '工作日历', en: 'working calendar' },
  recordAct: { zh: '记录操作', en: 'record act' },
  conversion: { zh: '转换', en: 'conversion' },
  layout: { zh: '页面布局', en: 'page layout' },
  pooling: { zh: '公海规则', en: 'pooling' },
  print: { zh: '打印模板', en: 'print template' },
  dashboard: { zh: '看板', en: 'dashboard' },
  policy: { zh: '权限策略', en: 'policy' },
  accessMode: { zh: '权限模式', en: 'access mode' },
}
