import type { ChangeRow } from '#kernel/changes'
import { settleRun, type RunDecision, type Word } from '#kernel/automation'
import { loggedNumber, loggedObject } from '#kernel/members'
import type { Field, ObjectDefinition } from '#language/definitions'
import { addColumns, columnsOf, createObjectTables, type Tx } from '#platform/db'

/** Fields of the object tables that the past has by now. */
export type Shapes = Map<string, Set<string>>
export const openShapes = (): Shapes => new Map()

/** What is told of people, and of what they decided about runs, in the log. */
export const CONFIGURED: readonly string[] = [...(['member', 'team', 'absence', 'own_automation'] as const).map(loggedObject), 'system:run']
export const isConfiguration = ({ object }: Pick<ChangeRow, 'object'>): boolean => object.startsWith('definition:') || object.startsWith('system:')

/** `tx`: of the past. `living`: where the versions that the log names are kept. */
export interface Carrying { tx: Tx; living: Tx; shapes: Shapes }

/** Definitions, members and teams as the log says they became, in its order; the tables that the objects need. */
export async function carryConfiguration(carrying: Carrying, changes: readonly ChangeRow[]): Promise<void> {
  const acts = [...new Set(changes.filter(({ object }) => object.startsWith('definition:')).map(({ act }) => act))]
  if (acts.length > 0) await carryDefinitions(carrying, acts)
  for (const change of changes) {
    if (change.object === loggedObject('member')) await carryPerson(carrying.tx, 'member', change)
    if (change.object === loggedObject('team')) await carryPerson(carrying.tx, 'team', change)
    if (change.object === 'system:run') await carryDecision(carrying.tx, change)
    if (change.object === loggedObject('absence')) await carryPerson(carrying.tx, 'absence', change)
    if (change.object === loggedObject('own_automation')) await carryPerson(carrying.tx, 'own_automation', change)
  }
}

async function carryDefinitions({ tx, living, shapes }: Carrying, acts: readonly number[]): Promise<void> {
  const versions = await living.query<{ kind: string; key: string; version: number; state: string; body: unknown; act: number }>(
    'select distinct on (kind, key) kind, key, version, state, body, act from {t}.definition_version where act = any($1::bigint[]) order by kind, key, version desc', [acts])
  const tags = await living.query('select id, key from {t}.tag')
  await tx.query('delete from {t}.definition d using json_to_recordset($1) as x(kind text, key text) where d.kind = x.kind and d.key = x.key', [JSON.stringify(versions.map(({ kind, key }) => ({ kind, key })))])
  await tx.query(`insert into {t}.definition (kind, key, version, state, body, published_at, published_by) select kind, key, version, state, body, $2, act
    from json_to_recordset($1) as x(kind text, key text, version int, state text, body jsonb, act bigint)`, [JSON.stringify(versions.filter(({ body }) => body !== null)), tx.now])
  await tx.query(`insert into {t}.definition_version (kind, key, version, state, body, act, at) select kind, key, version, state, body, act, $2 from json_to_recordset($1) as x(kind text, key text, version int, state text, body jsonb, act bigint) on conflict do nothing`, [JSON.stringify(versions), tx.now])
  await tx.query('insert into {t}.tag (id, key) overriding system value select id, key from json_to_recordset($1) as x(id int, key text) on conflict do nothing', [JSON.stringify(tags)])
  await shape(tx, shapes, versions.filter(({ kind, body }) => kind === 'object' && body !== null).map(({ body }) => body as ObjectDefinition))
}

async function shape(tx: Tx, shapes: Shapes, objects: readonly ObjectDefinition[]): Promise<void> {
  await createObjectTables(tx, objects.filter(({ key }) => !shapes.has(key)))
  for (const { key, fields } of objects) {
    const known = shapes.get(key)
    if (known) await addColumns(tx, key, fields.filter((field: Field) => columnsOf(field).some(({ name }) => !known.has(name))))
    shapes.set(key, new Set([...(known ?? []), ...fields.flatMap(columnsOf).map(({ name }) => name)]))
  }
}

/** What somebody decided about a run. */
async function carryDecision(tx: Tx, { fields, actor }: ChangeRow): Promise<void> {
  const [run, rule, decision, version] = ['run', 'rule', 'decision', 'version'].map((key) => fields[key]?.[1])
  await settleRun(tx, { run: run as number, rule: rule as string, branch: (fields['branch']?.[1] as string | undefined) ?? '', decision: decision as RunDecision | Word, version: version as number, on: true, by: actor.kind === 'member' ? actor.id : null, reason: (fields['reason']?.[1] as string | undefined) ?? null, step: (fields['step']?.[1] as string | undefined) ?? null })
}

const COLUMNS = {
  member: { name: 'text', email: 'text', phone: 'text', job: 'text', roles: 'text[]', team: 'int', teams: 'int[]', supervisor: 'int', capability: 'jsonb', state: 'text' },
  team: { name: 'text', parent: 'int', head: 'int' },
  absence: { member: 'int', kind: 'text', from_at: 'timestamptz', to_at: 'timestamptz', stand_ins: 'int[]', state: 'text' },
  own_automation: { paused: 'text[]', slots: 'jsonb' },
} as const

const BEGINNINGS = {
  member: `insert into {t}.member (id, name, created_at) values ($1, '', $2) on conflict do nothing`,
  team: `insert into {t}.team (id, name) select $1, '' where $2::timestamptz is not null on conflict do nothing`,
  absence: `insert into {t}.absence (id, member, kind, from_at, to_at) overriding system value values ($1, 0, '', $2, $2) on conflict do nothing`,
  own_automation: `insert into {t}.own_automation (id) select $1 where $2::timestamptz is not null on conflict do nothing`,
} as const

async function carryPerson(tx: Tx, table: keyof typeof COLUMNS, { record, event, fields }: ChangeRow): Promise<void> {
  const id = loggedNumber(record)
  if (event === 'deleted') return void (await tx.query(`delete from {t}.${table} where id = $1`, [id]))
  await tx.query(BEGINNINGS[table], [id, tx.now])
  const set = Object.entries(COLUMNS[table]).filter(([key]) => fields[key] !== undefined)
  if (set.length === 0) return
  const values = set.map(([key, type]) => (type === 'jsonb' ? JSON.stringify(fields[key]![1]) : fields[key]![1]))
  await tx.query(`update {t}.${table} set ${set.map(([key, type], i) => `"${key}" = $${i + 2}::${type}`).join(', ')} where id = $1`, [id, ...values])
}
