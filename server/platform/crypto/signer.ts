import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeOnce } from './key-file.ts'

/** An Ed25519 key and the name by which its signatures say that they are its own. */
export interface Signer { readonly key: string; sign(text: string): Buffer }

const SECRET = 'seal.key'
const OPEN = /^seal-[0-9a-f]{16}\.pub$/

/**
 * The key of this folder, made the first time: `seal.key` is for the server alone, `seal-<fingerprint>.pub` is for whoever wants to check what it
 * signed. Two processes that make it at once end with one. A replaced key leaves its public half here, so that old signatures can still be checked.
 */
export function openSigner(folder: string): Signer {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, SECRET)
  if (!existsSync(file)) makeOnce(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const secret = createPrivateKey(readFileSync(file))
  const open = createPublicKey(secret)
  const key = fingerprintOf(open)
  const shown = path.join(folder, `seal-${key}.pub`)
  if (!existsSync(shown)) writeFileSync(shown, open.export({ type: 'spki', format: 'pem' }), { mode: 0o644 })
  return { key, sign: (text) => sign(null, Buffer.from(text), secret) }
}

/** Every public key that lies in these folders or files, by its fingerprint. A folder without keys gives none. */
export function trustedKeys(places: readonly string[]): Map<string, KeyObject> {
  const files = places.flatMap((place) => (place.endsWith('.pub') || place.endsWith('.pem') ? [place] : existsSync(place) ? readdirSync(place).filter((name) => OPEN.test(name)).map((name) => path.join(place, name)) : []))
  return new Map(files.map((file) => createPublicKey(readFileSync(file))).map((key) => [fingerprintOf(key), key]))
}

export const fingerprintOf = (key: KeyObject): string => hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16)

export const signed = (key: KeyObject, text: string, signature: Uint8Array): boolean => verify(null, Buffer.from(text), key, signature)
