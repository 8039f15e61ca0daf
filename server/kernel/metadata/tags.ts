import { refused } from '#contract'
import { TagDefinition } from '#language/definitions'
import type { Tx } from '#platform/db'
import { bumpEpoch, metadataOf } from './read.ts'
import { storePlanned } from './store.ts'
import type { Planned } from './plan.ts'
import type { Author } from './types.ts'

/**
 * The ids of these tags by key; those that do not exist are made, with their key as label, and the epoch rises.
 * No statement when all are known. Takes no tenant lock (rules call it inside their batch); a concurrent maker of the
 * same tag is waited for. Refused DEFINITION_INVALID for a key that no tag can have.
 */
export async function ensureTags(author: Author, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { byKey } = (await metadataOf(author.tx)).tags
  const known = keys.flatMap((key) => { const tag = byKey.get(key); return tag ? [[key, tag.id] as const] : [] })
  const missing = [...new Set(keys.filter((key) => !byKey.has(key)))]
  return new Map([...known, ...(missing.length > 0 ? await make(author, missing) : [])])
}

async function make(author: Author, keys: readonly string[]): Promise<[string, number][]> {
  const bodies = new Map(keys.map((key) => [key, bodyOf(key)]))
  const rows = await numbered(author.tx, keys)
  const fresh = await author.tx.query<{ key: string; version: number }>(UNDEFINED, [keys])
  await storePlanned(author, fresh.map(({ key, version }): Planned => {
    const after = { kind: 'tag' as const, key, version, state: 'active' as const, body: bodies.get(key)!, solution: null, installed: null }
    return { kind: 'tag', key, before: undefined, after, version, kept: false, shaped: null }
  }), await metadataOf(author.tx))
  if (fresh.length > 0) await bumpEpoch(author.tx)
  return rows.map(({ id, key }) => [key, id])
}

function bodyOf(key: string): TagDefinition {
  const parsed = TagDefinition.safeParse({ key, label: { zh: key, en: key } })
  return parsed.success ? parsed.data : refused('DEFINITION_INVALID', 'tags', { reason: `「${key.slice(0, 80)}」不能作为标签：1 到 64 个字`, reasonEn: `“${key.slice(0, 80)}” cannot be a tag: 1 to 64 characters` })
}

/** Numbers for the tags that have none yet; the numbers of removed tags stand ready to be taken up again. */
export async function tagIds(tx: Tx, keys: readonly string[], known: readonly { key: string }[]): Promise<{ id: number; key: string }[]> {
  const have = new Set(known.map(({ key }) => key))
  const missing = keys.filter((key) => !have.has(key))
  return missing.length === 0 ? [] : numbered(tx, missing)
}

async function numbered(tx: Tx, keys: readonly string[]): Promise<{ id: number; key: string }[]> {
  // Sorted: two makers of the same tags wait for each other, never in a circle.
  await tx.query('insert into {t}.tag (key) select unnest($1::text[]) on conflict do nothing', [keys.toSorted()])
  return tx.query<{ id: number; key: string }>('select id, key from {t}.tag where key = any($1)', [keys])
}

const UNDEFINED = `select k.key, 1 + coalesce((select max(version) from {t}.definition_version v where v.kind = 'tag' and v.key = k.key), 0) as version
  from unnest($1::text[]) as k(key) where not exists (select from {t}.definition d where d.kind = 'tag' and d.key = k.key)`
