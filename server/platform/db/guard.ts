import type { Tx } from './types.ts'

/**
 * The one way past the guard of the log (guard.sql), for what may rewrite it by law or before it counts: erasure, and the past of a demonstration.
 * Ends with the transaction at the latest. What was sealed already no longer verifies unless it is noted in seal_erased.
 */
export async function pastTheGuard<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const [as] = await tx.query<{ role: string }>(`select current_setting('role') as role, set_config('role', 'none', true) as free`)
  await tx.query(`do $free$ begin if not has_table_privilege('{t}.act', 'update') then grant update, delete on {t}.act, {t}.change, {t}.seal_salt to current_user; end if; end $free$`)
  const result = await work()
  await (as!.role === 'none' ? tx.query('revoke update, delete on {t}.act, {t}.change, {t}.seal_salt from current_user') : tx.query(`select set_config('role', $1, true)`, [as!.role]))
  return result
}
