import { expect, test } from 'vitest'
import type { Condition } from '#language/conditions'
import type { Catalogue } from '../../api/catalogue.ts'
import { teach } from '../../i18n/index.ts'
import { zh } from '../../i18n/zh/index.ts'
import { actionText, conditionParts, guardText, restOf, ruleText, whenText, withRest, type Speaker } from './speech.ts'
import type { Rule } from '#language/definitions'

teach(zh)
const label = (name: string) => ({ zh: name, en: name })
const field = (key: string, zh: string, kind: string, more: object = {}) => ({ key, label: label(zh), kind, ...more })
const object = (key: string, zh: string, more: object, fields: ReturnType<typeof field>[]) => ({ key, label: label(zh), ...more, fields, field: new Map(fields.map((each) => [each.key, each])) })
const objects = [object('seen', '客户行为', { immutable: true, title: 'kind' }, [field('kind', '类型', 'select', { dictionary: 'kinds' }), field('page', '页面', 'text')]), object('note', '记录', { title: 'name' }, [field('name', '名称', 'text')])]
const options = [{ key: 'message', label: label('发来消息') }, { key: 'call', label: label('来电') }]
const speaker = { catalogue: { objects, object: (key: string) => objects.find((each) => each.key === key), options: () => options, option: (_: string, key: string) => options.find((each) => each.key === key), forms: [] } as unknown as Catalogue, policies: new Map(), rules: new Map() } as Speaker
const rule = (condition: Condition, of = 'seen') => ({ trigger: { on: 'created' as const, object: of }, condition })
const page: Condition = { field: 'page', op: 'contains', value: '/pricing' }

test('a rule about messages and calls says so as when it works, and only the rest as what must hold', () => {
  const called = rule({ all: [{ field: 'kind', op: 'in', value: ['message', 'call'] }, page] })
  expect(whenText(speaker, called)).toBe('发生客户行为：发来消息或来电')
  expect(conditionParts(speaker, 'seen', restOf(speaker, called))).toEqual([expect.stringContaining('页面')])
  expect([whenText(speaker, rule({ all: [] })), whenText(speaker, rule({ all: [] }, 'note'))]).toEqual(['发生客户行为', '新建记录'])
})

test('what is made is called by its option', () => {
  expect(actionText(speaker, 'note', { do: 'create', object: 'seen', values: { kind: 'call' } })).toContain('「来电」')
})

test('changing what must hold keeps the kinds', () => {
  const kinds: Condition = { field: 'kind', op: 'in', value: ['call'] }
  expect(withRest(speaker, rule({ all: [kinds] }), { all: [page] })).toEqual({ all: [kinds, page] })
  expect(withRest(speaker, rule({ all: [] }, 'note'), { all: [page] })).toEqual({ all: [page] })
})

test('a rule on one line says what must hold for one action alone, and when it comes earlier', () => {
  const guarded = { key: 'x', trigger: { on: 'deadline', object: 'note', field: 'name', before: 'name' }, condition: { all: [] }, actions: [{ do: 'set', if: { field: 'name', op: 'empty' }, values: { name: null } }, { do: 'stop', if: { all: [] } }] } as unknown as Rule
  expect(ruleText(speaker, guarded)).toBe('当到了记录的名称，按「名称」提前，就若 名称 为空，名称设为空，到此为止')
  expect(guarded.actions.map((step) => guardText(speaker, 'note', step))).toEqual(['若 名称 为空，', ''])
})
