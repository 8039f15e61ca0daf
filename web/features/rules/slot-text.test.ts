import { expect, test } from 'vitest'
import type { Catalogue } from '../../api/catalogue.ts'
import { teach } from '../../i18n/index.ts'
import { zh } from '../../i18n/zh/index.ts'
import { withKeys, withNames } from './slot-text.tsx'

teach(zh)
const field = (key: string, name: string, more: object = {}) => ({ key, kind: 'text', label: { zh: name, en: name }, ...more })
const fields = [field('name', '姓名'), field('company', '公司名'), field('old', '旧名', { retired: true }), field('twin', '姓名')]
const catalogue = { object: () => ({ fields, field: new Map(fields.map((each) => [each.key, each])) }) } as unknown as Catalogue

test.for<[string, string]>([
  ['跟进 {{name}}（{{company}}）', '跟进 〔姓名〕（〔公司名〕）'], ['没有字段', '没有字段'], ['{{pushed.text}} {{gone}}', '{{pushed.text}} {{gone}}'], ['{{twin}}', '{{twin}}'], ['〔别的〕{{name}}', '〔别的〕〔姓名〕'],
])('%s is shown as %s and kept as it is', ([kept, shown]) => {
  expect(withNames(catalogue, 'lead', kept)).toBe(shown)
  expect(withKeys(catalogue, 'lead', shown)).toBe(kept)
})

test('brackets that name no field stay text', () => expect(withKeys(catalogue, 'lead', '〔姓名 〔〕〔旧名〕〔姓名〕')).toBe('〔姓名 〔〕〔旧名〕{{name}}'))
