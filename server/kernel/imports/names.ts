import { lensOf, memberRows, params, targetsOf, type Context } from '#kernel/access'
import { cleanLine, parsePhone } from '#language/values'
import { isSeen } from './fields.ts'
import type { ImportField } from './types.ts'

/** Members and records by the names that people write. Several: the name does not tell them apart. */
export interface Names {
  members(written: string): readonly number[]
  records(field: ImportField, written: string): readonly { object: string; id: string }[]
}

export interface Asked { field: ImportField; written: string }

/** Looks up what the cells of a batch name: one statement for members, two per object pointed to. Records only as far as the importer sees them. */
export async function lookUp(ctx: Context, asked: readonly Asked[]): Promise<Names> {
  const people = asked.some(({ field: { kind } }) => kind === 'member' || kind === 'members') ? await peopleOf(ctx) : new Map<string, readonly number[]>()
  const wanted = new Map<string, Set<string>>()
  for (const { field, written } of asked)
    for (const object of targetsFor(ctx, field)) wanted.set(object, (wanted.get(object) ?? new Set()).add(cleanLine(written)))
  const found = new Map<string, ReadonlyMap<string, readonly string[]>>()
  for (const [object, names] of wanted) found.set(object, await recordsCalled(ctx, object, [...names]))
  return {
    members: (written) => people.get(keyOf(written)) ?? [],
    records: (field, written) => targetsFor(ctx, field).flatMap((object) => (found.get(object)?.get(cleanLine(written)) ?? []).map((id) => ({ object, id }))),
  }
}

const targetsFor = ({ metadata }: Context, { kind, to }: ImportField): string[] => (kind === 'reference' || kind === 'anyReference' ? targetsOf(to as string, metadata) : [])

const keyOf = (written: string): string => {
  const phone = parsePhone(written)
  return phone.ok ? phone.e164 : cleanLine(written).toLowerCase()
}

/** Active members by name, e-mail and phone. */
async function peopleOf({ tx }: Context): Promise<ReadonlyMap<string, readonly number[]>> {
  const active = [...(await memberRows(tx)).values()].filter(({ active }) => active)
  const ways = await tx.query<{ id: number; email: string | null; phone: string | null }>(`select id, email, phone from {t}.member where state = 'active'`, [], { name: 'import members' })
  const found = new Map<string, number[]>()
  const note = (name: string | null, id: number) => { if (name && !found.get(name)?.includes(id)) found.set(name, [...(found.get(name) ?? []), id]) }
  for (const { id, name } of active) note(name.toLowerCase(), id)
  for (const { id, email, phone } of ways) { note(email, id); note(phone, id) }
  return found
}

/** By what the object's records are called, and by their automatic number. */
async function recordsCalled(ctx: Context, object: string, names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const [definition, lens] = [ctx.metadata.objects.get(object)!, lensOf(ctx, object)]
  const found = new Map<string, string[]>()
  if (!lens.can('read')) return found
  const fields = [definition.title, ...definition.fields.filter(({ kind }) => kind === 'auto').map(({ key }) => key)].filter((key, i, all) => all.indexOf(key) === i && isSeen(lens.field(key)?.read))
  for (const key of fields) {
    const given = params()
    const column = lens.field(key)!.column('r', given)
    const rows = await ctx.tx.query<{ id: string; name: string }>(`select r.id, ${column} as name from ${definition.table} r where ${column} = any(${given.add(names, 'text[]')}) and ${lens.rows('read', 'r', given)} limit 5000`, given.values)
    for (const { id, name } of rows) if (!found.get(name)?.includes(id)) found.set(name, [...(found.get(name) ?? []), id])
  }
  return found
}
