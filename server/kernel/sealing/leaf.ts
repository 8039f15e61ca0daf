import { hash } from 'node:crypto'

/**
 * What a leaf says, as PostgreSQL builds it when it seals and as we build it again when we check: two implementations of one text.
 *
 * An act's lines, then five lines for each of its changes in the order of their numbers. Words are JSON strings, so that no line break can hide in one;
 * jsonb stands as PostgreSQL stores it, never read and written again. The values of a change stand as their commitment, sha256(salt ‖ values), so
 * that salt and values can be erased and the leaf still holds.
 */
export interface StoredAct { id: number | string; actor_kind: string; actor_ref: string; cause: string; ip: string | null; agent: string | null; request: string | null; reason: string | null; at: string }
export interface StoredChange { seq: number | string; object: string; record: string; record_version: number; fields: string; salt: Buffer | null; commitment: Buffer | null }

const word = (text: string | null): string => (text === null ? 'null' : JSON.stringify(text))

export function leafText(act: StoredAct, changes: readonly StoredChange[]): string {
  let text = `act\n${act.id}\n${act.at}\n${word(act.actor_kind)}\n${word(act.actor_ref)}\n${act.cause}\n${word(act.ip)}\n${word(act.agent)}\n${word(act.request)}\n${word(act.reason)}`
  for (const each of changes) text += `\n${each.seq}\n${word(each.object)}\n${each.record}\n${each.record_version}\n${commitmentOf(each)}`
  return text
}

/** An erased change has kept what it was committed to. */
const commitmentOf = ({ fields, salt, commitment }: StoredChange): string =>
  commitment ? commitment.toString('hex') : hash('sha256', salt ? Buffer.concat([salt, Buffer.from(fields)]) : fields)

export const MICROS = '(extract(epoch from a.at) * 1000000)::bigint::text'
const json = (column: string): string => `coalesce(to_json(${column})::text, 'null')`

/** The hash of the leaf of act `a`, whose changes' lines are `lines` (null: it has none). */
export const LEAF_SQL = `sha256('\\x00'::bytea || convert_to(concat_ws(E'\\n', 'act', a.id::text, ${MICROS}, ${json('a.actor_kind')}, ${json('a.actor_ref')}, a.cause::text,
  ${json('a.ip')}, ${json('a.agent')}, ${json('a.request')}, ${json('a.reason')}) || coalesce(lines, ''), 'UTF8'))`

/** The lines of change `c`, whose record is salted with `s.salt` (null: it is not). */
export const LINES_SQL = `E'\\n' || concat_ws(E'\\n', c.seq::text, ${json('c.object')}, c.record::text, c.record_version::text,
  encode(sha256(coalesce(s.salt, ''::bytea) || convert_to(c.fields::text, 'UTF8')), 'hex'))`
