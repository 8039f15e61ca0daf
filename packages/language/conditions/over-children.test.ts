import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregateOver, needsOf, needsOfChild, toPredicate, validUntil, type Needs, type Seen } from './index.ts'
import type { BindContext } from './bind.ts'
import { conditions, contexts, rows } from './testing/arbitrary.ts'
import { AT, checked } from './testing/check.ts'
import { truth } from './testing/reference.ts'
import { id, type Stored } from './testing/world.ts'

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

describe('months that are compared', () => {
  const DAYS = ['2025-08-31', '2025-11-01', '2026-01-31', '2026-02-01', '2026-08-31', '2026-09-01', '2026-09-30', '2026-10-01', '2026-10-15', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-30', '2026-12-01']
  /** Which of the days stand in each span, the newest first; and when the clock alone changes that. */
  function spans(per: string, now: string, more: { at?: string; zone?: string; days?: readonly string[] } = {}) {
    const { at = 'day', zone = AT.zone, days = DAYS } = more
    const asked = checked({ trend: { object: 'part', via: 'thing' }, at, per, periods: 1, move: 'down', percent: 40 })
    const over = (day: string) => aggregateOver(needsOf(asked).aggregates[0]!, [{ id: id(1), image: { [at]: day }, seen: {} }], { ...AT, now: new Date(now), zone })
    const found = days.map((day) => ({ day, ...over(day) }))
    return { newest: found.filter(({ value }) => String(value) === '1,0').map(({ day }) => day), before: found.filter(({ value }) => String(value) === '0,1').map(({ day }) => day), untils: new Set(found.map(({ until }) => until?.toISOString() ?? null)) }
  }
  const [october, september] = [['2026-10-01', '2026-10-15', '2026-10-31'], ['2026-09-01', '2026-09-30']]

  test('C63 the newest is the last month that is over, from the first moment of this one to its last', () => {
    for (const now of ['2026-10-31T16:00:00.000Z', '2026-11-15T04:00:00.000Z', '2026-11-30T15:59:59.999Z']) expect(spans('1mo', now)).toMatchObject({ newest: october, before: september })
    expect(spans('1mo', '2026-10-31T15:59:59.999Z')).toMatchObject({ newest: september, before: ['2026-08-31'] })
    expect(spans('1mo', '2026-11-30T16:00:00.000Z')).toMatchObject({ newest: ['2026-11-01', '2026-11-02', '2026-11-30'], before: october })
  })
  test('C63 a month begins where the tenant lives', () => {
    expect(spans('1mo', '2026-11-30T16:00:00.000Z', { zone: 'UTC' })).toMatchObject({ newest: october, before: september })
    const days = ['2026-09-30T15:59:59.999999Z', '2026-09-30T16:00:00.000Z', '2026-10-31T15:59:59.999999Z', '2026-10-31T16:00:00.000Z']
    expect(spans('1mo', '2026-11-15T04:00:00.000Z', { at: 'moment', days })).toMatchObject({ newest: days.slice(1, 3), before: days.slice(0, 1) })
    expect(spans('1mo', '2026-11-15T04:00:00.000Z', { at: 'moment', days, zone: 'UTC' })).toMatchObject({ newest: days.slice(2), before: days.slice(0, 2) })
  })
  test('C63 several months are one span, over the turn of the year too', () => {
    expect(spans('3mo', '2026-02-28T04:00:00.000Z')).toMatchObject({ newest: ['2025-11-01', '2026-01-31'], before: ['2025-08-31'] })
  })
  test('C49 C63 it runs out when a month begins, as long as a span has still to pass what is there', () => {
    expect(spans('1mo', '2026-11-15T04:00:00.000Z', { days: ['2026-11-02', '2026-10-31', '2026-09-01'] }).untils).toEqual(new Set(['2026-11-30T16:00:00.000Z']))
    expect(spans('1mo', '2026-11-15T04:00:00.000Z', { days: ['2026-12-01'] }).untils).toEqual(new Set(['2026-12-31T16:00:00.000Z']))
    expect(spans('1mo', '2026-11-15T04:00:00.000Z', { days: ['2026-08-31'] }).untils).toEqual(new Set([null]))
  })
})
