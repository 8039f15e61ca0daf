import { filterSql, kernelContext, params, type Context } from '#kernel/access'
import { type ActDraft, appendChanges, type ChangeDraft } from '#kernel/changes'
import { type Database, ids, type Tenant } from '#platform/db'
import { limits } from './kept-from.ts'
import { takeWaiting, type Reading } from './note.ts'

/** So many records of one reading are named. */
const MOST_NAMED = 200

/** Writes down what waits, of every tenant, in one act per member and address. What the policies do not keep of a record is left out. */
export async function keepReadings(db: Database): Promise<void> {
  for (const { tenant, readings } of takeWaiting()) await keep(db, tenant, readings)
}

async function keep(db: Database, tenant: Tenant, readings: readonly Reading[]): Promise<void> {
  await db.mutate(tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'readings' }, { kind: 'member' })
    const [acts, changes] = [[] as ActDraft[], [] as ChangeDraft[]]
    for (const [object, some] of Map.groupBy(readings, (each) => each.object)) {
      if (!ctx.metadata.objects.has(object)) continue
      const guarded = await guardedNow(ctx, object, [...new Set(some.map(({ record }) => record))])
      for (const same of Map.groupBy(some, ({ member, request }) => `${member} ${request?.ip ?? ''} ${request?.id ?? ''}`).values()) {
        const read = same.flatMap(({ record, fields }) => { const keys = fields.filter((key) => guarded.get(record)?.has(key)); return keys.length > 0 ? [{ record, keys }] : [] })
        if (read.length === 0) continue
        const { member, request } = same[0]!
        const fields = { object: [null, object], fields: [null, [...new Set(read.flatMap(({ keys }) => keys))].sort()], read: [null, read.slice(0, MOST_NAMED).map(({ record }) => record)], rows: [null, read.length] } as const
        acts.push({ actor: { kind: 'member', id: member }, cause: { kind: 'member' }, ip: request?.ip ?? null, agent: request?.agent ?? null, request: request?.id ?? null })
        changes.push({ act: acts.length - 1, object: 'system:reading', record: ids.next(), recordVersion: 1, event: 'created', fields, todo: false })
      }
    }
    if (changes.length > 0) await appendChanges(ctx, acts, changes)
  })
}

/** The fields that policies keep of each of these records from somebody. One statement per policy, and one for those that lost or got a tag within a day. */
async function guardedNow(ctx: Context, object: string, records: readonly string[]): Promise<Map<string, Set<string>>> {
  const guarded = new Map<string, Set<string>>()
  const touched = await ctx.tx.query<{ record: string }>(`select distinct c.record from {t}.act a join {t}.change c on c.act = a.id where a.at > $1::timestamptz - interval '1 day' and c.object = $2 and c.record = any($3::uuid[]) and c.record_version > 1 and c.fields ? 'tags'`, [ctx.now, object, records])
  const all = [...(ctx.metadata.objects.get(object)?.field.keys() ?? [])]
  for (const policy of ctx.metadata.policiesOf(object)) {
    const keys = limits(policy).flatMap((key) => (key === '*' ? all : [key]))
    if (keys.length === 0) continue
    for (const record of [...(await meeting(ctx, object, { records, when: policy.when })), ...touched.map((each) => each.record)]) {
      const known = guarded.get(record) ?? new Set<string>()
      for (const key of keys) known.add(key)
      guarded.set(record, known)
    }
  }
  return guarded
}

async function meeting(ctx: Context, object: string, { records, when }: { records: readonly string[]; when: Parameters<typeof filterSql>[2] | undefined }): Promise<readonly string[]> {
  if (when === undefined) return records
  const given = params()
  const met = filterSql(ctx, object, when, { alias: 'r', params: given })
  // A condition that cannot be asked guards everything.
  if (!met.ok) return records
  return (await ctx.tx.query<{ id: string }>(`select r.id from ${ctx.metadata.objects.get(object)!.table} r where r.id = any(${given.add(records, 'uuid[]')}) and (${met.sql})`, given.values)).map(({ id }) => id)
}

/** The tags of an object that decide, by themselves or among others, that fields are kept from somebody: tag → fields. */
export function protectedBy(ctx: Context, object: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const policy of ctx.metadata.policiesOf(object)) {
    const keys = limits(policy)
    if (keys.length === 0 || !policy.when) continue
    for (const tag of tagsIn(policy.when)) found.set(tag, new Set([...(found.get(tag) ?? []), ...keys]))
  }
  return found
}

function tagsIn(condition: unknown): string[] {
  if (Array.isArray(condition)) return condition.flatMap(tagsIn)
  if (typeof condition !== 'object' || condition === null) return []
  const { field, value } = condition as { field?: unknown; value?: unknown }
  if (field === 'tags') return [value].flat().filter((each): each is string => typeof each === 'string')
  return Object.entries(condition).flatMap(([key, each]) => (key === 'not' || key === 'all' || key === 'any' ? tagsIn(each) : []))
}
