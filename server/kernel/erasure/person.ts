import { refused } from '#contract'
import { memberRows, type Context } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'
import { bind, checkCondition, collectParams, normalise, plainEnv, toSql } from '#language/conditions'
import type { Field } from '#language/definitions'
import type { RecordRef } from './types.ts'
import { isName, isTelling, type PersonWords } from './words.ts'

/** Another record that stands for the same person: it has the same contact point. `shared`: which. */
export interface Candidate extends RecordRef { title: string; shared: string[]; gone: boolean }

const SHAPES = new Set(['phone', 'email', 'text', 'url'])
/** What tells a person from others: personal fields that hold words, but for what they are called. */
const contactFields = ({ fields, title }: ObjectMetadata): Field[] => fields.filter(({ key, kind, personal }) => personal && key !== title && SHAPES.has(kind))
const people = ({ objects }: Context['metadata']): ObjectMetadata[] => [...objects.values()].filter(({ person, immutable }) => person !== undefined && !immutable)

/** Rows `r` of the object that stand for a person. */
function personSql({ tenant, metadata, now }: Context, { key, person }: ObjectMetadata, params: ReturnType<typeof collectParams>): string {
  if (person === true || person === undefined) return person ? 'true' : 'false'
  const checked = checkCondition(person, metadata.conditionSchema(key), 'field-check')
  if (!checked.ok) throw new Error(`Who is a person of ${key} was published though it is not valid: ${checked.problems[0]!.en}`)
  return toSql(normalise(bind(checked.checked, { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })), plainEnv(tenant.schema, { object: key, alias: 'r' }, params)).text
}

/** Refused NOT_FOUND, and ERASURE_NOT_A_PERSON for a record that stands for nobody. One statement. */
export async function requirePerson(ctx: Context, { object, id }: RecordRef): Promise<void> {
  const definition = ctx.metadata.objects.get(object)
  if (!definition) return refused('NOT_FOUND')
  const params = collectParams()
  const [row] = await ctx.tx.query<{ person: boolean }>(`select ${personSql(ctx, definition, params)} as person from ${definition.table} r where r.id = ${params.param(id, 'uuid')}`, params.values)
  if (!row) return refused('NOT_FOUND')
  if (!row.person) refused('ERASURE_NOT_A_PERSON')
}

interface Known { strong: Set<string>; names: Set<string> }

/** What these records have ever said of contact points and names, by their rows and by the log. */
async function knownBy({ tx, metadata }: Context, records: readonly RecordRef[]): Promise<Known> {
  const known: Known = { strong: new Set(), names: new Set() }
  for (const [key, same] of Map.groupBy(records, ({ object }) => object)) {
    const object = metadata.objects.get(key)
    if (!object) continue
    const [ids, contacts, title] = [same.map(({ id }) => id), contactFields(object), object.fields.find((field) => field.key === object.title)]
    const named = title && (title.kind === 'text' || title.kind === 'long') ? [title.key] : []
    const keys = [...contacts.map((field) => field.key), ...named]
    const logged = await tx.query<{ field: string; value: string }>(`select f.key as field, v as value from {t}.change c cross join lateral jsonb_each(c.fields) f cross join lateral jsonb_array_elements_text(f.value) v
      where c.record = any($1::uuid[]) and c.object = $2 and f.key = any($3) and v is not null`, [ids, key, keys])
    const rows = await tx.query<Record<string, string | null>>(`select ${keys.map((each) => `"f_${each}" as "${each}"`).join(', ') || 'id'} from ${object.table} where id = any($1::uuid[])`, [ids])
    const all = [...logged, ...rows.flatMap((row) => keys.map((field) => ({ field, value: row[field] ?? '' })))]
    for (const { field, value } of all) {
      if (named.includes(field)) { if (value !== title?.default) known.names.add(value.trim()) }
      else if (value.trim()) known.strong.add(value.trim())
    }
  }
  return known
}

/** Other records of people with a contact point of this one, deleted ones too. One statement per object. */
export async function candidatesFor(ctx: Context, start: RecordRef): Promise<Candidate[]> {
  const { strong } = await knownBy(ctx, [start])
  const found: Candidate[] = []
  for (const object of strong.size > 0 ? people(ctx.metadata) : []) {
    const [contacts, params] = [contactFields(object), collectParams()]
    if (contacts.length === 0) continue
    const values = params.param([...strong].filter(isTelling), 'text[]')
    const rows = await ctx.tx.query<{ id: string; title: string | null; gone: boolean } & Record<string, unknown>>(`select r.id, r."f_${object.title}"::text as title, r.gone_act is not null as gone, ${contacts.map(({ key }) => `r."f_${key}" = any(${values}) as "is_${key}"`).join(', ')}
      from ${object.table} r where (${contacts.map(({ key }) => `r."f_${key}" = any(${values})`).join(' or ')}) and ${personSql(ctx, object, params)} and r.id <> ${params.param(start.id, 'uuid')} order by r.created_at limit 200`, params.values)
    found.push(...rows.map(({ id, title, gone, ...is }) => ({ object: object.key, id, title: title ?? '', gone, shared: contacts.filter(({ key }) => is[`is_${key}`] === true).map(({ key }) => key) })))
  }
  return found
}

/** How many others are called the same: people who stay, and members. */
export async function namesakesOf(ctx: Context, records: readonly RecordRef[]): Promise<number> {
  const { names } = await knownBy(ctx, records)
  const mine = new Set(records.map(({ id }) => id))
  const counts = await Promise.all(people(ctx.metadata).map((object) => {
    const params = collectParams()
    return ctx.tx.query<{ n: number }>(`select count(*)::int as n from ${object.table} r where r."f_${object.title}"::text = any(${params.param([...names], 'text[]')}) and r.id <> all(${params.param([...mine], 'uuid[]')}) and r.gone_act is null and ${personSql(ctx, object, params)}`, params.values)
  }))
  const members = [...(await memberRows(ctx.tx)).values()].filter(({ name }) => names.has(name)).length
  return counts.reduce((sum, [row]) => sum + row!.n, 0) + members
}

/** What to look for elsewhere. What another person or a member is known by too is left alone, where they have it. */
export async function wordsOf(ctx: Context, records: readonly RecordRef[]): Promise<PersonWords> {
  const known = await knownBy(ctx, records)
  const strong = [...known.strong].filter(isTelling)
  const staying = await Promise.all(people(ctx.metadata).filter((object) => contactFields(object).length > 0).map((object) => {
    const [contacts, params] = [contactFields(object), collectParams()]
    const [values, mine] = [params.param(strong, 'text[]'), params.param(records.map(({ id }) => id), 'uuid[]')]
    return ctx.tx.query<{ value: string }>(contacts.map(({ key }) => `select r."f_${key}" as value from ${object.table} r where r."f_${key}" = any(${values}) and r.id <> all(${mine}) and ${personSql(ctx, object, params)}`).join(' union '), params.values)
  }))
  const members = await ctx.tx.query<{ value: string }>('select email as value from {t}.member where email = any($1) union select phone from {t}.member where phone = any($1)', [strong])
  const others = new Set([...staying.flat(), ...members].map(({ value }) => value))
  return { strong: strong.filter((value) => !others.has(value)), names: [...known.names].filter(isName) }
}
