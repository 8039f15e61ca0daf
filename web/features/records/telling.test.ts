import { expect, test } from 'vitest'
import type { ObjectFacts } from '../../api/catalogue.ts'
import { toldOf, toldText } from './telling.ts'

const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: { zh: key, en: key }, ...more })
const facts = (more: object, fields: object[]) => ({ key: 'seen', title: 'kind', ...more, fields }) as unknown as ObjectFacts
const said = (object: ObjectFacts, values: Record<string, unknown>) => toldOf(object, (key) => values[key]).map((each) => toldText(object, each, String(each.value))).join(' · ')

test('an event is told by how long, from which number and what was said, without names and without what tells nobody anything', () => {
  const seen = facts({ immutable: true, subtitle: ['page', 'said'] }, [field('kind', 'select'), field('who', 'anyReference'), field('browser', 'text'), field('page', 'text'), field('seconds', 'integer', { unit: 'seconds' }), field('clicks', 'integer'), field('from', 'phone'), field('said', 'text'), field('at', 'datetime')])
  expect(said(seen, { kind: 'call', browser: 'abc', seconds: 130, from: '138 0013 8000', said: '按 1 咨询产品', at: '2026-11-22T06:00:00Z' })).toBe('2 分 10 秒 · 138 0013 8000 · 按 1 咨询产品')
  expect(said(seen, { kind: 'view', page: 'https://www.example.com/pricing?a=1', seconds: 0, clicks: 3 })).toBe('/pricing · 0 秒 · clicks 3')
  expect(said(seen, { kind: 'download', page: '/resources', said: 'white_paper' })).toBe('/resources · said white_paper')
})

test('a record that people write names what it tells', () => {
  const note = facts({}, [field('kind', 'select'), field('result', 'text'), field('done', 'boolean'), field('gone', 'text', { retired: true })])
  expect(said(note, { result: '接通', done: false, gone: '旧' })).toBe('result 接通')
})
