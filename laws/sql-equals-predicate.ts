import pg from 'pg'
import {
  bind, buildRuleIndex, checkCondition, collectParams, explain, FAMILIES, familyOf, needSql, needsOf, plainEnv, schemaOf, toOwnPredicate, toPredicate, toSentence, toSql, toSqlVerdict, validUntil,
  type AggregateNeed, type BindContext, type Checked, type Condition, type ConditionKind, type Row, type Seen, type SqlEnv,
} from '#language/conditions'
import { truth, type Truth } from '../packages/language/conditions/testing/reference.ts'
import { fieldsOf } from '../packages/language/conditions/testing/arbitrary.ts'
import { DEFINITIONS, kindOf, OBJECTS, type Stored } from '../packages/language/conditions/testing/world.ts'

/** One question to the law: these records, this moment, these conditions about the things among them. */
export interface Case { rows: Stored[]; at: BindContext; conditions: Condition[] }

const THINGS = schemaOf('thing', DEFINITIONS)

/** Tables as the write path makes them, and a column that says which cells a reader may not see. */
export async function createTables(client: pg.Client): Promise<void> {
  await client.query('create schema law')
  for (const object of OBJECTS) await client.query(`create table law.o_${object} (id uuid primary key, gone_act bigint, hidden text[] not null, ${fieldsOf(object).flatMap((key) => columnsOf(object, key)).join(', ')})`)
}

function columnsOf(object: string, key: string): string[] {
  const kind = kindOf(object, key) as ConditionKind
  const type = FAMILIES[familyOf({ kind })].pg
  const name = columnOf(key)
  return kind === 'anyReference' ? [`${name} uuid`, `${name}__object text`] : [`${name} ${type}${type === 'text' ? ' collate "C"' : ''}`]
}
const isOwn = (key: string): boolean => DEFINITIONS.objects.some(({ fields }) => fields.some((field) => field.key === key))
const columnOf = (key: string): string => (isOwn(key) ? `f_${key}` : key)

async function store(client: pg.Client, rows: readonly Stored[]): Promise<void> {
  for (const object of OBJECTS) {
    await client.query(`delete from law.o_${object}`)
    const records = rows.filter((row) => row.object === object).map(recordOf)
    await client.query(`insert into law.o_${object} select * from jsonb_populate_recordset(null::law.o_${object}, $1)`, [JSON.stringify(records)])
  }
}

function recordOf({ object, id, cells, gone, hidden }: Stored): object {
  const columns = fieldsOf(object).flatMap((key): [string, unknown][] => {
    const cell = cells[key]
    if (kindOf(object, key) !== 'anyReference') return [[columnOf(key), cell]]
    const to = cell as { id: string; object: string } | null
    return [[columnOf(key), to?.id ?? null], [`${columnOf(key)}__object`, to?.object ?? null]]
  })
  return { id, gone_act: gone ? 1 : null, hidden, ...Object.fromEntries(columns) }
}

/** Columns of which single cells may be hidden. */
function hidingEnv(env: SqlEnv): SqlEnv {
  return { ...env, column: (row, field) => ({ ...env.column(row, field), ...(field.key !== 'id' && { visible: `not ${row.alias}.hidden @> array['${field.key}']` }) }) }
}

type Fetched = [value: unknown, until: string | null][]
/** `makers`: what is needed of the thing's live maker, null without one. */
interface Answer { id: string; kept: (boolean | null)[]; verdicts: Truth[]; needs: Fetched[]; makers: (Fetched | null)[] }

/** Every condition about every thing, in one statement. */
async function ask(client: pg.Client, checked: readonly Checked[], { at, rows }: Case): Promise<Answer[]> {
  const params = collectParams()
  const hides = rows.some(({ hidden }) => hidden.length > 0)
  const env = (): SqlEnv => (hides ? hidingEnv : (each: SqlEnv) => each)(plainEnv('law', { object: 'thing', alias: 'r' }, params))
  const kept = checked.map((each) => toSql(bind(each, at), env()).text)
  const verdicts = checked.map((each) => toSqlVerdict(bind(each, at), env()).text)
  const fetched = (needs: readonly AggregateNeed[], row: Row): string =>
    jsonArray(needs.map((need) => needSql(need, at, plainEnv('law', row, params))).map(({ value, until }) => jsonArray([value, until ?? 'null'])))
  const needs = checked.map((each) => fetched(needsOf(each).aggregates, { object: 'thing', alias: 'r' }))
  const makers = checked.map((each) => `(select ${fetched(makerNeeds(each), { object: 'maker', alias: 'm' })} from law.o_maker m where m.id = r.f_maker and m.gone_act is null)`)
  const text = `select r.id, ${jsonArray(kept)} as kept, ${jsonArray(verdicts)} as verdicts, ${jsonArray(needs)} as needs, ${jsonArray(makers)} as makers from law.o_thing r order by r.id`
  return (await client.query<Answer>({ text, values: params.values })).rows
}
const makerNeeds = (checked: Checked): readonly AggregateNeed[] => needsOf(checked).parents[0]?.needs.aggregates ?? []
const jsonArray = (items: readonly string[]): string => (items.length === 0 ? `'[]'::jsonb` : `jsonb_build_array(${items.join(', ')})`)

/** What the law says: the first disagreement as a sentence, or null. */
export async function disagreement(client: pg.Client, question: Case): Promise<string | null> {
  await store(client, question.rows)
  const checked = question.conditions.map((condition) => {
    const result = checkCondition(condition, THINGS, 'filter')
    if (!result.ok) throw new Error(`The generator made an invalid condition: ${JSON.stringify([condition, result.problems])}`)
    return result.checked
  })
  for (const answer of await ask(client, checked, question)) {
    const found = compare(answer, checked, question)
    if (found !== null) return found
  }
  return null
}

function compare(answer: Answer, checked: readonly Checked[], question: Case): string | null {
  const thing = question.rows.find(({ id }) => id === answer.id)!
  const hides = question.rows.some(({ hidden }) => hidden.length > 0)
  const expected = question.conditions.map((condition) => truth(condition, thing, question))
  for (const [i, condition] of question.conditions.entries()) {
    const said = [
      ...(answer.kept[i] === true) === (expected[i] === true) ? [] : [`WHERE keeps: ${answer.kept[i]}`],
      ...answer.verdicts[i] === expected[i] ? [] : [`SQL verdict: ${answer.verdicts[i]}`],
      ...hides ? [] : inMemory(checked[i]!, condition, thing, seenBy(thing, [checked[i]!], [answer.needs[i]!], [answer.makers[i]!], question), question),
    ]
    if (said.length > 0) return `${said.join('; ')}; expected ${expected[i]} for ${JSON.stringify(condition)} about ${thing.id}`
  }
  return hides ? null : indexed(checked, thing, seenBy(thing, checked, answer.needs, answer.makers, question), question.at, expected)
}

function seenBy(thing: Stored, checked: readonly Checked[], needs: readonly Fetched[], makers: readonly (Fetched | null)[], { rows }: Case): Seen {
  const maker = rows.find(({ object, id, gone }) => object === 'maker' && !gone && id === thing.cells['maker'])
  const own = gathered(checked.map((each) => needsOf(each).aggregates), needs)
  return { ...own, parents: { maker: maker ? { image: maker.cells, seen: gathered(checked.map(makerNeeds), makers) } : null } }
}

function gathered(needs: readonly (readonly AggregateNeed[])[], fetched: readonly (Fetched | null)[]): Seen {
  const found = needs.flatMap((each, i) => each.map(({ key }, n) => [key, fetched[i]![n]!] as const))
  return { aggregates: Object.fromEntries(found.map(([key, [value]]) => [key, value])), untils: Object.fromEntries(found.map(([key, [, until]]) => [key, until])) }
}

function inMemory(checked: Checked, condition: Condition, thing: Stored, seen: Seen, question: Case): string[] {
  const expected = truth(condition, thing, question)
  const { at } = question
  const holds = toPredicate(checked)(thing.cells, seen, at)
  const sentences = [toSentence(checked, 'zh', {}), toSentence(checked, 'en', {})]
  return [
    ...holds === expected ? [] : [`predicate: ${holds}`],
    ...explain(checked, thing.cells, seen, at).verdict === expected ? [] : ['explain says otherwise'],
    ...holds && !toOwnPredicate(checked)(thing.cells, {}, at) ? ['own fields rule it out'] : [],
    ...sentences.every((each) => each !== '' && !each.includes('undefined')) ? [] : [`sentence: ${sentences.join(' | ')}`],
    ...stays(checked, condition, thing, seen, question),
  ]
}

const DECADE = 10 * 365 * 86_400_000

/** Until the instant that validUntil names, the clock turns nothing. */
function stays(checked: Checked, condition: Condition, thing: Stored, seen: Seen, question: Case): string[] {
  const { at } = question
  const until = validUntil(checked, thing.cells, seen, at)
  const before = new Date(until === null ? at.now.getTime() + DECADE : until.getTime() - 1)
  if (before <= at.now) return []
  const [now, then] = [truth(condition, thing, question), truth(condition, thing, { ...question, at: { ...at, now: before } })]
  return now === then ? [] : [`turned before ${until?.toISOString() ?? 'never'}`]
}

function indexed(checked: readonly Checked[], thing: Stored, seen: Seen, at: BindContext, expected: readonly Truth[]): string | null {
  const index = buildRuleIndex(checked.map((each, id) => ({ id, checked: each })))
  const matched = index.match(thing.cells, seen, at)
  const wanted = expected.flatMap((each, id) => (each ? [id] : []))
  if (matched.join() !== wanted.join()) return `the rule index finds ${matched.join()} instead of ${wanted.join()}`
  const candidates = new Set(index.candidates(thing.cells, at))
  return wanted.every((id) => candidates.has(id)) ? null : 'a matching rule is no candidate'
}
