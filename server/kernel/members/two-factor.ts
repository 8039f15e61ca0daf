import { refused } from '#contract'
import { contextOf, KERNEL, type Context, type RequestFacts } from '#kernel/access'
import { acceptedStep, base32, recoveryCodes, sha256, totpSecret, totpUri, verifyPassword } from '#platform/crypto'
import type { Database, Tenant, Tx } from '#platform/db'
import { logEdit } from './log.ts'
import { NEEDED } from './second-factor.ts'
import { aboutSecondFactor, sealed, unsealed } from './secrets.ts'
import { endSessions } from './sessions.ts'

/** How a second factor stands. `needed`: a role asks for one. */
export interface TwoFactor { on: boolean; since: Date | null; needed: boolean; recoveryLeft: number }
export type SecondWord = 'none' | 'right' | 'missing' | 'wrong' | 'locked'

/** After so many wrong codes none is taken for a while, from wherever. */
const MOST_FAILURES = 5
const LOCK_MINUTES = 15

interface Row { secret: Buffer; confirmedAt: Date | null; lastStep: number | null; recovery: Buffer[]; failures: number; locked: boolean; now: Date }
const ROW = `select secret, confirmed_at as "confirmedAt", last_step as "lastStep", recovery, failures, coalesce(locked_until > clock_timestamp(), false) as locked, clock_timestamp() as now from {t}.two_factor where member = $1`

export async function twoFactorOf(tx: Tx, member: number): Promise<TwoFactor> {
  const [row] = await tx.query<Row>(ROW, [member])
  const [role] = await tx.query<{ needed: boolean }>(`select ${NEEDED} as needed from {t}.member m where m.id = $1`, [member])
  const on = Boolean(row?.confirmedAt)
  return { on, since: row?.confirmedAt ?? null, needed: role?.needed ?? false, recoveryLeft: on ? row!.recovery.length : 0 }
}

/**
 * What a member says beside their password, judged and counted in this transaction: it must commit even if the word was wrong. A code of the app
 * is taken once; a recovery code is used up. `none`: this member needs none.
 */
export async function secondWord(tx: Tx, member: number, code: string | undefined): Promise<SecondWord> {
  const [row] = await tx.query<Row>(`${ROW} for update`, [member])
  if (!row?.confirmedAt) return 'none'
  if (code === undefined || code.trim() === '') return 'missing'
  if (row.locked) return 'locked'
  const said = code.normalize('NFKC').replace(/\s/g, '').toLowerCase()
  // Without the key no code is right; a recovery code still is.
  const secret = unsealed(tx, row.secret, aboutSecondFactor(tx, member))
  const step = secret && acceptedStep(secret, said, { now: row.now.getTime(), last: row.lastStep })
  if (step !== null) { await tx.query('update {t}.two_factor set last_step = $2, failures = 0, locked_until = null where member = $1', [member, step]); return 'right' }
  if (row.recovery.some((each) => each.equals(recoveryHash(said)))) {
    await tx.query('update {t}.two_factor set recovery = array_remove(recovery, $2), failures = 0, locked_until = null where member = $1', [member, recoveryHash(said)])
    await log(tx, member, { recovery_codes: [row.recovery.length, row.recovery.length - 1] })
    return 'right'
  }
  const full = row.failures + 1 >= MOST_FAILURES
  await tx.query(`update {t}.two_factor set failures = $2, locked_until = case when $3 then clock_timestamp() + interval '${LOCK_MINUTES} minutes' else locked_until end where member = $1`, [member, full ? 0 : row.failures + 1, full])
  return 'wrong'
}

const recoveryHash = (code: string): Buffer => sha256(`recovery ${code.replaceAll('-', '')}`)

/** Refuses what is not right; nothing when the word was right or none was needed. */
export function refuseSecond(word: SecondWord): void {
  if (word === 'missing') refused('SECOND_FACTOR_REQUIRED', 'code')
  if (word === 'wrong') refused('SECOND_FACTOR_WRONG', 'code')
  if (word === 'locked') refused('SECOND_FACTOR_LOCKED', 'code', { minutes: LOCK_MINUTES })
}

/** What proves a member anew: their password; for those who have none, that they have just come from their provider. */
export interface Proof { password?: string | undefined; session: string | null }

/** Begin: a new secret for the app, good once a code of it was entered. Refused PASSWORD_WRONG, SIGN_IN_AGAIN, SECOND_FACTOR_ON. */
export async function beginTwoFactor(db: Database, tenant: Tenant, member: number, proof: Proof): Promise<{ secret: string; uri: string }> {
  const account = await checkedAccount(db, tenant, member, proof)
  return db.mutate(tenant, async (tx) => {
    const secret = totpSecret()
    const made = await tx.query(`insert into {t}.two_factor (member, secret, begun_at) values ($1, $2, clock_timestamp())
      on conflict (member) do update set secret = excluded.secret, begun_at = excluded.begun_at, last_step = null, failures = 0, locked_until = null where two_factor.confirmed_at is null returning member`, [member, sealed(tx, secret, aboutSecondFactor(tx, member))])
    if (made.length === 0) refused('SECOND_FACTOR_ON')
    return { secret: base32(secret), uri: totpUri(secret, { issuer: `下一步 ${tenant.name}`, account: account.email ?? account.phone ?? account.name }) }
  })
}

/** In force from now on; all other devices are signed out. The recovery codes are shown this once. Refused SECOND_FACTOR_WRONG, SECOND_FACTOR_NOT_BEGUN. */
export async function confirmTwoFactor(ctx: Context, member: number, { code, session }: { code: string; session: string | null }): Promise<string[]> {
  const { tx } = ctx
  const [row] = await tx.query<Row>(`${ROW} for update`, [member])
  if (!row || row.confirmedAt) return refused('SECOND_FACTOR_NOT_BEGUN')
  const secret = unsealed(tx, row.secret, aboutSecondFactor(tx, member))
  const step = secret && acceptedStep(secret, code.normalize('NFKC').replace(/\s/g, ''), { now: row.now.getTime(), last: null })
  if (step === null) return refused('SECOND_FACTOR_WRONG', 'code')
  const codes = recoveryCodes()
  await tx.query('update {t}.two_factor set confirmed_at = clock_timestamp(), last_step = $2, recovery = $3 where member = $1', [member, step, codes.map(recoveryHash)])
  await endSessions(tx, member, session)
  await logEdit(ctx, 'member', member, 'changed', { two_factor: [false, true] })
  return codes
}

/** New recovery codes instead of those that are left. Refused as secondWord. */
export async function renewRecovery(db: Database, tenant: Tenant, member: number, { code, facts }: { code: string; facts: RequestFacts }): Promise<string[]> {
  refuseSecond(needs(await db.mutate(tenant, (tx) => secondWord(tx, member, code))))
  return db.mutate(tenant, async (tx) => {
    const codes = recoveryCodes()
    await tx.query('update {t}.two_factor set recovery = $2 where member = $1', [member, codes.map(recoveryHash)])
    await log(tx, member, { recovery_codes: [null, codes.length] }, facts)
    return codes
  })
}

/** No longer. Refused PASSWORD_WRONG, SIGN_IN_AGAIN, as secondWord, and SECOND_FACTOR_NEEDED while a role asks for it. */
export async function endTwoFactor(db: Database, tenant: Tenant, member: number, { code, facts, ...proof }: Proof & { code: string; facts: RequestFacts }): Promise<void> {
  await checkedAccount(db, tenant, member, proof)
  if ((await db.read(tenant, (tx) => twoFactorOf(tx, member))).needed) refused('SECOND_FACTOR_NEEDED')
  refuseSecond(needs(await db.mutate(tenant, (tx) => secondWord(tx, member, code))))
  await db.mutate(tenant, (tx) => drop(tx, member, facts))
}

const needs = (word: SecondWord): SecondWord => (word === 'none' ? refused('SECOND_FACTOR_NOT_BEGUN') : word)

/** By whoever manages members, for somebody whose phone is lost; logged as theirs. Their sessions end. False: there was none. */
export async function resetTwoFactor(ctx: Context, member: number): Promise<boolean> {
  const gone = await ctx.tx.query('delete from {t}.two_factor where member = $1 returning confirmed_at is not null as was', [member])
  if (!(gone[0] as { was?: boolean } | undefined)?.was) return false
  await endSessions(ctx.tx, member, null)
  await logEdit(ctx, 'member', member, 'changed', { two_factor: [true, false] })
  return true
}

async function drop(tx: Tx, member: number, facts: RequestFacts): Promise<void> {
  await tx.query('delete from {t}.two_factor where member = $1', [member])
  await log(tx, member, { two_factor: [true, false] }, facts)
}

const JUST = "interval '10 minutes'"

async function checkedAccount(db: Database, tenant: Tenant, member: number, { password = '', session }: Proof): Promise<{ name: string; email: string | null; phone: string | null }> {
  const [account] = await db.read(tenant, (tx) => tx.query<{ hash: string | null; came: boolean; name: string; email: string | null; phone: string | null }>(`select password_hash as hash, name, email, phone,
    exists (select from {t}.session s where s.hash = $2 and s.member = m.id and s.provider is not null and s.created_at > clock_timestamp() - ${JUST}) as came from {t}.member m where id = $1`, [member, session === null ? null : sha256(session)]))
  if (account?.hash == null && session !== null) return account?.came ? account : refused('SIGN_IN_AGAIN')
  if (!(await verifyPassword(account?.hash ?? null, password))) refused('PASSWORD_WRONG', 'password')
  return account!
}

/** Their holder did it, before or beside a session. */
async function log(tx: Tx, member: number, fields: Readonly<Record<string, readonly [unknown, unknown]>>, request: RequestFacts | null = null): Promise<void> {
  await logEdit(await contextOf(tx, { principal: KERNEL, actor: { kind: 'member', id: member }, cause: { kind: 'member' }, request }), 'member', member, 'changed', fields)
}
