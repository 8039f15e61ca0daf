import { expect, test } from 'vitest'
import { toSentence, type Condition, type SentenceNames } from './index.ts'
import { checked } from './testing/check.ts'
import { id } from './testing/world.ts'

const ZH: Record<string, string> = {
  page: '页面 URL', amount: '预算下限', colour: '颜色', colours: '颜色', tags: '标签', keeper: '负责人', crew: '部门', moment: '时间', day: '日期', region: '地区', maker: '厂家', name: '名称', open: '启用', rate: '折扣', phone: '手机', count: '数量', part: '零件', thing: '物品', red: '红', wine: '酒红', hot: '高意向',
}
const NAMES: SentenceNames = { field: (_, key) => ZH[key], object: (key) => ZH[key], option: (_, key) => ZH[key], tag: (key) => ZH[key], member: (n) => (n === 2 ? '张三' : undefined), team: () => '华东', record: (key) => (key.endsWith('7') ? '甲公司' : undefined), zone: 'Asia/Shanghai' }
const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition
const PART = { object: 'part', via: 'thing' }

test.for<[Condition, string, string]>([
  [{ all: [leaf('page', 'contains', '/pricing'), leaf('amount', 'ge', '500000')] }, '页面 URL 包含 /pricing 且 预算下限 ≥ 50 万', '页面 URL contains /pricing and 预算下限 ≥ ¥500,000'],
  [{ count: PART, where: leaf('page', 'contains', '/pricing'), within: '7d', op: 'ge', value: 3 }, '最近 7 天内 零件（页面 URL 包含 /pricing）的数量 ≥ 3', 'number of 零件 (页面 URL contains /pricing) in the last 7 days ≥ 3'],
  [leaf('moment', 'olderThan', '8wh'), '时间 距今已满 8 工作小时', '时间 is at least 8 working hours ago'], [leaf('day', 'withinNext', '3wd'), '日期 在未来 3 个工作日内', '日期 is within the next 3 working days'],
  [leaf('moment', 'olderThan', '72h'), '时间 距今已满 72 小时', '时间 is at least 72 hours ago'],
  [{ not: leaf('tags', 'has', 'hot') }, '没有标签【高意向】', 'does not have tag "高意向"'],
  [{ any: [leaf('colour', 'in', ['red', 'wine']), { all: [leaf('open', 'eq', true), leaf('keeper', 'eq', { me: true })] }] }, '颜色 属于 红、酒红 或 （启用 等于 是 且 负责人 等于 我）', '颜色 is one of 红, 酒红 or (启用 is yes and 负责人 is me)'],
  [{ parent: 'maker', where: leaf('region', 'under', 'east') }, '厂家的地区 属于 华东（含下级）', '厂家: 地区 is in East China or below'],
  [{ parent: 'maker', where: { all: [leaf('name', 'notEmpty'), leaf('open', 'eq', false)] } }, '厂家满足（名称 不为空 且 启用 等于 否）', '厂家 meets (名称 is not empty and 启用 is no)'],
  [leaf('tags', 'hasAny', ['hot', '大客户']), '有标签【高意向】、【大客户】之一', 'has one of the tags "高意向", "大客户"'], [{ parent: 'maker', where: leaf('tags', 'empty') }, '厂家满足（没有任何标签）', '厂家 meets (has no tags)'], [{ not: leaf('colours', 'has', 'red') }, '颜色 没有 红', '颜色 does not have 红'],
  [{ none: PART }, '没有零件', 'has no 零件'], [{ all: [] }, '所有记录', 'every record'], [{ any: [] }, '没有任何记录', 'no record'],
  [{ sum: PART, of: 'amount', within: '30d', at: 'moment', op: 'ge', value: '515150' }, '按时间最近 30 天内 零件的预算下限合计 ≥ 51.515 万', 'total 预算下限 of 零件 in the last 30 days by 时间 ≥ ¥515,150'],
  [{ latest: PART, of: 'colour', op: 'eq', value: 'red' } as Condition, '最新一条零件的颜色 等于 红', 'latest 零件: 颜色 is 红'],
  [{ recent: PART, last: 2, where: leaf('colour', 'eq', 'red'), at: 'moment', that: leaf('day', 'empty') }, '按时间最近 2 条零件（颜色 等于 红）都满足（日期 为空）', 'each of the last 2 of 零件 (颜色 is 红) by 时间 meets (日期 is empty)'],
  [{ trend: PART, per: '30d', at: 'moment', periods: 2, move: 'down', percent: 40 }, '零件（按时间）的数量，连续 2 个 30 天都比前一段下降超过 40%', 'number of 零件 by 时间 in each of 2 spans of 30 days fell by more than 40% against the span before'],
  [{ trend: PART, of: 'amount', per: '7d', periods: 1, move: 'up', percent: 50 }, '零件的预算下限合计，最近 7 天比前一段上升超过 50%', 'total 预算下限 of 零件 in the last 7 days rose by more than 50% against the span before'],
  [{ trend: PART, per: '1mo', at: 'moment', periods: 2, move: 'down', percent: 40 }, '零件（按时间）的数量，连续 2 个自然月（不含本月）都比前一个月下降超过 40%', 'number of 零件 by 时间 in each of the last 2 calendar months before this month fell by more than 40% against the month before'],
  [{ trend: PART, per: '1mo', periods: 1, move: 'up', percent: 50 }, '零件的数量，最近 1 个自然月（不含本月）比前一个月上升超过 50%', 'number of 零件 in the last 1 calendar month before this month rose by more than 50% against the month before'],
  [{ trend: PART, per: '3mo', periods: 1, move: 'up', percent: 50 }, '零件的数量，最近 3 个自然月（不含本月）比前一段上升超过 50%', 'number of 零件 in the last 3 calendar months before this month rose by more than 50% against the span before'],
  [{ trend: PART, of: 'amount', per: '3mo', periods: 2, move: 'down', percent: 10 }, '零件的预算下限合计，连续 2 段、每段 3 个自然月（不含本月）都比前一段下降超过 10%', 'total 预算下限 of 零件 in each of 2 spans of 3 calendar months before this month fell by more than 10% against the span before'],
  [{ changedTo: 'colour', value: 'red' }, '颜色 变为 红', '颜色 changed to 红'], [{ changed: 'name' }, '名称 有变化', '名称 changed'],
  [leaf('moment', 'between', ['2026-11-22T14:05:00+08:00', { now: true, plus: '3d' }]), '时间 介于 2026-11-22 14:05 和 现在 3 天后 之间', '时间 is between 2026-11-22 14:05 and now 3 days later'],
  [leaf('day', 'lt', { today: true, minus: '1d' }), '日期 早于 今天 1 天前', '日期 is before today 1 day earlier'], [leaf('rate', 'lt', '10'), '折扣 < 10%', '折扣 < 10%'], [leaf('phone', 'eq', '+8613800138000'), '手机 等于 138 0013 8000', '手机 is 138 0013 8000'],
  [leaf('crew', 'in', { myTeams: true }), '部门 属于 我的部门', '部门 is one of my teams'], [leaf('maker', 'eq', id(7)), '厂家 等于 甲公司', '厂家 is 甲公司'], [leaf('keeper', 'in', [2, 3]), '负责人 属于 张三、3', '负责人 is one of 张三, 3'], [leaf('name', 'eq', '{} {1} $&'), '名称 等于 {} {1} $&', '名称 is {} {1} $&'],
])('C44 %j', ([condition, zh, en]) => {
  expect(toSentence(checked(condition), 'zh', NAMES)).toBe(zh)
  expect(toSentence(checked(condition), 'en', NAMES)).toBe(en)
})

test('C44 what has no name shows its key', () => expect(toSentence(checked(leaf('colour', 'eq', 'red')), 'zh', {})).toBe('colour 等于 red'))

test.for([['ne', '不等于 红（空值不算）'], ['notUnder', '不属于 红 及其下级（空值不算）']])('C45 %s says that empty does not count', ([op, said]) => expect(toSentence(checked(leaf('colour', op!, 'red')), 'zh', NAMES)).toBe(`颜色 ${said}`))
test('C45 groups of another kind stand in brackets, of the same kind do not', () => {
  const [a, b] = [leaf('name', 'empty'), leaf('open', 'empty')]
  expect(toSentence(checked({ all: [{ any: [a, b] }, { all: [a, b] }, { any: [a] }] }), 'zh', NAMES)).toBe('（名称 为空 或 启用 为空） 且 名称 为空 且 启用 为空 且 名称 为空')
})
