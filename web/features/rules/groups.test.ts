import { expect, test } from 'vitest'
import type { Rule } from '#language/definitions'
import type { Definition } from '../../api/definitions.ts'
import { teach } from '../../i18n/index.ts'
import { zh } from '../../i18n/zh/index.ts'
import { groupName, groupsOf, unproven } from './groups.ts'

teach(zh)
const rule = (key: string, group?: string, by = 'member') => ({ key, publishedBy: { kind: by, name: by } as Definition<'rule'>['publishedBy'], body: { key, label: { zh: key, en: key }, priority: 100, ...(group && { group }) } as Rule })
const rules = [rule('alone'), rule('ten', 'R10'), rule('two', 'R2'), rule('first', 'R1'), rule('also', 'R1')]
const names = (hasRun: string[], of = rules) => unproven(groupsOf(of), (key) => hasRun.includes(key)).map(([first]) => groupName(first!))

test('with more than three groups on, those of the first three that have done nothing are told, by the names of their groups', () => {
  expect(names([])).toEqual(['R1 组', 'R2 组', 'R10 组'])
  expect(names(['also', 'ten'])).toEqual(['R2 组'])
  expect(names(['also', 'ten', 'two'])).toEqual([])
})

test('three groups are few, whatever they have done; a rule without a group counts as one', () => {
  expect(names([], rules.slice(1))).toEqual([])
  expect(names([], [rule('a'), rule('b'), rule('c'), rule('d')])).toEqual(['a', 'b', 'c'])
})

test('what came switched on with a solution is not held against anybody', () => {
  const came = ['R1', 'R2', 'R3', 'R4'].map((group) => rule(group, group, 'system'))
  expect(names([], came)).toEqual([])
  expect(names([], [...came, rule('own')])).toEqual(['R1 组', 'R2 组', 'R3 组'])
})
