import { type ErrorCode, refuse, type Refusal } from '#contract'
import type { ObjectDefinition } from '#language/definitions'
import { addColumns, addIndexes, columnsOf, createObjectTables, dropInitials, indexesOf, sqlState, type Tx } from '#platform/db'
import type { Planned } from './plan.ts'

export interface Shaped { refusals: { of: Planned; refusal: Refusal }[]; building: string[] }

/** Gives the planned objects their tables, columns and indexes. New tables are made in one statement. */
export async function shapeTables(tx: Tx, planned: readonly Planned[]): Promise<Shaped> {
  const objects = planned.filter(({ kind, after, kept }) => kind === 'object' && after !== null && !kept)
  const fresh = objects.filter(({ shaped }) => shaped === null)
  await createObjectTables(tx, fresh.map(definitionOf))
  const result: Shaped = { refusals: [], building: [] }
  for (const each of objects.filter(({ shaped }) => shaped !== null)) await reshape(tx, each, result)
  return result
}

const definitionOf = ({ after }: Planned): ObjectDefinition => after!.body as ObjectDefinition

async function reshape(tx: Tx, planned: Planned, result: Shaped): Promise<void> {
  const [object, shaped] = [definitionOf(planned), planned.shaped!]
  const standing = new Set(shaped.fields.flatMap(columnsOf).map(({ name }) => name))
  try {
    await addColumns(tx, object.key, object.fields.filter((field) => columnsOf(field).some(({ name }) => !standing.has(name))))
    await dropInitials(tx, object, shaped)
    if (!wishesDiffer(object, shaped)) return
    const left = await addIndexes(tx, object)
    if (left.length > 0) result.building.push(object.key)
  } catch (error) {
    const code = REFUSALS[sqlState(error) ?? '']
    if (!code) throw error
    result.refusals.push({ of: planned, refusal: refuse(code.code, undefined, { object: object.label.zh, objectEn: object.label.en, reason: code.zh, reasonEn: code.en }) })
  }
}

const wishesDiffer = (object: ObjectDefinition, shaped: ObjectDefinition): boolean => {
  const standing = new Set(indexesOf(shaped).map(({ name }) => name))
  return indexesOf(object).some(({ name }) => !standing.has(name))
}

const REFUSALS: Readonly<Record<string, { code: ErrorCode; zh: string; en: string }>> = {
  '55P03': { code: 'DEFINITION_BUSY', zh: '', en: '' },
  '23505': { code: 'DEFINITION_INVALID', zh: '已有记录的值重复，不能设为唯一；请先清理重复', en: 'Existing records share a value, so the field cannot be unique; clean up the duplicates first' },
}
