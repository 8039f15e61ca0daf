import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bind, normalise, type Bound, type BoundNode, type Condition } from './index.ts'
import { isShallow } from './ast.ts'
import { MEANINGS, seesEmpty } from './operators.ts'
import { cellTest } from './to-predicate.ts'
import { conditions, contexts, rows } from './testing/arbitrary.ts'
import { AT, checked } from './testing/check.ts'
import type { Stored } from './testing/world.ts'

const normalised = (condition: unknown): BoundNode => normalise(bind(checked(condition), AT)).root
const LEAF = { field: 'name', op: 'eq', value: 'a' }
const PART = { object: 'part', via: 'thing' }

/** A tree as short text: operators and fields. */
function sketch(node: BoundNode): string {
  switch (node.is) {
    case 'leaf': return `${node.field.key} ${node.op}`
    case 'all': case 'any': return `${node.is}(${node.parts.map(sketch).join(', ')})`
    case 'not': return `not ${sketch(node.part)}`
    case 'parent': case 'some': case 'none': return `${node.is}(${sketch(node.where)})`
    case 'count': case 'sum': return `${node.is} ${node.op}`
    case 'latest': return `latest ${sketch(node.leaf)}`
    case 'recent': return `recent ${node.op}`
    case 'trend': return `trend ${node.met}`
    case 'changed': return 'changed'
    case 'changedTo': return 'changedTo'
  }
}

test.for<[unknown, string]>([
  [LEAF, 'any(name ne, name empty)'], [{ field: 'name', op: 'ne', value: 'a' }, 'any(name eq, name empty)'], [{ field: 'name', op: 'empty' }, 'name notEmpty'], [{ field: 'tags', op: 'hasNot', value: 'hot' }, 'any(tags has, tags emptySet)'], [{ field: 'tags', op: 'notEmpty' }, 'tags emptySet'],
  [{ all: [LEAF, LEAF] }, 'any(any(name ne, name empty), any(name ne, name empty))'], [{ not: LEAF }, 'name eq'], [{ parent: 'maker', where: LEAF }, 'any(not parent(all()), parent(any(name ne, name empty)))'], [{ parent: 'maker', where: { all: [] } }, 'not parent(all())'],
  [{ some: PART, where: LEAF }, 'none(name eq)'], [{ none: PART, where: { not: LEAF } }, 'some(any(name ne, name empty))'], [{ count: PART, op: 'ge', value: 1 }, 'count lt'], [{ sum: PART, of: 'amount', op: 'eq', value: '0' }, 'sum ne'],
  [{ latest: PART, of: 'name', op: 'eq', value: 'a' }, 'any(latest name ne, latest name empty)'], [{ latest: PART, of: 'name', op: 'empty' }, 'latest name notEmpty'], [{ changed: 'name' }, 'not changed'], [{ changedTo: 'colour', value: 'red' }, 'not changedTo'], [{ field: 'name', op: 'in', value: [] }, 'all()'],
])('C32 not %j is %s', ([condition, expected]) => expect(sketch(normalised({ not: condition }))).toBe(expected))

test('C31 C32 every operator’s twin turns back to it, and both leave empty values to empty', () => {
  for (const [op, { twin }] of Object.entries(MEANINGS)) {
    expect(MEANINGS[twin].twin).toBe(op)
    expect(seesEmpty(op as never) && seesEmpty(twin)).toBe(false)
  }
})

/** Own fields only, by the letter of the tree. */
function verdict(node: BoundNode, { cells }: Stored): boolean {
  switch (node.is) {
    case 'all': return node.parts.every((part) => verdict(part, { cells } as Stored))
    case 'any': return node.parts.some((part) => verdict(part, { cells } as Stored))
    case 'not': return !verdict(node.part, { cells } as Stored)
    case 'leaf': return cellTest(node)(cells[node.field.key])
    default: throw new Error(node.is)
  }
}
const isOwn = (condition: Condition): boolean => !/"(parent|some|none|count|sum|latest|recent|trend)":/.test(JSON.stringify(condition))

test('C31 over own fields the meaning stays and no not is left', () =>
  fc.assert(fc.property(rows(false), contexts, fc.array(conditions().filter(isOwn), { minLength: 1, maxLength: 10 }), (stored, at, all) => {
    for (const condition of all) {
      const bound: Bound = bind(checked(condition), at)
      const { root } = normalise(bound)
      expect(sketch(root)).not.toContain('not ')
      expect(verdict(root, stored[0]!)).toBe(verdict(bound.root, stored[0]!))
    }
  })))

test('C31 normalising twice changes nothing', () =>
  fc.assert(fc.property(conditions(), (condition) => {
    const once = normalise(bind(checked(condition), AT))
    expect(normalise(once)).toEqual(once)
    expect(isShallow(once.root, 100)).toBe(true)
  })))
