import type { z } from 'zod'
import { DEFINITION_KINDS, type DefinitionBody, type DefinitionKind } from '#language/definitions'
import { isMonths } from '#language/values'
import { type Finding, finding, type Words } from './checks/finding.ts'

type Parsed<K extends DefinitionKind> = { ok: true; body: DefinitionBody<K> } | { ok: false; found: Finding[] }
type Issue = z.core.$ZodIssue

/** From JSON to a body of its kind. Every fault is found, in reading order, each with its path. */
export function parseBody<K extends DefinitionKind>(kind: K, key: string, json: unknown): Parsed<K> {
  const parsed = DEFINITION_KINDS[kind].safeParse(json, { reportInput: true })
  if (!parsed.success) return { ok: false, found: parsed.error.issues.flatMap((issue) => read(issue, [])) }
  const body = parsed.data as DefinitionBody<K>
  if (body.key !== key) return { ok: false, found: [finding('key', `应为「${key}」：标识发布后不能改`, `It must be “${key}”: a key never changes`)] }
  if (JSON.stringify(body).includes('\\u0000')) return { ok: false, found: [finding('', '内容里有不可见的空字符，请去掉', 'It holds a NUL character; remove it')] }
  return { ok: true, body }
}

function read(issue: Issue, above: readonly PropertyKey[]): Finding[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return likeliest(issue.errors).flatMap((each) => read(each, path))
  const { zh, en } = wordsFor(issue)
  return [finding(path.join('.'), zh, en)]
}

/** Of the shapes that a value may have, the one that its author most likely meant: fewest faults, and not another type altogether. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const otherType = (issues: readonly Issue[]) => issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0)
  const near = branches.filter((each) => !otherType(each))
  return (near.length > 0 ? near : branches).toSorted((a, b) => a.length - b.length)[0]!
}

function wordsFor(issue: Issue): Words {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return { zh: '必须填写', en: 'This is required' }
      return { zh: `应为${TYPES_ZH[issue.expected] ?? issue.expected}`, en: `Expected ${issue.expected}` }
    case 'invalid_value': return { zh: `只能是：${some(issue.values)}`, en: `Only these are possible: ${some(issue.values)}` }
    case 'unrecognized_keys': return { zh: `不认识：${some(issue.keys)}，请去掉或检查拼写`, en: `Not known: ${some(issue.keys)}; remove it or check its spelling` }
    case 'too_small': return { zh: `至少 ${issue.minimum}${unitZh(issue.origin)}`, en: `At least ${issue.minimum} ${unitEn(issue.origin)}`.trim() }
    case 'too_big': return { zh: `最多 ${issue.maximum}${unitZh(issue.origin)}`, en: `At most ${issue.maximum} ${unitEn(issue.origin)}`.trim() }
    case 'invalid_format': if (isMonths(String(issue.input))) return { zh: '这里不能按月计，请用天或周', en: 'Months cannot be counted here; use days or weeks' }
      return { zh: `格式不对${pattern(issue)}`, en: `The format is wrong${pattern(issue)}` }
    case 'invalid_union': return { zh: '这种类型不存在，请选择已有的类型', en: 'There is no such kind; choose an existing one' }
    default: return { zh: `不正确（${issue.message}）`, en: issue.message }
  }
}

const TYPES_ZH: Readonly<Record<string, string>> = { string: '文本', number: '数字', int: '整数', boolean: '是或否', array: '列表', object: '一组设置', record: '一组设置' }
const some = (values: readonly unknown[]): string => values.map(String).join('、').slice(0, 300)
const unitZh = (origin: string) => (origin === 'string' ? ' 个字' : origin === 'array' ? ' 项' : '')
const unitEn = (origin: string) => (origin === 'string' ? 'characters' : origin === 'array' ? 'items' : '')
const pattern = (issue: Issue) => ('pattern' in issue && issue.pattern ? ` ${issue.pattern}` : '')
