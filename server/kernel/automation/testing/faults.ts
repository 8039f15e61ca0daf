import type { Database, Tx } from '#platform/db'

export type Fault = 'broken' | 'deadlock' | 'away' | 'after'

/** A database of which the n-th statement (over all transactions, from 0) fails once; `after`: it is carried out, and its answer is lost with the connection. */
export function faulty(db: Database, n: number, fault: Fault): Database & { reached(): boolean } {
  let count = 0
  const query = (tx: Tx): Tx['query'] => async (text, values, options) => {
    if (count++ !== n) return tx.query(text, values, options)
    if (fault === 'after') await tx.query(text, values, options)
    // What a broken statement leaves behind: the transaction can only be rolled back.
    if (fault === 'broken') await tx.query('select 1 / 0')
    throw fault === 'deadlock' ? Object.assign(new Error('deadlock detected'), { code: '40P01' }) : Object.assign(new Error('terminating connection'), { code: '57P01' })
  }
  const mutate: Database['mutate'] = (tenant, work) => db.mutate(tenant, (tx) => work({ tenant: tx.tenant, now: tx.now, epoch: tx.epoch, afterCommit: (fn) => tx.afterCommit(fn), query: query(tx) }))
  return { ...db, mutate, reached: () => count > n }
}
