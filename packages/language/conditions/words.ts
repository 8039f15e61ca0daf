import type { CompareOperator, Operator } from './ast.ts'
import type { Lang } from '../values/result.ts'

/** How an operator reads after the field's name; `{}` is the value. A stored negation says that empty values do not count (decision 6). */
export const OPERATOR_WORDS: Readonly<Record<Lang, Readonly<Record<Operator, string>>>> = {
  zh: {
    eq: '等于 {}', ne: '不等于 {}（空值不算）', in: '属于 {}', notIn: '不属于 {}（空值不算）',
    contains: '包含 {}', notContains: '不包含 {}（空值不算）', startsWith: '开头是 {}', notStartsWith: '开头不是 {}（空值不算）',
    empty: '为空', notEmpty: '不为空', gt: '> {}', ge: '≥ {}', lt: '< {}', le: '≤ {}',
    between: '介于 {} 之间', notBetween: '不在 {} 之间（空值不算）', under: '属于 {}（含下级）', notUnder: '不属于 {} 及其下级（空值不算）',
    has: '有 {}', hasNot: '没有 {}（一个也没有的不算）', hasAny: '有 {} 之一', hasNone: '没有 {} 中的任何一个（一个也没有的不算）',
    olderThan: '距今已满 {}', notOlderThan: '距今未满 {}', withinLast: '在最近 {}内', notWithinLast: '不在最近 {}内（空值不算）',
    withinNext: '在未来 {}内', notWithinNext: '不在未来 {}内（空值不算）',
  },
  en: {
    eq: 'is {}', ne: 'is not {} (empty does not count)', in: 'is one of {}', notIn: 'is none of {} (empty does not count)',
    contains: 'contains {}', notContains: 'does not contain {} (empty does not count)', startsWith: 'starts with {}', notStartsWith: 'does not start with {} (empty does not count)',
    empty: 'is empty', notEmpty: 'is not empty', gt: '> {}', ge: '≥ {}', lt: '< {}', le: '≤ {}',
    between: 'is between {}', notBetween: 'is not between {} (empty does not count)', under: 'is in {} or below', notUnder: 'is neither {} nor below (empty does not count)',
    has: 'has {}', hasNot: 'does not have {} (having none does not count)', hasAny: 'has any of {}', hasNone: 'has none of {} (having none at all does not count)',
    olderThan: 'is at least {} ago', notOlderThan: 'is less than {} ago', withinLast: 'is within the last {}', notWithinLast: 'is not within the last {} (empty does not count)',
    withinNext: 'is within the next {}', notWithinNext: 'is not within the next {} (empty does not count)',
  },
}

/** Times are earlier or later, not smaller or larger; tags speak for themselves, without a field's name. */
export const TIME_WORDS: Readonly<Record<Lang, Partial<Record<Operator, string>>>> = {
  zh: { gt: '晚于 {}', ge: '不早于 {}', lt: '早于 {}', le: '不晚于 {}' },
  en: { gt: 'is after {}', ge: 'is on or after {}', lt: 'is before {}', le: 'is on or before {}' },
}
export const TAG_WORDS: Readonly<Record<Lang, Partial<Record<Operator, string>>>> = {
  zh: { has: '有标签{}', hasNot: '没有标签{}（没有任何标签的不算）', hasAny: '有标签{}之一', hasNone: '没有标签{}中的任何一个（没有任何标签的不算）', empty: '没有任何标签', notEmpty: '有标签' },
  en: { has: 'has tag {}', hasNot: 'does not have tag {} (having no tag does not count)', hasAny: 'has one of the tags {}', hasNone: 'has none of the tags {} (having no tag does not count)', empty: 'has no tags', notEmpty: 'has tags' },
}

export const COMPARE_SIGNS: Readonly<Record<CompareOperator, string>> = { eq: '=', ne: '≠', gt: '>', ge: '≥', lt: '<', le: '≤' }

/** Phrases around leaves; `{}` are filled in order. */
export const PHRASES = {
  zh: {
    and: ' 且 ', or: ' 或 ', list: '、', pair: ' 和 ', always: '所有记录', never: '没有任何记录', not: '不满足（{}）', group: '（{}）', leaf: '{} {}',
    parent: '{}的{}', parentGroup: '{}满足（{}）', where: '{}（{}）', some: '有{}', none: '没有{}', within: '最近 {}内 {}', along: '按{}最近 {}内 {}',
    count: '{}的数量 {} {}', sum: '{}的{}合计 {} {}', latest: '最新一条{}的{}', latestAlong: '{}最晚的一条{}的{}', changed: '{} 有变化', changedTo: '{} 变为 {}',
    recent: '最近 {} 条{}都满足（{}）', recentAlong: '按{}最近 {} 条{}都满足（{}）', by: '{2}（按{1}）', number: '{}的数量', total: '{}的{}合计', oneSpan: '最近 {}', spans: '连续 {2} 个 {1}都', before: '前一段', down: '{}，{}比{}下降超过 {}', up: '{}，{}比{}上升超过 {}',
    lastMonths: '最近 {}（不含本月）', months: '连续 {}（不含本月）都', monthSpans: '连续 {2} 段、每段 {1}（不含本月）都', monthBefore: '前一个月',
    tag: '【{}】', me: '我', myTeams: '我的部门', now: '现在', today: '今天', later: '{}后', earlier: '{}前', yes: '是', no: '否', hasNo: '没有 {}', hasNoTag: '没有标签{}',
  },
  en: {
    and: ' and ', or: ' or ', list: ', ', pair: ' and ', always: 'every record', never: 'no record', not: 'not ({})', group: '({})', leaf: '{} {}',
    parent: '{}: {}', parentGroup: '{} meets ({})', where: '{} ({})', some: 'has {}', none: 'has no {}', within: '{2} in the last {1}', along: '{3} in the last {2} by {1}',
    count: 'number of {} {} {}', sum: 'total {2} of {1} {3} {4}', latest: 'latest {}: {}', latestAlong: 'latest {2} by {1}: {3}', changed: '{} changed', changedTo: '{} changed to {}',
    recent: 'each of the last {} of {} meets ({})', recentAlong: 'each of the last {2} of {3} by {1} meets ({4})', by: '{2} by {1}', number: 'number of {}', total: 'total {2} of {1}', oneSpan: 'in the last {}', spans: 'in each of {2} spans of {1}', before: 'the span before', down: '{} {} fell by more than {4} against {3}', up: '{} {} rose by more than {4} against {3}',
    lastMonths: 'in the last {} before this month', months: 'in each of the last {} before this month', monthSpans: 'in each of {2} spans of {1} before this month', monthBefore: 'the month before',
    tag: '"{}"', me: 'me', myTeams: 'my teams', now: 'now', today: 'today', later: '{} later', earlier: '{} earlier', yes: 'yes', no: 'no', hasNo: 'does not have {}', hasNoTag: 'does not have tag {}',
  },
} as const satisfies Record<Lang, Record<string, string>>

export type Phrase = keyof (typeof PHRASES)['zh']

/** `{}` takes the next part, `{2}` the second. Parts are inserted as they are, whatever they contain. */
export function fill(template: string, ...parts: string[]): string {
  let next = 0
  return template.replace(/\{(\d?)\}/g, (_, place: string) => parts[place === '' ? next++ : Number(place) - 1] ?? '')
}
