import { Refused } from '#contract'
import type { PanoramaShape } from '#contract/api'
import { lensOf, type Context } from '#kernel/access'
import { getRecord, listRecords, type ListQuery, type RecordView } from '#kernel/records'
import type { Condition } from '#language/conditions'
import { relatedTo } from '../related.ts'
import { PANORAMA } from './cast.ts'

const ROWS = 5
const FOUND = 8
/** Whose doings count as theirs: this many of each kind. */
const BELONGING = 50

/**
 * Everything about one record on one card: who to speak to, what they did and said last, what is open, what they bought; each part
 * through the reader's own lens, with the list behind it. What they may not read is left out. A statement per part and object. Refused NOT_FOUND.
 */
export async function panorama(ctx: Context, id: string): Promise<PanoramaShape> {
  const record = await getRecord(ctx, PANORAMA.object, id)
  const family = await familyOf(ctx, id)
  const parts: PanoramaShape['parts'] = []
  for (const part of PANORAMA.parts) {
    const filter: Condition = { all: [part.of === 'family' ? { field: part.via, op: 'in', value: family } : { field: part.via, op: 'eq', value: id }, ...('open' in part ? [{ field: part.open.field, op: 'notIn' as const, value: [...part.open.closed] }] : [])] }
    const records = await readable(ctx, part.object, { filter, limit: ROWS + 1 })
    if (records) parts.push({ key: part.key, object: part.object, title: part.title, filter, records: records.slice(0, ROWS), more: records.length > ROWS })
  }
  return { record, parts, related: await relatedTo(ctx, [record, ...parts.flatMap(({ records }) => records)]) }
}

/** The record and what belongs to it, as a field that may point to several objects names them. */
async function familyOf(ctx: Context, id: string): Promise<string[]> {
  const belonging: string[] = []
  for (const { object, via } of PANORAMA.belongs) {
    const records = await readable(ctx, object, { filter: { field: via, op: 'eq', value: id }, fields: [], limit: BELONGING })
    belonging.push(...(records ?? []).map((each) => `${object}:${each.id}`))
  }
  return [`${PANORAMA.object}:${id}`, ...belonging]
}

/** Who is meant by a name, or by a phone (its last four digits are enough): their own, or that of somebody who belongs to them. */
export async function panoramaSearch(ctx: Context, words: string): Promise<{ id: string; title: string; hint: string }[]> {
  const { object, people } = PANORAMA
  const own = (await readable(ctx, object, { search: words, fields: [], limit: FOUND })) ?? []
  const through = (await readable(ctx, people.object, { search: words, fields: [people.via], limit: FOUND })) ?? []
  const titles = await relatedTo(ctx, through)
  const theirs = through.flatMap(({ title, values }) => { const id = values[people.via]; return typeof id === 'string' && titles[id] ? [{ id, title: titles[id].title, hint: title }] : [] })
  const found = [...own.map(({ id, title }) => ({ id, title, hint: '' })), ...theirs]
  return [...new Map(found.map((each) => [each.id, each])).values()].slice(0, FOUND)
}

/** Null where this reader may not read the object, or not by these fields. */
async function readable(ctx: Context, object: string, query: ListQuery): Promise<RecordView[] | null> {
  if (!ctx.metadata.objects.has(object) || !lensOf(ctx, object).can('read')) return null
  try {
    return (await listRecords(ctx, object, query)).records
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'FIELD_NOT_AVAILABLE') return null
    throw error
  }
}
