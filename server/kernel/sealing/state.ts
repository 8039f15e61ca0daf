import type { Tx } from '#platform/db'

/** By block number: which of these acts stand in which; an act that waits for its seal is missing. One statement. */
export async function sealOf(tx: Tx, acts: readonly number[]): Promise<Map<number, number>> {
  const rows = await tx.query<{ act: number; block: number }>(`select l.act, b.number as block from {t}.seal_leaf l
    join lateral (select number from {t}.seal_block where last_position >= l.position order by last_position limit 1) b on true where l.act = any($1::bigint[])`, [acts], { name: 'seals of acts' })
  return new Map(rows.map(({ act, block }) => [act, block]))
}
