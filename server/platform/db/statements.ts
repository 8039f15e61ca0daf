import { createHash } from 'node:crypto'
import type pg from 'pg'
import { Recent } from '#platform/recent'

interface Prepared { text: string; name: string }
const TEXTS_PER_TENANT = 2_000
const STATEMENTS_PER_CONNECTION = 100

/** Texts of one tenant with `{t}` replaced by its quoted schema; the least recently used are forgotten. */
export function textsOf(schema: string): (text: string) => Prepared {
  const quoted = `"${schema}"`
  const known = new Recent<string, Prepared>(TEXTS_PER_TENANT)
  return (text) => known.getOrMake(text, () => {
    const replaced = text.replaceAll('{t}', quoted)
    return { text: replaced, name: nameOf(replaced) }
  })
}

/** A prepared statement is called by its own text: the same name can never stand for two texts. */
const nameOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)

const used = new WeakMap<pg.PoolClient, Set<string>>()

export function noteStatement(client: pg.PoolClient, name: string): void {
  const names = used.get(client) ?? new Set()
  names.delete(name)
  names.add(name)
  used.set(client, names)
}

/** Forgets the least recently used prepared statements above the limit. To be called between transactions; does not wait. */
export function trimStatements(client: pg.PoolClient): void {
  const names = used.get(client)
  if (!names || names.size <= STATEMENTS_PER_CONNECTION) return
  for (const name of [...names].slice(0, names.size - STATEMENTS_PER_CONNECTION)) {
    names.delete(name)
    delete (client as unknown as { connection: { parsedStatements: Record<string, string> } }).connection.parsedStatements[name]
    client.query(`deallocate "${name}"`).catch(() => {})
  }
}
