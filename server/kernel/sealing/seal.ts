import { metadataOf } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { anchorOf, hashOfBlock, headerOf, lastBlock, logName, type StoredBlock } from './block.ts'
import { LEAF_SQL, LINES_SQL } from './leaf.ts'
import { rootOf } from './tree.ts'
import type { Anchor, Block } from './types.ts'

/** Signs the headers of blocks. */
export interface Sealer { readonly key: string; sign(text: string): Buffer }

/** More acts make more blocks. */
export const MOST_IN_A_BLOCK = 4_000

export interface Sealed { acts: number; anchor: Anchor }

/**
 * Seal what has been committed since the last block: one more block, or null when nothing waits or another process is at it. The block is there
 * when the transaction commits. A late commit comes in a later block. At most five statements.
 *
 * Throws LogBroken when the log does not end where `known` says that it ended: somebody took blocks away or put others in their place.
 */
export async function sealNext(tx: Tx, sealer: Sealer, known: Anchor | null = null): Promise<Sealed | null> {
  const [mine] = await tx.query<{ mine: boolean; now: Date }>(`select pg_try_advisory_xact_lock(hashtext($1)) as mine, date_trunc('milliseconds', clock_timestamp()) as now`, [`seal ${tx.tenant.schema}`], { name: 'sealing lock' })
  if (!mine!.mine) return null
  const [before, log] = await Promise.all([lastBlock(tx), logName(tx)])
  if (known?.log === log) compareWith(before && anchorOf(log, before), known)
  const leaves = await tx.query<{ hash: Buffer }>(SEAL, [MOST_IN_A_BLOCK, personal(await metadataOf(tx)), before?.last ?? 0], { name: 'seal' })
  if (leaves.length === 0) return null
  const block = nextBlock(log, before, { leaves: leaves.map(({ hash }) => hash), at: mine!.now, incarnation: tx.tenant.incarnation })
  await tx.query(BLOCK, [block.number, block.first, block.last, block.previous, block.root, block.incarnation, sealer.sign(headerOf(log, block)), sealer.key, block.at], { name: 'seal block' })
  return { acts: leaves.length, anchor: anchorOf(log, block) }
}

/** The log ends elsewhere than where this process, or another before it, last saw it end. */
export class LogBroken extends Error { override name = 'LogBroken' }

function compareWith(head: Anchor | null, known: Anchor): void {
  if (head && (head.number > known.number || (head.number === known.number && head.hash === known.hash))) return
  throw new LogBroken(head?.number === known.number ? `block ${known.number} is not the one that was sealed` : `the log ends with block ${head?.number ?? 0}; block ${known.number} had been sealed`)
}

const nextBlock = (log: string, before: StoredBlock | null, { leaves, at, incarnation }: { leaves: readonly Buffer[]; at: Date; incarnation: number }): Block => ({
  number: (before?.number ?? 0) + 1, first: (before?.last ?? 0) + 1, last: (before?.last ?? 0) + leaves.length,
  previous: before && hashOfBlock(headerOf(log, before)), root: rootOf(leaves).toString('hex'), incarnation, at,
})

/** Objects whose records tell of a person, or may in free words: their values are committed to with a salt. */
const personal = ({ objects }: Awaited<ReturnType<typeof metadataOf>>): string[] =>
  [...[...objects.values()].filter(({ fields, immutable }) => !immutable && fields.some(({ personal: own, kind }) => own || kind === 'text' || kind === 'long')).map(({ key }) => key), 'system:member']

// Each act is looked up by its number, one by one: a plan made while the tables were small would read all of them for every block.
const SEAL = `with taken as materialized (
  delete from {t}.unsealed where act in (select act from {t}.unsealed order by act limit $1) returning act
), c as materialized (
  select c.* from taken cross join lateral (select seq, act, object, record, record_version, fields from {t}.change where act = taken.act offset 0) c
), new_salts as (
  insert into {t}.seal_salt (record, salt, since) select record, uuid_send(gen_random_uuid()), min(seq) from c where object = any($2::text[]) group by record
  on conflict (record) do nothing returning record, salt, since
), salts as materialized (
  select record, salt, since from new_salts
  union all select s.* from (select distinct record from c) r cross join lateral (select record, salt, since from {t}.seal_salt where record = r.record offset 0) s
), l as (
  select c.act, string_agg(${LINES_SQL}, '' order by c.seq) as lines from c left join salts s on s.record = c.record and c.seq >= s.since group by c.act
), new_leaves as (
  insert into {t}.seal_leaf (position, act, hash)
  select $3::bigint + row_number() over (order by a.id), a.id, ${LEAF_SQL} from taken cross join lateral (select * from {t}.act where id = taken.act offset 0) a left join l on l.act = a.id
  returning position, hash
) select hash from new_leaves order by position`

const BLOCK = `insert into {t}.seal_block (number, first_position, last_position, previous, root, incarnation, signature, key, at)
  values ($1, $2, $3, decode($4, 'hex'), decode($5, 'hex'), $6, $7, $8, $9)`
