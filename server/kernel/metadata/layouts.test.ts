import { expect, test } from 'vitest'
import { copyOf, Desk, outcome } from './testing/desk.ts'

const desk = new Desk()
const label = { zh: '页面', en: 'Page' }
const LAYOUT = { key: 'page', label, object: 'loan', roles: ['librarian'], order: 1, groups: [{ label, fields: ['note', 'owner'] }], hidden: { page: ['state'], create: [] }, hints: [{ field: 'state', value: 'returned', text: label }] }

test('M64 a layout names fields, roles and options that exist, each field in one place', async () => {
  const state = copyOf('object', 'loan').fields.find(({ kind }) => kind === 'select')!
  const option = copyOf('dictionary', state.dictionary!).options[0]!.key
  const right = { ...LAYOUT, hidden: { page: [state.key], create: [] }, hints: [{ field: state.key, value: option, text: label }] }
  expect(outcome(await desk.publish('layout', 'page', right))).toBe('ok')
  const wrong = { ...right, roles: ['x'], groups: [...right.groups, { label, fields: ['note', 'y'] }], hidden: { page: ['z'], create: [] }, hints: [{ field: state.key, value: 'x', text: label }, { field: 'note', value: 'x', text: label }] }
  expect(outcome(await desk.publish('layout', 'page', wrong))).toEqual(['DEFINITION_INVALID roles.0', 'DEFINITION_INVALID groups.1.fields.1', 'DEFINITION_INVALID groups', 'DEFINITION_INVALID hidden.page.0', 'DEFINITION_INVALID hints.0.value', 'DEFINITION_INVALID hints.1.field'])
})

test('M64 a field may be retired although a layout places it', async () => {
  const loan = copyOf('object', 'loan')
  loan.fields.push({ key: 'mood', label, kind: 'text' })
  expect(outcome(await desk.publish('object', 'loan', loan))).toBe('ok')
  expect(outcome(await desk.publish('layout', 'page', { ...LAYOUT, groups: [{ label, fields: ['mood'] }], hidden: { page: [], create: [] }, hints: [] }))).toBe('ok')
  expect(outcome(await desk.publish('object', 'loan', { ...loan, fields: loan.fields.map((each) => (each.key === 'mood' ? { ...each, retired: true } : each)) }))).toBe('ok')
})
