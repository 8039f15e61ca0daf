import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { makeOnce } from './key-file.ts'

/** Keeps secrets that have to be said again (a hash is not enough) from whoever reads the tables or a backup. */
export interface Vault {
  /** `about`: what the secret is for; it opens for nothing else. */
  seal(plain: Uint8Array, about: string): Buffer
  /** Null: sealed with a key that is not here, about something else, or altered. What was never sealed comes as it is. */
  open(stored: Uint8Array, about: string): Buffer | null
}

const FILE = 'secrets.key'
/** A key from elsewhere opens what came from there: `secrets-<anything>.key`. */
const KEYS = /^secrets(-.+)?\.key$/
const BYTES = 32

/** The key of this installation, made the first time, beside the key that seals the log and never in the database. Two processes that make it at once end with one. */
export function openVault(folder: string): Vault {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(path.join(folder, FILE))) makeOnce(path.join(folder, FILE), `${randomBytes(BYTES).toString('hex')}\n`)
  const others = readdirSync(folder).filter((name) => KEYS.test(name) && name !== FILE).sort()
  return vaultOf([FILE, ...others].map((name) => keyIn(path.join(folder, name))))
}

function keyIn(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (key.length !== BYTES) throw new Error(`${file} 不是完整的密钥，请从备份恢复它 · is no whole key; bring it back from a backup`)
  return key
}

// A text cannot begin with it, nor does a secret of another length than what follows allows.
const MARK = Buffer.from([0, 110, 109, 1])
const [NAME, NONCE, TAG] = [8, 12, 16]
const nameOf = (key: Buffer): Buffer => hash('sha256', key, 'buffer').subarray(0, NAME)

export const isSealed = (stored: Uint8Array): boolean => stored.length >= MARK.length + NAME + NONCE + TAG && MARK.equals(stored.subarray(0, MARK.length))

/** AES-256-GCM with the first key: mark, name of the key, nonce, text, tag. */
export function vaultOf(keys: readonly Buffer[]): Vault {
  const ring = new Map(keys.map((key) => [nameOf(key).toString('hex'), key]))
  const key = keys[0]!
  return {
    seal: (plain, about) => {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      return Buffer.concat([MARK, nameOf(key), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open: (stored, about) => (isSealed(stored) ? opened(ring, Buffer.from(stored), about) : Buffer.from(stored)),
  }
}

function opened(ring: ReadonlyMap<string, Buffer>, stored: Buffer, about: string): Buffer | null {
  const [named, sealed] = [MARK.length + NAME, stored.subarray(MARK.length + NAME + NONCE, -TAG)]
  const key = ring.get(stored.subarray(MARK.length, named).toString('hex'))
  if (!key) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(named, named + NONCE)).setAAD(Buffer.from(about)).setAuthTag(stored.subarray(-TAG))
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    return null
  }
}
