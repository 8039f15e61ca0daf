import type { Tx } from '#platform/db'
import { differences } from './canonical.ts'
import { declassifications } from './declassify.ts'
import { logDefinitions, type LoggedChange } from './log.ts'
import { idOf, type Past, type Planned } from './plan.ts'
import type { Author, Metadata } from './types.ts'

/** Versions and last bodies of keys that have none in force; one statement. */
export async function readPast(tx: Tx, keys: readonly { kind: string; key: string }[]): Promise<ReadonlyMap<string, Past>> {
  if (keys.length === 0) return new Map()
  const rows = await tx.query<Past & { kind: string; key: string }>(PAST, [JSON.stringify(keys.map(({ kind, key }) => ({ kind, key })))], { name: 'past definitions' })
  return new Map(rows.map(({ kind, key, version, body }) => [idOf(kind, key), { version, body }]))
}

/** Writes what differs, and one act that says so. Returns the act; null when nothing differs but where it was installed from. */
export async function storePlanned(author: Author, planned: readonly Planned[], next: Metadata): Promise<number | null> {
  const changed = planned.filter(({ kept }) => !kept)
  const act = changed.length > 0 ? await logDefinitions(author, changed.map((each) => logged(each, next))) : 0
  const rows = planned.filter(({ kept, before, after }) => !kept || before?.installed !== after?.installed).map(rowOf)
  if (rows.length > 0) await author.tx.query(STORE, [JSON.stringify(rows), act, author.tx.now], { name: 'store definitions' })
  return changed.length > 0 ? act : null
}

const rowOf = ({ kind, key, version, before, after, kept }: Planned) => ({
  kind, key, version, kept, state: after?.state ?? before!.state, body: after?.body ?? null, solution: after?.solution, installed: after?.installed, base: after?.base,
})

function logged({ kind, key, version, before, after }: Planned, next: Metadata): LoggedChange {
  const state: LoggedChange['fields'] = before?.state === after?.state ? {} : { state: [before?.state ?? null, after?.state ?? null] }
  const opened = kind === 'object' && after ? declassifications(key, next) : []
  return { kind, key, version, fields: { ...differences(before?.body ?? null, after?.body ?? null), ...state, ...(opened.length > 0 && { $declassifies: [null, opened] }) } }
}

const PAST = `select k.kind, k.key, max(v.version) as version,
    (select body from {t}.definition_version b where b.kind = k.kind and b.key = k.key and b.body is not null order by b.version desc limit 1) as body
  from json_to_recordset($1) as k(kind text, key text) join {t}.definition_version v on v.kind = k.kind and v.key = k.key
  group by k.kind, k.key`

const STORE = `with d as materialized (
    select * from json_to_recordset($1) as x(kind text, key text, version int, kept boolean, state text, body jsonb, solution text, installed text, base jsonb)
  ), put as (
    insert into {t}.definition (kind, key, version, state, body, published_at, published_by, solution, installed, base)
    select kind, key, version, state, body, $3, $2, solution, installed, base from d where body is not null
    on conflict (kind, key) do update set version = excluded.version, state = excluded.state, body = excluded.body, solution = excluded.solution, installed = excluded.installed, base = excluded.base,
      published_at = case when definition.version = excluded.version then definition.published_at else excluded.published_at end,
      published_by = case when definition.version = excluded.version then definition.published_by else excluded.published_by end
  ), gone as (
    delete from {t}.definition using d where definition.kind = d.kind and definition.key = d.key and d.body is null
  ) insert into {t}.definition_version (kind, key, version, state, body, act, at) select kind, key, version, state, body, $2, $3 from d where not kept`
