import { workingCalendar } from '../../values/index.ts'
import fc from 'fast-check'
import type { Condition } from '../ast.ts'
import type { BindContext } from '../bind.ts'
import { FAMILIES, familyOf } from '../kinds.ts'
import { DEFINITIONS, id, kindOf, OBJECTS, type ObjectKey, type Stored } from './world.ts'

/** Values that have broken comparisons before (NFC and NFD, full width, case of other alphabets, patterns of LIKE, 2⁵³ + 1, 0.1 + 0.2, midnight in several zones). */
const TEXTS = ['a', 'A', 'Ａ', 'é', 'e\u0301', 'É', 'İ', 'ı', '\u212a', 'k', 'K', 'ß', 'ẞ', 'ǆ', '😀', '﹏', '%', '_', '\\', '100%', 'a_b', 'a\\b', 'a\\_%b', "'", '"', '{a,b}', 'NULL', '智康医疗', '康医', 'https://x.cn/Pricing', '/pricing', '$1']
const DECIMALS = ['0', '0.1', '0.2', '0.3', '0.30', '0.10000000000000001', '-0.3', '500000', '500000.00', '9007199254740992', '9007199254740993', '-9007199254740993.5', '123456789012345678901234567890.1234567891', '99999999999999999999']
const INTEGERS = [0, 1, -1, 2, 3, 1000, 9007199254740991, -9007199254740991]
export const INSTANTS = ['2026-11-21T15:59:59.999Z', '2026-11-21T16:00:00.000Z', '2026-11-21T16:00:00.000001Z', '2026-11-22T05:59:59.999999Z', '2026-11-22T06:00:00.000Z', '2026-11-22T06:00:00.000001Z', '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000001Z',
  '2026-11-15T06:00:00.000Z', '2026-11-15T06:00:00.000500Z', '2026-11-25T06:00:00.000Z', '2026-03-08T05:00:00.000Z', '2018-11-04T02:59:59.999Z', '2018-11-04T03:00:00.000Z', '1969-12-31T23:59:59.999999Z', '1900-01-01T00:00:00.000Z', '2200-12-31T23:59:59.999Z']
const DAYS = ['2026-11-15', '2026-11-19', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-25', '2026-03-08', '2018-11-04', '2018-11-03', '1970-01-01', '1900-01-01', '2200-12-31', '2024-02-29']
/** Around the turn of a month, here and in UTC. */
const TURNS = ['2026-09-30T15:59:59.999999Z', '2026-09-30T16:00:00.000Z', '2026-10-31T15:59:59.999999Z', '2026-10-31T16:00:00.000Z', '2026-10-31T23:59:59.999Z', '2026-11-01T00:00:00.000Z', '2026-11-30T16:00:00.000Z']
const TURN_DAYS = ['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01']
const LENGTHS = ['0d', '1d', '3d', '7d', '2w', '1000d', '999999w']
const WORKING_DAYS = ['0wd', '1wd', '3wd', '250wd']
const WORKING = [...WORKING_DAYS, '0wh', '1wh', '8wh', '9wh', '40wh', '0wm', '25wm', '600wm']
const SHORT_LENGTHS = [...LENGTHS, '0s', '1s', '72h', '24h', '25m', '168h']
const PHONES = ['+8613800138000', '+8613900139000', '+14155552671']
const REGIONS = ['310000', '320000', '320500', '320505', '440300', '110000', '810000']
const OPTIONS = ['red', 'dark_red', 'wine', 'green']
const TAGS = ['hot', '大客户', "o'clock"]
const MEMBERS = [1, 2, 3]
const RECORDS = [1, 2, 3, 4, 5, 6, 7, 8].map(id)

const one = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const someOf = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.uniqueArray(one(values), { maxLength: 3 })
const text = fc.oneof({ weight: 4, arbitrary: one(TEXTS) }, { weight: 1, arbitrary: fc.tuple(one(TEXTS), one(TEXTS)).map(([a, b]) => a + b) })
const aboutThing = fc.record({ object: one(['thing', 'maker']), id: one(RECORDS) })

/** Stored cells per kind; `empty text` and `{}` included because older writers may have left them. */
const CELLS: Record<string, fc.Arbitrary<unknown>> = {
  text: fc.oneof(text, fc.constant('')), url: text, phone: one(PHONES), integer: one(INTEGERS), decimal: one(DECIMALS), money: one(DECIMALS), percent: one(DECIMALS), boolean: fc.boolean(), date: fc.oneof(one(DAYS), one(DAYS.slice(0, 3)), one(TURN_DAYS)), datetime: fc.oneof(one(INSTANTS), one(INSTANTS.slice(0, 3)), one(TURNS)),
  select: one(OPTIONS), multiselect: someOf(OPTIONS), region: one(REGIONS), reference: one(RECORDS), anyReference: aboutThing, member: one(MEMBERS), members: someOf(MEMBERS), team: one(MEMBERS), file: someOf(RECORDS), tags: someOf([1, 2, 3]),
}

const BASE = ['owner', 'owner_team', 'tags', 'origin', 'created_at', 'last_activity_at', 'next_contact_at'] as const
export const fieldsOf = (object: string): string[] => [...DEFINITIONS.objects.find(({ key }) => key === object)!.fields.map(({ key }) => key), ...BASE]

const cellsOf = (object: ObjectKey): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(fieldsOf(object).map((key) => [key, fc.option(CELLS[kindOf(object, key)]!, { freq: 4 })]))) as fc.Arbitrary<Record<string, unknown>>

const row = (n: number, object: ObjectKey, hides: boolean): fc.Arbitrary<Stored> =>
  fc.record({ object: fc.constant(object), id: fc.constant(id(n)), cells: cellsOf(object), gone: fc.boolean().map((gone) => gone && n % 3 === 0), hidden: hides ? fc.subarray(fieldsOf(object), { maxLength: 4 }) : fc.constant<string[]>([]) })
    .map((stored) => ({ ...stored, cells: { ...stored.cells, id: stored.id } }))

/** Two things, two makers and four parts that mostly belong to them. */
export const rows = (hides: boolean): fc.Arbitrary<Stored[]> =>
  fc.tuple(row(1, 'thing', hides), row(2, 'thing', hides), row(3, 'maker', hides), row(4, 'maker', hides), row(5, 'part', hides), row(6, 'part', hides), row(7, 'part', hides), row(8, 'part', hides))
    .map((stored) => stored.map(attached))

/** Whatever id was drawn, one of two neighbours. */
const near = (first: number, drawn: unknown): string => id(first + (Number((drawn as string).at(-1)) % 2))

function attached(stored: Stored): Stored {
  const { object, cells } = stored
  if (object === 'thing' && cells['maker'] !== null) return { ...stored, cells: { ...cells, maker: near(3, cells['maker']) } }
  if (object !== 'part') return stored
  const whole = cells['whole'] === null ? null : { object: (cells['whole'] as { object: string }).object, id: near(1, (cells['whole'] as { id: string }).id) }
  return { ...stored, cells: { ...cells, thing: cells['thing'] === null ? null : near(1, cells['thing']), whole } }
}

export const contexts: fc.Arbitrary<BindContext> = fc.record({
  me: one([null, 1, 2]), myTeams: one([[], [1], [1, 3]]), now: one(['2026-11-22T06:00:00.000Z', '2026-11-21T16:00:00.000Z', '2026-11-21T15:59:59.999Z', '2018-11-04T03:30:00.000Z', '2026-11-30T16:00:00.000Z', '2026-11-30T15:59:59.999Z']).map((iso) => new Date(iso)),
  zone: one(['Asia/Shanghai', 'UTC', 'America/Sao_Paulo', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu']), calendar: one([workingCalendar(), workingCalendar({ weekdays: [1, 2, 3, 4, 5, 6], opens: '08:30', closes: '17:30', years: [] })]),
})

/** Conditions about a record of `object`, all of them valid. */
export const conditions = (object: ObjectKey = 'thing', depth = 3): fc.Arbitrary<Condition> => {
  const leaf = leaves(object)
  if (depth === 0) return leaf
  const inner = conditions(object, depth - 1)
  const groups: fc.Arbitrary<Condition>[] = [
    fc.array(inner, { maxLength: 3 }).map((all) => ({ all })), fc.array(inner, { maxLength: 3 }).map((any) => ({ any })), inner.map((not) => ({ not })),
  ]
  return fc.oneof({ weight: 3, arbitrary: leaf }, ...groups.map((arbitrary) => ({ weight: 1, arbitrary })), ...related(object, depth).map((arbitrary) => ({ weight: 1, arbitrary })))
}

const leaves = (object: string): fc.Arbitrary<Condition> => one([...fieldsOf(object), 'id']).chain((field) => comparisons(kindOf(object, field)).map((rest) => ({ field, ...rest }) as Condition))

function comparisons(kind: string): fc.Arbitrary<object> {
  return one(FAMILIES[familyOf({ kind: kind as never })].operators).chain((op) => {
    const value = operandFor(kind, op)
    return value === null ? fc.constant({ op }) : value.map((each) => ({ op, value: each }))
  })
}

const LITERALS: Record<string, fc.Arbitrary<unknown>> = {
  ...CELLS, text: text.filter((each) => each.trim() !== ''), decimal: fc.oneof(one(DECIMALS), one(INTEGERS)), datetime: fc.oneof(one(INSTANTS.map((each) => each.slice(0, 23).replace('Z', '') + 'Z')), one(DAYS)),
  multiselect: one(OPTIONS), members: one(MEMBERS), tags: one(TAGS), anyReference: aboutThing.map(({ object, id: uuid }) => `${object}:${uuid}`),
}
const moments = (kind: string): fc.Arbitrary<unknown> => fc.oneof(
  fc.record({ now: fc.constant(true), plus: one(kind === 'date' ? LENGTHS : SHORT_LENGTHS), minus: one(['0d', '1d']) }, { requiredKeys: ['now'] }),
  fc.record({ today: fc.constant(true), plus: one(LENGTHS), minus: one(['1d', '1000d']) }, { requiredKeys: ['today'] }),
)

function operandFor(kind: string, op: string): fc.Arbitrary<unknown> | null {
  if (op === 'empty' || op === 'notEmpty') return null
  if (['olderThan', 'notOlderThan', 'withinLast', 'notWithinLast', 'withinNext', 'notWithinNext'].includes(op)) return one(kind === 'date' ? [...LENGTHS, ...WORKING_DAYS] : [...SHORT_LENGTHS, ...WORKING])
  if (kind === 'anyReference' && op.toLowerCase().endsWith('under')) return one(OBJECTS)
  if (kind === 'phone' && /contains|startswith/i.test(op)) return one(['138', '8000', '+86'])
  if (kind === 'region' && op.toLowerCase().endsWith('under')) return fc.oneof(one([...REGIONS, 'east']), fc.array(one([...REGIONS, 'east']), { minLength: 1, maxLength: 2 }))
  const scalar = scalarFor(kind)
  if (op === 'between' || op === 'notBetween') return fc.tuple(scalar, scalar)
  if (!['in', 'notIn', 'hasAny', 'hasNone'].includes(op)) return scalar
  return kind === 'team' ? fc.oneof(fc.array(scalar, { maxLength: 3 }), fc.constant({ myTeams: true })) : fc.array(scalar, { maxLength: 3 })
}

function scalarFor(kind: string): fc.Arbitrary<unknown> {
  if (kind === 'member') return fc.oneof(one(MEMBERS), fc.constant({ me: true }))
  if (kind === 'date' || kind === 'datetime') return fc.oneof(LITERALS[kind]!, moments(kind))
  if (kind === 'money' || kind === 'percent') return LITERALS['decimal']!
  return kind === 'url' ? LITERALS['text']! : LITERALS[kind]!
}

const COMPARE = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const

/** What reaches out: a thing has parts (by two fields) and a maker, a maker has things. */
function related(object: ObjectKey, depth: number): fc.Arbitrary<Condition>[] {
  const parents: fc.Arbitrary<Condition>[] = object === 'maker' ? [] : [conditions('maker', depth - 1).map((where) => ({ parent: 'maker', where }))]
  if (object === 'part') return parents
  return [...parents, ...(object === 'thing' ? aggregates('part', ['thing', 'whole'], depth) : aggregates('thing', ['maker'], depth))]
}

/** Among children time is natural. */
const natural = <T>(condition: T): T => JSON.parse(JSON.stringify(condition).replaceAll(/"(\d+)w([mhd])"/g, '"$1$2"')) as T

function aggregates(child: ObjectKey, vias: readonly string[], depth: number): fc.Arbitrary<Condition>[] {
  const relation = one(vias.map((via) => ({ object: child, via })))
  const where = fc.option(conditions(child, Math.min(depth - 1, 1)).map(natural), { nil: undefined })
  const window = fc.record({ within: one(['7d', '3d', '0d', '1000d']), at: one(['moment', 'day', 'created_at']) }, { requiredKeys: [] })
  const latest = one(fieldsOf(child)).chain((of) => comparisons(kindOf(child, of)).map((rest) => ({ of, ...natural(rest) })))
  return [
    fc.record({ some: relation, where }), fc.record({ none: relation, where }),
    fc.tuple(fc.record({ count: relation, where, op: one(COMPARE), value: fc.nat(3) }), window).map(([node, more]) => ({ ...node, ...more })),
    fc.tuple(fc.record({ sum: relation, of: one(['count', 'ratio', 'amount']), where, op: one(COMPARE), value: one(['0', '0.3', '500000', '9007199254740993']) }), window).map(([node, more]) => ({ ...node, ...more })),
    fc.record({ recent: relation, last: fc.integer({ min: 1, max: 3 }), where, at: one(['moment', 'day', 'created_at']), that: conditions(child, Math.min(depth - 1, 1)).map(natural) }, { requiredKeys: ['recent', 'last', 'that'] }),
    fc.record({ trend: relation, of: one(['count', 'ratio', 'amount']), where, at: one(['moment', 'day', 'created_at']), per: one(['3d', '1d', '30d', '500d', '1mo', '2mo', '3mo', '0mo']), periods: fc.integer({ min: 1, max: 3 }), move: one(['down', 'up']), percent: one([0, 10, 40, 100]) }, { requiredKeys: ['trend', 'per', 'periods', 'move', 'percent'] }),
    fc.tuple(fc.record({ latest: relation, where, at: one(['moment', 'day', 'created_at']) }), latest).map(([node, rest]) => ({ ...node, ...rest })),
  ] as fc.Arbitrary<Condition>[]
}
