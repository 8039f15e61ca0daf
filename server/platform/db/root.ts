import { createHmac, hash } from 'node:crypto'
import type { Tx } from './types.ts'

/** What a tenant's tables need of its secret: keys of versions and cursors, of automatic numbers, of the ledger of exports, and the name of its log. */
export interface RootKeys { inner: Buffer; number: Buffer; ledger: Buffer; log: string }

interface Stored { secret: Buffer | null; signing: Buffer | null; inner_key: Buffer | null; number_key: Buffer | null; ledger_key: Buffer | null; log_name: string | null }

/** One statement. The same before and after the secret is sealed. */
export async function rootKeys(tx: Tx): Promise<RootKeys> {
  const { secret, inner_key: inner, number_key: number, ledger_key: ledger, log_name: log } = await stored(tx)
  return inner && number && ledger && log ? { inner, number, ledger, log } : keysOf(secret!)
}

/** The secret itself, from which the keys of what goes out and comes in are derived; null: it is sealed with a key that is not here. */
export async function signingRoot(tx: Tx): Promise<Buffer | null> {
  const { secret, signing } = await stored(tx)
  return signing ? (tx.vault?.open(signing, about(tx)) ?? null) : secret
}

/** Seals what lies open, with all that is derived from it put beside it; answers whether it could be read afterwards. Without a vault nothing happens. */
export async function sealRoot(tx: Tx): Promise<{ sealed: number; unreadable: number }> {
  const { secret, signing } = await stored(tx)
  if (!tx.vault) return { sealed: 0, unreadable: 0 }
  if (signing || !secret) return { sealed: 0, unreadable: signing && tx.vault.open(signing, about(tx)) === null ? 1 : 0 }
  const { inner, number, ledger, log } = keysOf(secret)
  await tx.query('update {t}.state set secret = null, signing = $1, inner_key = $2, number_key = $3, ledger_key = $4, log_name = $5 where secret = $6', [tx.vault.seal(secret, about(tx)), inner, number, ledger, log, secret])
  return { sealed: 1, unreadable: 0 }
}

const about = ({ tenant }: Tx): string => `signing keys ${tenant.key}`

async function stored(tx: Tx): Promise<Stored> {
  const [row] = await tx.query<Stored>('select secret, signing, inner_key, number_key, ledger_key, log_name from {t}.state', [], { name: 'root' })
  return row!
}

const derived = (secret: Buffer, purpose: string): Buffer => createHmac('sha256', secret).update(purpose).digest()
const keysOf = (secret: Buffer): RootKeys => ({
  inner: derived(secret, 'inner keys'), number: derived(secret, 'number '), ledger: derived(secret, 'export ledger'),
  log: hash('sha256', Buffer.concat([Buffer.from('nextmove log '), secret])).slice(0, 32),
})
