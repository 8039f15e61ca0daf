import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bind, collectParams, plainEnv, toSql, toSqlVerdict, type Condition, type SqlEnv } from './index.ts'
import { conditions } from './testing/arbitrary.ts'
import { AT, checked } from './testing/check.ts'

const plain = (): SqlEnv => plainEnv('t_1', { object: 'thing', alias: 'r' })
const sql = (condition: unknown, env: SqlEnv = plain()): string => toSql(bind(checked(condition), AT), env).text
const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition
const PART = { object: 'part', via: 'thing' }

describe('parameters', () => {
  test('C33 values are parameters, shared by the whole statement, equal ones once', () => {
    const params = collectParams()
    const env = (): SqlEnv => plainEnv('t_1', { object: 'thing', alias: 'r' }, params)
    expect(sql({ all: [leaf('name', 'eq', "'; drop table x"), leaf('count', 'gt', 1)] }, env())).toBe('(r.f_name = $1::text and r.f_count > $2::int8)')
    expect(sql(leaf('count', 'lt', 1), env())).toBe('r.f_count < $2::int8')
    expect(params.values).toEqual(["'; drop table x", 1])
  })
  test('C33 no value, clock or quoted literal stands in the text', () =>
    fc.assert(fc.property(conditions(), (condition) => {
      const { text, values } = toSql(bind(checked(condition), AT), plain())
      expect(text).not.toMatch(/now\(\)|current_|localtime|'/i)
      expect(new Set(text.match(/\$\d+/g)).size).toBe(values.length)
    })))
})

test.for<[Condition, string]>([
  [leaf('name', 'eq', 'a'), 'r.f_name = $1::text'], [leaf('colour', 'in', ['red', 'green']), 'r.f_colour = any($1::text[])'], [leaf('colour', 'under', 'red'), 'r.f_colour = any($1::text[])'], [leaf('amount', 'between', ['1', '2']), 'r.f_amount between $1::numeric and $2::numeric'], [leaf('keeper', 'eq', { me: true }), 'r.f_keeper = $1::int4'],
  [leaf('tags', 'has', 'hot'), 'r.tags @> $1::int4[]'], [leaf('region', 'under', '320000'), '(r.f_region collate "C" >= $1::text and r.f_region collate "C" < $2::text)'], [leaf('created_at', 'withinLast', '7d'), '(r.created_at >= $1::timestamptz and r.created_at < $2::timestamptz)'], [leaf('day', 'ge', '2026-11-22'), '(r.f_day >= $1::date)'],
  [leaf('id', 'in', []), 'false'], [{ all: [] }, 'true'], [{ not: leaf('name', 'eq', 'a') }, '(r.f_name <> $1::text or r.f_name is null)'], [leaf('name', 'contains', 'a%'), 'lower(r.f_name collate "C") like $1::text'],
])('C34 %j is %s', ([condition, text]) => expect(sql(condition)).toBe(text))

describe('the environment decides', () => {
  test('C35 children come from its tables, linked, alive and in scope', () => {
    const scoped: SqlEnv = { ...plain(), source: (object) => ({ table: `lens.${object}`, row: { object, alias: 'c' }, visible: 'c.scope' }) }
    expect(sql({ some: PART, where: leaf('name', 'eq', 'a') }, scoped)).toBe('exists (select from lens.part c where c.f_thing = r.id and c.gone_act is null and c.scope and c.f_name = $1::text)')
    expect(sql({ some: { object: 'part', via: 'whole' } }, scoped)).toBe('exists (select from lens.part c where c.f_whole = r.id and c.f_whole__object = $2::text and c.gone_act is null and c.scope)')
    expect(sql({ parent: 'maker', where: { all: [] } }, scoped)).toBe('exists (select from lens.maker c where c.id = r.f_maker and c.gone_act is null and c.scope)')
  })
  test('C35 aliases inside aliases differ', () => {
    expect(sql({ some: PART, where: { parent: 'maker', where: leaf('name', 'empty') } })).toBe(
      'exists (select from "t_1"."o_part" r_1 where r_1.f_thing = r.id and r_1.gone_act is null and exists (select from "t_1"."o_maker" r_2 where r_2.id = r_1.f_maker and r_2.gone_act is null and r_2.f_name is null))')
  })
  const masked: SqlEnv = { ...plain(), column: (row, field) => ({ sql: `left(${row.alias}.f_${field.key}, 3)`, visible: `${row.alias}.v` }) }
  test('C36 a leaf that may be hidden is kept only where it is visible', () => {
    expect(sql(leaf('name', 'eq', 'a'), masked)).toBe('(r.v and (left(r.f_name, 3)) = $1::text)')
    expect(toSqlVerdict(bind(checked(leaf('name', 'eq', 'a')), AT), masked).text).toBe('case when (r.v and (left(r.f_name, 3)) = $1::text) then true when ((r.v and (left(r.f_name, 3)) <> $1::text) or (r.v and (left(r.f_name, 3)) is null)) then false end')
    expect(toSqlVerdict(bind(checked(leaf('name', 'eq', 'a')), AT), plain()).text).toBe('((r.f_name = $1::text) is true)')
  })
  test('C36 an always-hidden field is empty, of its own type', () => {
    const hidden: SqlEnv = { ...plain(), column: () => ({ sql: 'NULL' }) }
    expect([sql(leaf('tags', 'empty'), hidden), sql(leaf('about', 'under', 'thing'), hidden), sql(leaf('name', 'contains', 'a'), hidden)]).toEqual(['coalesce(cardinality((null::int4[])), 0) = 0', 'null::text = any($1::text[])', 'lower(null::text collate "C") like $2::text'])
  })
})

test('C30 C33 changed has no SQL: a row has no before', () => {
  expect(() => sql({ changed: 'name' })).toThrow(TypeError)
  expect(() => sql({ not: { changedTo: 'colour', value: 'red' } })).toThrow(TypeError)
})
