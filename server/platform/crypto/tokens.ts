import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret of 256 random bits that fits into headers and links. */
export const secretToken = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret: its hash is enough to recognise it and useless to who reads the table. */
export const sha256 = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest()
export const hmac = (key: string | Uint8Array, text: string): string => createHmac('sha256', key).update(text).digest('base64url')

/** Equal, in a time that tells nothing about where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}
