import { isSealed } from '#platform/crypto'
import { sealRoot, type Tx } from '#platform/db'

/** Secrets that have to be said again, and what each is about: a row's secret opens for that row only. */
export const aboutSecondFactor = ({ tenant }: Tx, member: number): string => `second factor ${tenant.key} ${member}`
export const aboutProvider = ({ tenant }: Tx, key: string): string => `sign-in provider ${tenant.key} ${key}`

const vaultOf = ({ vault }: Tx) => { if (!vault) throw new Error('The database was opened without a vault'); return vault }

export const sealed = (tx: Tx, secret: Uint8Array, about: string): Buffer => vaultOf(tx).seal(secret, about)
/** Null: this installation has not the key with which it was sealed. */
export const unsealed = (tx: Tx, stored: Uint8Array, about: string): Buffer | null => vaultOf(tx).open(stored, about)

/** What older versions, or a backup of theirs, left open is sealed; answers how many, and how many cannot be read here. Meant for the start and for every restore. */
export async function sealSecrets(tx: Tx): Promise<{ sealed: number; unreadable: number }> {
  const factors = await tx.query<{ member: number; secret: Buffer }>('select member, secret from {t}.two_factor order by member')
  const providers = await tx.query<{ key: string; secret: Buffer }>('select key, secret from {t}.sign_in_provider where secret is not null order by id')
  const all = [
    ...factors.map(({ member, secret }) => ({ secret, about: aboutSecondFactor(tx, member), sql: 'update {t}.two_factor set secret = $2 where member = $1 and secret = $3', id: member as number | string })),
    ...providers.map(({ key, secret }) => ({ secret, about: aboutProvider(tx, key), sql: 'update {t}.sign_in_provider set secret = $2 where key = $1 and secret = $3', id: key as number | string })),
  ]
  const open = all.filter(({ secret }) => !isSealed(secret))
  for (const { sql, id, secret, about } of open) await tx.query(sql, [id, sealed(tx, secret, about), secret])
  const root = await sealRoot(tx)
  return { sealed: root.sealed + open.length, unreadable: root.unreadable + all.filter(({ secret, about }) => unsealed(tx, secret, about) === null).length }
}
