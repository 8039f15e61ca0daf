import { checkCondition, impossible, toSentence, type Condition, type SentenceNames } from '#language/conditions'
import { BASE_FIELDS, type Rule } from '#language/definitions'
import type { Metadata } from '../types.ts'
import { type Finding, finding } from './finding.ts'

/** Would this rule never act, whatever happens? Its condition, and what each action asks for, with the parts that exclude each other. */
export function checkPossible({ trigger, condition, actions }: Rule, metadata: Metadata): Finding[] {
  const own = exclusion('condition', trigger.object, condition, metadata)
  if (own.length > 0) return own
  return actions.flatMap(({ if: guard, via }, i) => (guard === undefined || via !== undefined ? [] : exclusion(`actions.${i}.if`, trigger.object, { all: [condition, guard] }, metadata)))
}

function exclusion(path: string, object: string, condition: Condition, metadata: Metadata): Finding[] {
  const checked = checkCondition(condition, metadata.conditionSchema(object), 'rule')
  // What does not check is said elsewhere.
  const parts = checked.ok ? impossible(checked.checked, { me: null, myTeams: [], now: new Date(), zone: 'Asia/Shanghai', calendar: metadata.calendar }) : null
  if (!parts) return []
  const said = (lang: 'zh' | 'en') => parts.map((part) => (lang === 'zh' ? `「${toSentence(part, lang, namesOf(metadata, lang))}」` : `“${toSentence(part, lang, namesOf(metadata, lang))}”`))
  if (parts.length === 1) return [finding(path, `条件永远不成立：${said('zh')[0]}`, `This can never hold: ${said('en')[0]}`)]
  return [finding(path, `条件永远不成立：${said('zh').join('和')}不可能同时满足`, `This can never hold: ${said('en').join(' and ')} exclude each other`)]
}

function namesOf({ objects, dictionaries, tags }: Metadata, lang: 'zh' | 'en'): SentenceNames {
  return {
    field: (object, key) => objects.get(object)?.field.get(key)?.label[lang] ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label[lang],
    object: (key) => objects.get(key)?.label[lang],
    option: (dictionary, key) => dictionaries.get(dictionary)?.byKey.get(key)?.label[lang],
    tag: (key) => tags.byKey.get(key)?.label[lang],
  }
}
