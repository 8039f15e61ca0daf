import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregateOver, needsOf, needsOfChild, toPredicate, validUntil, type Needs, type Seen } from './index.ts'
import type { BindContext } from './bind.ts'
import { conditions, contexts, rows } from './testing/arbitrary.ts'
import { checked } from './testing/check.ts'
import { truth } from './testing/reference.ts'
import type { Stored } from './testing/world.ts'

const pointsTo = (cell: unknown, { id, object }: Stored): boolean => cell === id || (typeof cell === 'object' && cell !== null && (cell as Stored).id === id && (cell as Stored).object === object)

/** All that a condition needs, worked out over rows in memory. */
function seenIn(world: readonly Stored[], row: Stored, needs: Needs, at: BindContext): Seen {
  const aggregates = needs.aggregates.map((need) => {
    const { object, via } = need.node.relation
    const children = world.filter((each) => each.object === object && !each.gone && pointsTo(each.cells[via.key], row))
    return [need.key, aggregateOver(need, children.map((child) => ({ id: child.id, image: child.cells, seen: seenIn(world, child, needsOfChild(need), at) })), at)] as const
  })
  const parents = needs.parents.map(({ field, object, needs: inner }) => {
    const parent = world.find((each) => each.id === row.cells[field] && each.object === object && !each.gone)
    return [field, parent ? { image: parent.cells, seen: seenIn(world, parent, inner, at) } : null] as const
  })
  return { aggregates: Object.fromEntries(aggregates.map(([key, { value }]) => [key, value])), untils: Object.fromEntries(aggregates.map(([key, { until }]) => [key, until])), parents: Object.fromEntries(parents) }
}

test('C49 what is worked out over children in memory gives the verdict of the reference, until it runs out', () => {
  fc.assert(fc.property(rows(false), conditions('thing'), contexts, (world, condition, at) => {
    const asked = checked(condition)
    const decide = (moment: BindContext) => world.filter(({ object }) => object === 'thing').map((row) => toPredicate(asked)(row.cells, seenIn(world, row, needsOf(asked), moment), moment))
    const verdicts = decide(at)
    expect(verdicts).toEqual(world.filter(({ object }) => object === 'thing').map((row) => truth(condition, row, { rows: world, at })))
    const untils = world.filter(({ object }) => object === 'thing').map((row) => validUntil(asked, row.cells, seenIn(world, row, needsOf(asked), at), at))
    const just = Math.min(...untils.map((until) => until?.getTime() ?? Infinity)) - 1
    expect(decide(just > at.now.getTime() && Number.isFinite(just) ? { ...at, now: new Date(just) } : at)).toEqual(verdicts)
  }), { numRuns: 150 })
})
