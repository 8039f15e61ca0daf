import type { Tx } from '#platform/db'

/** `waiting`: messages that are not sent yet, held ones too. */
export interface Destination { url: string; waiting: number }

/** How much waits for each of these addresses. One statement, along the index of what waits. */
export async function destinationsOf(tx: Tx, rules: readonly string[], urls: readonly string[]): Promise<Destination[]> {
  const rows = await tx.query<Destination>(`select body->>'url' as url, count(*)::int as waiting from {t}.outbox where state in ('ready', 'held') and rule = any($1) and channel = 'webhook' group by 1`, [rules])
  const known = new Map(rows.map(({ url, waiting }) => [url, waiting]))
  return urls.map((url) => ({ url, waiting: known.get(url) ?? 0 }))
}
