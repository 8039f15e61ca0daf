import { expect, test } from 'vitest'
import type { Catalogue } from '../../api/catalogue.ts'
import { actionsFor, needed, newAction } from './new-action.ts'
import type { Speaker } from './speech.ts'

const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: { zh: key, en: key }, ...more })
const object = (key: string, more: object, fields: ReturnType<typeof field>[]) => ({ key, label: { zh: key, en: key }, title: fields[0]!.key, ...more, fields, field: new Map(fields.map((each) => [each.key, each])) })
const objects = [
  object('person', {}, [field('name', 'text')]),
  object('seen', { immutable: true, scopeVia: 'who' }, [field('kind', 'select'), field('who', 'anyReference', { to: ['person', 'firm'] })]),
  object('task', {}, [field('title', 'text'), field('about', 'anyReference', { to: '*' })]),
  object('visit', {}, [field('title', 'text', { required: true }), field('of', 'reference', { to: 'person' }), field('due', 'datetime', { required: true }), field('host', 'member', { required: true }), field('kind', 'select', { required: true }), field('state', 'text', { required: true, default: 'open' })]),
]
const catalogue = { objects, object: (key: string) => objects.find((each) => each.key === key), gradings: [{ key: 'heat', object: 'person' }], assignmentPolicies: [{ key: 'able', object: 'person' }], tags: [] } as unknown as Catalogue
const speaker = { catalogue, policies: new Map(), rules: new Map() } as Speaker

test('what a new action does to an event is done to whom it is about; a record is meant itself', () => {
  expect(newAction(speaker, 'seen', 'tag')).toEqual({ do: 'tag', via: 'who', viaObject: 'person', add: [] })
  expect(newAction(speaker, 'seen', 'notify')).toMatchObject({ do: 'notify', via: 'who', viaObject: 'person' })
  expect(newAction(speaker, 'seen', 'create')).toEqual({ do: 'create', object: 'task', values: { about: { field: 'who' } } })
  expect(newAction(speaker, 'person', 'tag')).toEqual({ do: 'tag', add: [] })
  expect(newAction(speaker, 'person', 'create')).toEqual({ do: 'create', object: 'task', values: { about: { record: true } } })
})

test('what a new record cannot be without is begun with, and a message is called by its record', () => {
  expect(needed(catalogue, 'visit', 'person')).toEqual({ title: { text: '{{name}}' }, due: { now: true, plus: '3d' }, host: { owner: true } })
  expect(newAction(speaker, 'person', 'notify')).toMatchObject({ title: '{{name}}' })
})

test('only what is for such records is offered', () => {
  expect(actionsFor(speaker, 'person')).toEqual(expect.arrayContaining(['assign', 'grade', 'tag']))
  expect(actionsFor(speaker, 'task').filter((kind) => kind === 'assign' || kind === 'grade')).toEqual([])
  expect(newAction(speaker, 'seen', 'assign')).toMatchObject({ policy: 'able', via: 'who' })
})
