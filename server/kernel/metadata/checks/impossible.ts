import { checkCondition, impossible, toSentence, type Condition, type SentenceNames } from '#language/conditions'
import { actionsOn, BASE_FIELDS, stepsIn, type Rule } from '#language/definitions'
import type { Metadata } from '../types.ts'
import { type Finding, finding } from './finding.ts'

/** Would this rule never act, whatever happens? Its condition, and what each action asks for, with the parts that exclude each other. */
export function checkPossible({ trigger, condition, actions }: Rule, metadata: Metadata): Finding[] {
  const own = exclusion('condition', trigger.object, condition, metadata)
  if (own.length > 0) return own
  const guarded = actionsOn(trigger.object, actions).filter(({ path }) => !path.includes('.'))
  const guards = guarded.flatMap(({ action: { if: guard, via }, path, waited }) => (guard === undefined || via !== undefined ? [] : exclusion(`actions.${path}.if`, trigger.object, waited ? guard : { all: [condition, guard] }, metadata)))
  return [...guards, ...checkReached({ trigger, condition, actions }, metadata)]
}

/** Branches that are never taken, and conditions that nobody can wait for. What stands before any writing may rely on the rule's own condition. */
function checkReached({ trigger, condition, actions }: Pick<Rule, 'trigger' | 'condition' | 'actions'>, metadata: Metadata): Finding[] {
  const first = String(actions.findIndex(({ do: what }) => what !== 'notify' && what !== 'webhook'))
  return stepsIn(actions).flatMap(({ step, path, each }) => {
    const [object, known] = [each?.object ?? trigger.object, path === first ? [condition] : []]
    if (step.do === 'waitUntil') return exclusion(`actions.${path}.until`, object, step.until, metadata, { zh: '永远等不到', en: 'This wait can never be met' })
    if (step.do !== 'branch') return []
    return [
      ...exclusion(`actions.${path}.condition`, object, { all: [...known, step.condition] }, metadata, { zh: '这个分支永远走不到', en: 'This branch is never taken' }),
      ...(step.no.length === 0 ? [] : exclusion(`actions.${path}.no`, object, { all: [...known, { not: step.condition }] }, metadata, { zh: '「否则」永远走不到', en: '“Otherwise” is never taken' })),
    ]
  })
}

const NEVER = { zh: '条件永远不成立', en: 'This can never hold' }

export function exclusion(path: string, object: string, condition: Condition, metadata: Metadata, said: { zh: string; en: string } = NEVER): Finding[] {
  const checked = checkCondition(condition, metadata.conditionSchema(object), 'rule')
  // What does not check is said elsewhere.
  const parts = checked.ok ? impossible(checked.checked, { me: null, myTeams: [], now: new Date(), zone: 'Asia/Shanghai', calendar: metadata.calendar }) : null
  if (!parts) return []
  const parted = (lang: 'zh' | 'en') => parts.map((part) => (lang === 'zh' ? `「${toSentence(part, lang, namesOf(metadata, lang))}」` : `“${toSentence(part, lang, namesOf(metadata, lang))}”`))
  if (parts.length === 1) return [finding(path, `${said.zh}：${parted('zh')[0]}`, `${said.en}: ${parted('en')[0]}`)]
  return [finding(path, `${said.zh}：${parted('zh').join('和')}不可能同时满足`, `${said.en}: ${parted('en').join(' and ')} exclude each other`)]
}

function namesOf({ objects, dictionaries, tags }: Metadata, lang: 'zh' | 'en'): SentenceNames {
  return {
    field: (object, key) => objects.get(object)?.field.get(key)?.label[lang] ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label[lang],
    object: (key) => objects.get(key)?.label[lang],
    option: (dictionary, key) => dictionaries.get(dictionary)?.byKey.get(key)?.label[lang],
    tag: (key) => tags.byKey.get(key)?.label[lang],
  }
}
