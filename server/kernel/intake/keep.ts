import { createHash } from 'node:crypto'
import type { Tx } from '#platform/db'
import type { Submission } from './types.ts'

/** A submission as it is kept for ever beside what was made of it. */
export interface Kept { id: string; form: string; object: string; ip: string | null; agent: string | null; contentType: string | null; body: string; status: 'accepted' | 'quarantined' | 'refused'; reason: string | null; record: string | null }

/** Store raw payloads; the first write of every intake transaction. One statement. */
export async function keepRaw(tx: Tx, kept: readonly Kept[]): Promise<void> {
  await tx.query(KEEP, [JSON.stringify(kept), tx.now], { name: 'intake.raw' })
}

const KEEP = `insert into {t}.raw_intake (id, form, received_at, ip, agent, content_type, body, status, reason, object, record)
  select id, form, $2, ip, agent, "contentType", body, status, reason, object, record
  from json_to_recordset($1::json) as r(id uuid, form text, ip text, agent text, "contentType" text, body text, status text, reason text, object text, record uuid)`

/** Submissions that joined a record which was already there: only now is it known which. One statement. */
export async function pointRaw(tx: Tx, joined: readonly { raw: string; record: string }[]): Promise<void> {
  if (joined.length === 0) return
  await tx.query(`update {t}.raw_intake r set record = j.record from json_to_recordset($1::json) as j(raw uuid, record uuid) where r.id = j.raw`, [JSON.stringify(joined)], { name: 'intake.joined' })
}

/** Keep what each person agreed to: text version and hash, purpose, instant, address. */
export async function keepConsents(tx: Tx, given: readonly { submission: Submission; record: string }[]): Promise<void> {
  if (given.length === 0) return
  const rows = given.map(({ submission: { form, ip, lang }, record }) => ({ object: form.object, record, form: form.key, version: form.consent.version, purpose: form.consent.purpose, hash: textHash(form.consent.text[lang]), ip }))
  await tx.query(CONSENT, [JSON.stringify(rows), tx.now], { name: 'intake.consent' })
}

const CONSENT = `insert into {t}.consent (object, record, form, version, purpose, text_hash, at, ip)
  select object, record, form, version, purpose, decode(hash, 'hex'), $2, ip
  from json_to_recordset($1::json) as r(object text, record uuid, form text, version text, purpose text, hash text, ip text)`

const hashes = new Map<string, string>()
function textHash(text: string): string {
  const known = hashes.get(text) ?? createHash('sha256').update(text).digest('hex')
  if (hashes.size < 1000) hashes.set(text, known)
  return known
}
