import type { Context } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'
import type { RecordRef } from './types.ts'

/** What hangs on a person's records. `about`: said or done about them, and nothing else; `near`: where their name means them. */
export interface Reach { own: RecordRef[]; about: RecordRef[]; near: string[]; /** Everything that names one of them. */ pointing: RecordRef[] }

interface Pointer { object: ObjectMetadata; field: string; about: boolean }

/** Every field that names another record. */
function pointers({ objects }: Context['metadata']): Pointer[] {
  return [...objects.values()].flatMap((object) => object.fields.filter(({ kind }) => kind === 'reference' || kind === 'anyReference').map(({ key }) => ({ object, field: key, about: isAbout(object, key) })))
}

const isAbout = ({ immutable, activity, comment, scopeVia, person }: ObjectMetadata, field: string): boolean =>
  person === undefined && (field === activity?.subject || field === comment?.subject || (immutable === true && field === scopeVia))

/** Two steps along the references to these records, and one to what they belong to. Four statements. */
export async function reachOf(ctx: Context, own: readonly RecordRef[]): Promise<Reach> {
  const ids = own.map(({ id }) => id)
  const first = await pointing(ctx, ids)
  const second = await pointing(ctx, first.map(({ id }) => id))
  const taken = new Set(ids)
  const about = first.filter((each) => each.about && !taken.has(each.id)).map(({ object, id }) => ({ object, id }))
  return { own: [...own], about: [...new Map(about.map((each) => [each.id, each])).values()], near: [...new Set([...ids, ...first.map(({ id }) => id), ...second.map(({ id }) => id), ...(await parentsOf(ctx, own))])], pointing: first.map(({ object, id }) => ({ object, id })) }
}

async function pointing({ tx, metadata }: Context, to: readonly string[]): Promise<{ object: string; id: string; about: boolean }[]> {
  const all = pointers(metadata)
  if (to.length === 0 || all.length === 0) return []
  return tx.query(all.map(({ object, field, about }) => `select '${object.key}' as object, id, ${about} as about from ${object.table} where "f_${field}" = any($1::uuid[])`).join(' union all '), [to])
}

/** What they belong to. */
async function parentsOf({ tx, metadata }: Context, own: readonly RecordRef[]): Promise<string[]> {
  const found: string[] = []
  for (const [key, same] of Map.groupBy(own, ({ object }) => object)) {
    const object = metadata.objects.get(key)
    const fields = [...new Set([object?.scopeVia, ...(object?.timeline ?? [])])].filter((field) => field !== undefined)
    if (!object || fields.length === 0) continue
    const rows = await tx.query<{ id: string | null }>(fields.map((field) => `select "f_${field}" as id from ${object.table} where id = any($1::uuid[])`).join(' union '), [same.map(({ id }) => id)])
    found.push(...rows.flatMap(({ id }) => id ?? []))
  }
  return found
}

/** Of these records, those that others belong to for good: they keep their place without what they said. */
export async function neededBy({ tx, metadata }: Context, own: readonly RecordRef[]): Promise<Set<string>> {
  const scoped = [...metadata.objects.values()].filter(({ scopeVia, fields }) => fields.find(({ key }) => key === scopeVia)?.kind === 'reference')
  if (scoped.length === 0) return new Set()
  const mine = own.map(({ id }) => id)
  const rows = await tx.query<{ id: string }>(scoped.map(({ table, scopeVia }) => `select "f_${scopeVia}" as id from ${table} where "f_${scopeVia}" = any($1::uuid[]) and id <> all($1::uuid[]) and gone_act is null`).join(' union '), [mine])
  return new Set(rows.map(({ id }) => id))
}
