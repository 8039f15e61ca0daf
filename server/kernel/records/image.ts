import type { Metadata } from '#kernel/metadata'
import type { ObjectPlan } from './plan.ts'
import type { RecordImage, Values } from './types.ts'

export type Row = Record<string, unknown>

/** A row selected by `plan.select` as the kernel holds it. Empty cells are left out. */
export function imageOf(plan: ObjectPlan, metadata: Metadata, row: Row): RecordImage {
  return { ...imageFrom(plan, metadata, row['id'] as string, valuesOf(plan, row)), recordVersion: row['version'] as number, gone: row['gone_act'] !== null }
}

export function valuesOf(plan: Pick<ObjectPlan, 'cells'>, row: Row): Values {
  const values: Values = { id: row['id'] }
  for (const { key, name, any, read } of plan.cells) {
    const raw = row[name]
    if (raw === null || raw === undefined) continue
    const value = read ? read(raw as never) : any ? { object: row[`${name}__object`], id: raw } : raw
    if (value !== null) values[key] = value
  }
  return values
}

/** The image of a living record that has these values. */
export function imageFrom(plan: ObjectPlan, metadata: Metadata, id: string, values: Values): RecordImage {
  return {
    object: plan.object.key, id, recordVersion: 1, gone: false, values,
    owner: (values['owner'] as number | undefined) ?? null,
    ownerTeam: (values['owner_team'] as number | undefined) ?? null,
    tags: tagKeys(metadata, values['tags']),
    createdAt: new Date(values['created_at'] as string),
  }
}

export function tagKeys({ tags }: Metadata, ids: unknown): string[] {
  return ((ids as readonly number[] | null | undefined) ?? []).map((id) => tags.byId.get(id)?.key).filter((key) => key !== undefined)
}
