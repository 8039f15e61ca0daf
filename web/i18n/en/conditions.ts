import type { zh } from '../zh/index.ts'

export const conditions: Record<keyof typeof zh.conditions, string> = {
  everything: 'No condition yet: every {object}', meet: 'Meets', all: 'all of these', any: 'any of these', none: 'none of these', addCondition: 'Condition', addRelated: 'Related records', addBehaviour: 'How often', times: 'times', timesUnit: 'times', sumOf: '{field} in all', anyEvent: 'any {name}', wordsIn: '{field} contains', anyWords: 'anything', moreParts: 'More', addGroup: 'Group', removeGroup: 'Remove this group', remove: 'Remove this condition',
  field: 'Field', comparison: 'Comparison', value: 'Value', several: 'Separate with commas', to: 'to', moneyHint: 'e.g. 500000', baseFields: 'Common fields', fieldsOf: 'Fields of {name}', myTeams: 'My teams', me: 'Me', areas: 'Greater regions', provinces: 'Provinces and cities',
  length: 'Length', unit: 'Unit', unit_m: 'minutes', unit_h: 'hours', unit_d: 'days', unit_w: 'weeks', unit_wh: 'working hours', unit_wd: 'working days', from: 'Counted from', base_today: 'today', base_now: 'now', base_date: 'a date', away: 'Before or after', away_none: 'exactly', away_plus: 'plus', away_minus: 'minus',
  relation: 'Related records', measure: 'Look at', kind_some: 'has', kind_none: 'has no', kind_count: 'number', kind_sum: 'total', kind_latest: 'the latest', only: 'Only {name} that meet …', anyTime: 'Any time', within: 'in the last',
  op_eq: 'is', op_ne: 'is not (empty does not count)', op_in: 'is one of', op_notIn: 'is none of', op_contains: 'contains', op_notContains: 'does not contain', op_startsWith: 'starts with', op_notStartsWith: 'does not start with', op_empty: 'is empty', op_notEmpty: 'is not empty',
  op_gt: 'greater than', op_ge: 'at least', op_lt: 'less than', op_le: 'at most', op_time_gt: 'after', op_time_ge: 'on or after', op_time_lt: 'before', op_time_le: 'on or before', op_between: 'between', op_notBetween: 'not between', op_under: 'is in or below', op_notUnder: 'is not in or below',
  op_has: 'has', op_hasNot: 'does not have (empty does not count)', op_hasAny: 'has any of', op_hasNone: 'has none of (empty does not count)', op_olderThan: 'at least … ago', op_notOlderThan: 'less than … ago', op_withinLast: 'in the last', op_notWithinLast: 'not in the last', op_withinNext: 'in the next', op_notWithinNext: 'not in the next',
  op_changed: 'changed', op_changedTo: 'changed to',
}
