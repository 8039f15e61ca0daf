import { hash } from 'node:crypto'
import { rootKeys, type Tx } from '#platform/db'
import type { Anchor, Block } from './types.ts'

/** What is signed, and what the next block names: one line each, in this order. */
export const headerOf = (log: string, { number, first, last, previous, root, incarnation, at }: Block): string =>
  ['nextmove seal 1', log, number, first, last, previous ?? '-', root, incarnation, at.toISOString()].join('\n')

export const hashOfBlock = (header: string): string => hash('sha256', header)

/** The name of a tenant's log: the same in every place to which it is moved, and nobody else's. Tells nothing of the secret it comes from. */
export const logName = async (tx: Tx): Promise<string> => (await rootKeys(tx)).log

export interface StoredBlock extends Block { key: string | null; signature: Buffer }

/** Blocks in their order from `from` on. */
export async function blocksFrom(tx: Tx, from: number, limit: number): Promise<StoredBlock[]> {
  const rows = await tx.query<StoredRow>(`${SELECT} where number >= $1 order by number limit $2`, [from, limit])
  return rows.map(stored)
}

export async function lastBlock(tx: Tx): Promise<StoredBlock | null> {
  const [row] = await tx.query<StoredRow>(`${SELECT} order by number desc limit 1`, [], { name: 'last block' })
  return row ? stored(row) : null
}

export const anchorOf = (log: string, block: Block): Anchor =>
  ({ log, number: block.number, hash: hashOfBlock(headerOf(log, block)), position: block.last, incarnation: block.incarnation, at: block.at.toISOString() })

/** Where the log ends now; null before its first block. */
export async function headOf(tx: Tx): Promise<Anchor | null> {
  const [block, log] = [await lastBlock(tx), await logName(tx)]
  return block && anchorOf(log, block)
}

interface StoredRow { number: number; first_position: number; last_position: number; previous: Buffer | null; root: Buffer; incarnation: number; signature: Buffer; key: string | null; at: Date }
const SELECT = 'select number, first_position, last_position, previous, root, incarnation, signature, key, at from {t}.seal_block'

const stored = ({ first_position, last_position, previous, root, ...rest }: StoredRow): StoredBlock =>
  ({ ...rest, first: first_position, last: last_position, previous: previous?.toString('hex') ?? null, root: root.toString('hex') })
