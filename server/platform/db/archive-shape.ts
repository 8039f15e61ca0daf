/** Everything that a schema is made of, as statements that make it again. */
export interface SchemaShape {
  sequences: { name: string; create: string; last: string | null; called: boolean }[]
  /** Sequences that belong to a column and come with its table. */
  own: { name: string; last: string | null; called: boolean }[]
  tables: { name: string; create: string; constraints: string[]; indexes: string[] }[]
}

type Ask = <R>(text: string, values?: readonly unknown[]) => Promise<R[]>

/** Read from the catalogue. Names of the schema stand quoted, so that they can be told from other words. */
export async function describeSchema(ask: Ask, schema: string): Promise<SchemaShape> {
  const [columns, tables, constraints, indexes, sequences] = [
    await ask<{ table: string; name: string; type: string; collation: string | null; notnull: boolean; value: string | null; identity: string; generated: string }>(COLUMNS, [schema]),
    await ask<{ name: string; options: string[] | null }>(TABLES, [schema]),
    await ask<{ table: string; name: string; definition: string }>(CONSTRAINTS, [schema]),
    await ask<{ table: string; definition: string }>(INDEXES, [schema]),
    await ask<{ name: string; owned: boolean; type: string; start: string; min: string; max: string; step: string; cache: string }>(SEQUENCES, [schema]),
  ]
  const quoted = (sql: string): string => sql.replaceAll(new RegExp(`(?<![\\w"])"?${schema.replaceAll(/[-]/g, '\\-')}"?\\.`, 'g'), `"${schema}".`)
  const state = async (name: string) => (await ask<{ last: string; called: boolean }>(`select last_value::text as last, is_called as called from "${schema}"."${name}"`))[0]!
  const positions = new Map<string, { last: string; called: boolean }>()
  for (const { name } of sequences) positions.set(name, await state(name))
  return {
    sequences: sequences.filter(({ owned }) => !owned).map((each) => ({ name: each.name, ...positions.get(each.name)!, create: `create sequence "${schema}"."${each.name}" as ${each.type} increment ${each.step} minvalue ${each.min} maxvalue ${each.max} start ${each.start} cache ${each.cache}` })),
    own: sequences.filter(({ owned }) => owned).map(({ name }) => ({ name, ...positions.get(name)! })),
    tables: tables.map(({ name, options }) => ({
      name,
      create: `create table "${schema}"."${name}" (${columns.filter(({ table }) => table === name).map((each) => columnSql(each, quoted)).join(', ')})${options ? ` with (${options.join(', ')})` : ''}`,
      constraints: constraints.filter(({ table }) => table === name).map((each) => `alter table "${schema}"."${name}" add constraint "${each.name}" ${quoted(each.definition)}`),
      indexes: indexes.filter(({ table }) => table === name).map(({ definition }) => quoted(definition)),
    })),
  }
}

interface ColumnRow { name: string; type: string; collation: string | null; notnull: boolean; value: string | null; identity: string }

function columnSql({ name, type, collation, notnull, value, identity }: ColumnRow, quoted: (sql: string) => string): string {
  const given = identity ? ` generated ${identity === 'a' ? 'always' : 'by default'} as identity` : value ? ` default ${quoted(value)}` : ''
  return `"${name}" ${type}${collation ? ` collate ${collation}` : ''}${given}${notnull ? ' not null' : ''}`
}

const IN_SCHEMA = `c.relnamespace = (select oid from pg_namespace where nspname = $1)`
const TABLES = `select c.relname as name, c.reloptions as options from pg_class c where ${IN_SCHEMA} and c.relkind = 'r' order by c.relname`
const COLUMNS = `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as notnull, a.attidentity::text as identity, a.attgenerated::text as generated,
    case when a.attcollation <> t.typcollation then (select quote_ident(n.nspname) || '.' || quote_ident(l.collname) from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid = a.attcollation) end as collation,
    pg_get_expr(d.adbin, d.adrelid) as value
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where ${IN_SCHEMA} and c.relkind = 'r' order by c.relname, a.attnum`
const CONSTRAINTS = `select c.relname as "table", k.conname as name, pg_get_constraintdef(k.oid) as definition from pg_constraint k join pg_class c on c.oid = k.conrelid where ${IN_SCHEMA} and k.contype in ('p', 'u', 'c') order by c.relname, k.contype desc, k.conname`
const INDEXES = `select c.relname as "table", pg_get_indexdef(i.indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indrelid
  where ${IN_SCHEMA} and i.indisvalid and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by c.relname, i.indexrelid`
const SEQUENCES = `select c.relname as name, exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('i', 'a')) as owned,
    format_type(s.seqtypid, null) as type, s.seqstart::text as start, s.seqmin::text as min, s.seqmax::text as max, s.seqincrement::text as step, s.seqcache::text as cache
  from pg_class c join pg_sequence s on s.seqrelid = c.oid where ${IN_SCHEMA} order by c.relname`
