export const conditions = {
  everything: '还没有条件：显示全部{object}', meet: '满足以下', all: '全部条件', any: '任一条件', none: '都不成立', addCondition: '条件', addRelated: '相关记录', addBehaviour: '行为次数', times: '次数', timesUnit: '次', sumOf: '{field}合计', anyEvent: '任何{name}', wordsIn: '{field}包含', anyWords: '不限', moreParts: '更多条件', addGroup: '条件组', removeGroup: '移除这一组', remove: '移除这个条件',
  field: '字段', comparison: '比较方式', value: '值', several: '多个值用顿号隔开', to: '至', moneyHint: '如 50万', baseFields: '通用字段', fieldsOf: '{name}的字段', myTeams: '我的部门', me: '我', areas: '大区', provinces: '省市',
  length: '时长', unit: '单位', unit_m: '分钟', unit_h: '小时', unit_d: '天', unit_w: '周', unit_mo: '个月', unit_wholeMonths: '自然月', unit_wm: '工作分钟', unit_wh: '工作小时', unit_wd: '工作日', from: '从哪一刻算', base_today: '今天', base_now: '现在', base_date: '指定日期', away: '前后', away_none: '当时', away_plus: '之后', away_minus: '之前',
  relation: '相关记录', measure: '怎么看', kind_some: '有', kind_none: '没有', kind_count: '数量', kind_sum: '合计', kind_latest: '最新一条的', kind_recent: '最近几条都', kind_trend: '和前一段相比', by: '按', alongField: '按哪个时间', newest: '最近', howMany: '几条', allMeet: '条都满足：', per: '每', withoutThisMonth: '（不含本月）', move_down: '下降超过', move_up: '上升超过', percent: '百分之多少', running: '连续', runningTimes: '连续几次', only: '只看满足条件的{name}', anyTime: '不限时间', within: '最近',
  op_eq: '等于', op_ne: '不等于（空值不算）', op_in: '属于', op_notIn: '不属于', op_contains: '包含', op_notContains: '不包含', op_startsWith: '开头是', op_notStartsWith: '开头不是', op_empty: '为空', op_notEmpty: '不为空',
  op_gt: '大于', op_ge: '大于等于', op_lt: '小于', op_le: '小于等于', op_time_gt: '晚于', op_time_ge: '不早于', op_time_lt: '早于', op_time_le: '不晚于', op_between: '介于', op_notBetween: '不在之间', op_under: '属于（含下级）', op_notUnder: '不属于（含下级）',
  op_has: '有', op_hasNot: '没有（空值不算）', op_hasAny: '有其中之一', op_hasNone: '一个都没有（空值不算）', op_olderThan: '距今已满', op_notOlderThan: '距今未满', op_withinLast: '在最近', op_notWithinLast: '不在最近', op_withinNext: '在未来', op_notWithinNext: '不在未来',
  op_changed: '有变化', op_changedTo: '变为',
}
