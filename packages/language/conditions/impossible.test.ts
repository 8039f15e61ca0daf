import fc from 'fast-check'
import { expect, test } from 'vitest'
import { impossible, toSentence, type Condition } from './index.ts'
import { conditions, contexts, rows } from './testing/arbitrary.ts'
import { AT, checked } from './testing/check.ts'
import { truth } from './testing/reference.ts'

const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition
const PART = { object: 'part', via: 'thing' }
const WHOLE = { object: 'part', via: 'whole' }
const cleaning = leaf('name', 'eq', '洁牙')
const parts = (condition: Condition): string[] | null => impossible(checked(condition), AT)?.map((part) => toSentence(part, 'zh', {})) ?? null

test.for<[string, Condition, number]>([
  ['a number above and below', { all: [leaf('name', 'notEmpty'), leaf('amount', 'ge', '500000'), leaf('amount', 'lt', '500000')] }, 2],
  ['whole numbers leave nothing between', { all: [leaf('count', 'gt', 3), leaf('count', 'lt', 4)] }, 2],
  ['one option and another', { all: [leaf('colour', 'eq', 'red'), leaf('colour', 'in', ['green', 'wine'])] }, 2],
  ['below an option, and none of it', { all: [leaf('colour', 'under', 'red'), leaf('colour', 'notUnder', 'red')] }, 2],
  ['empty, and compared', { all: [leaf('colour', 'empty'), leaf('colour', 'eq', 'red')] }, 2],
  ['a tag and not that tag', { all: [leaf('tags', 'has', 'hot'), leaf('tags', 'hasNone', ['hot', '大客户'])] }, 2],
  ['older and within', { all: [leaf('moment', 'olderThan', '72h'), leaf('moment', 'withinLast', '2d')] }, 2],
  ['a day before and after', { all: [leaf('day', 'gt', '2026-11-22'), leaf('day', 'lt', { today: true })] }, 2],
  ['the parent’s rate', { all: [{ parent: 'maker', where: leaf('rate', 'gt', '5') }, { parent: 'maker', where: leaf('rate', 'lt', '4') }] }, 2],
  ['two in six months, the last over eighteen months ago (高潜复购客)', { all: [{ count: PART, where: cleaning, within: '180d', at: 'moment', op: 'ge', value: 2 }, { latest: PART, of: 'moment', at: 'moment', op: 'olderThan', value: '540d' }, leaf('colour', 'eq', 'red')] } as Condition, 2],
  ['more in a week than in a month', { all: [{ count: PART, within: '7d', op: 'ge', value: 5 }, { count: PART, within: '30d', op: 'le', value: 3 }] }, 2],
  ['some, and none of a wider kind', { all: [{ some: PART, where: { all: [cleaning, leaf('count', 'gt', 5)] } }, { none: PART, where: leaf('count', 'gt', 2) }] }, 2],
  ['a count below nothing', { count: PART, op: 'lt', value: 0 }, 1],
  ['either way it cannot be', { all: [{ any: [leaf('amount', 'gt', '9'), leaf('amount', 'gt', '7')] }, leaf('amount', 'le', '5')] }, 2],
  ['three together', { all: [leaf('amount', 'gt', '0'), { any: [leaf('amount', 'lt', '1'), leaf('open', 'eq', true)] }, { any: [leaf('amount', 'gt', '2'), leaf('open', 'ne', true)] }, leaf('open', 'empty')] }, 4],
])('C51 impossible: %s', ([, condition, count]) => expect(parts(condition)).toHaveLength(count))

test.for<[string, Condition]>([
  ['at the same number', { all: [leaf('amount', 'ge', '5'), leaf('amount', 'le', '5')] }], ['between two that are close', { all: [leaf('amount', 'gt', '5.1'), leaf('amount', 'lt', '5.11')] }], ['negative', { all: [leaf('amount', 'gt', '-3'), leaf('amount', 'lt', '-2')] }],
  ['cleaned twice lately, looked at long ago by another', { all: [{ count: PART, where: cleaning, within: '180d', at: 'moment', op: 'ge', value: 2 }, { latest: PART, where: leaf('name', 'eq', '复查'), of: 'moment', at: 'moment', op: 'olderThan', value: '540d' }] } as Condition],
  ['a day and a working day, whatever day it is', { all: [leaf('moment', 'olderThan', '1d'), leaf('moment', 'withinLast', '1wd')] }],
  ['another relation', { all: [{ some: PART }, { none: WHOLE }] }], ['another window', { all: [{ count: PART, within: '30d', op: 'ge', value: 5 }, { count: PART, within: '7d', op: 'le', value: 3 }] }], ['one point of time', { all: [leaf('moment', 'olderThan', '2d'), leaf('moment', 'withinLast', '3d')] }],
  ['starts and contains', { all: [leaf('page', 'startsWith', 'https'), leaf('page', 'contains', '/pricing')] }], ['a region within a region', { all: [leaf('region', 'under', '320000'), leaf('region', 'under', '320500')] }], ['no tag of these', leaf('tags', 'hasNone', ['hot'])], ['nothing at all', { all: [] }],
])('C51 possible: %s', ([, condition]) => expect(parts(condition)).toBeNull())

test('C51 what is called impossible holds for no record', () => {
  fc.assert(fc.property(rows(false), conditions('thing', 3), conditions('thing', 2), contexts, (world, a, b, at) => {
    const both: Condition = { all: [a, b] }
    fc.pre(impossible(checked(both), at) !== null)
    for (const row of world.filter(({ object }) => object === 'thing')) expect(truth(both, row, { rows: world, at })).not.toBe(true)
  }), { numRuns: 150, maxSkipsPerRun: 2000 })
})
