import { createCipheriv, createDecipheriv, createHmac, hash } from 'node:crypto'
import { refused } from '#contract'
import type { TenantKeys } from './keys.ts'

const NONCE = 12
const TAG = 16

/**
 * Where a list goes on, as text that tells nothing and fits one query only: AES-256-GCM over the position, bound to `query`.
 * Deterministic (the nonce is an HMAC of what is sealed), so that equal answers stay equal byte for byte.
 */
export function sealCursor({ cursor, nonce }: TenantKeys, position: unknown, query: string): string {
  const [text, bound] = [JSON.stringify(position), boundTo(query)]
  const iv = createHmac('sha256', nonce).update(bound).update(text).digest().subarray(0, NONCE)
  const cipher = createCipheriv('aes-256-gcm', cursor, iv).setAAD(bound)
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Refused CURSOR_INVALID when the text was altered, belongs to another query or reader, or is from before a restore. */
export function openCursor<T>({ cursor }: TenantKeys, sealed: string, query: string): T {
  try {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', cursor, bytes.subarray(0, NONCE)).setAAD(boundTo(query)).setAuthTag(bytes.subarray(-TAG))
    return JSON.parse(decipher.update(bytes.subarray(NONCE, -TAG), undefined, 'utf8') + decipher.final('utf8')) as T
  } catch {
    return refused('CURSOR_INVALID')
  }
}

const boundTo = (query: string): Buffer => hash('sha256', query, 'buffer')
