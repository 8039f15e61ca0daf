import { refused } from '#contract'
import { contextOf, KERNEL, type Context, type RequestFacts } from '#kernel/access'
import { hashPassword, verifyPassword } from '#platform/crypto'
import type { Database, Tenant, Tx } from '#platform/db'
import { accountOf, checkPassword } from './accounts.ts'
import { logEdit, logSignIn, type SignInFacts } from './log.ts'
import { type Link, linkOf, useLink } from './links.ts'
import { endSessions, openSession } from './sessions.ts'
import { updateProfile } from './profile.ts'
import { refuseSecond, secondWord } from './two-factor.ts'
import type { LinkKind } from './types.ts'

interface Account { id: number; name: string; email: string | null; phone: string | null; hash: string | null; active: boolean }
const ACCOUNT = `select id, name, email, phone, password_hash as hash, state = 'active' as active from {t}.member`

export interface Credentials { account: string; password: string; /** Of the second factor, where there is one. */ code?: string | undefined }

/**
 * Check account, password and second factor and open a session; the answer is the cookie's value. Refused SIGN_IN_FAILED, with the same
 * words and the same work for an unknown account, a wrong password, a suspended member and an unanswered invitation; SECOND_FACTOR_* once
 * the password is right.
 */
export async function signIn(db: Database, tenant: Tenant, { account, password, code }: Credentials, device: SignInFacts): Promise<{ member: number; token: string }> {
  const [found] = await db.read(tenant, (tx) => tx.query<Account>(`${ACCOUNT} where email = $1 or phone = $1`, [accountOf(account)], { name: 'account' }))
  const right = await verifyPassword(found?.active ? found.hash : null, password)
  if (!found || !right) {
    // The same work for everybody here, too.
    await db.mutate(tenant, (tx) => logSignIn(tx, { member: found?.id ?? null, outcome: 'refused', account }, device))
    return refused('SIGN_IN_FAILED')
  }
  const { word, token } = await db.mutate(tenant, async (tx) => {
    const said = await secondWord(tx, found.id, code)
    if (said === 'wrong' || said === 'locked') await logSignIn(tx, { member: found.id, outcome: 'refused', account }, device)
    return { word: said, token: said === 'none' || said === 'right' ? await openSession(tx, found.id, device) : '' }
  })
  refuseSecond(word)
  return { member: found.id, token }
}

/** Refused PASSWORD_WRONG, PASSWORD_WEAK. All other devices are signed out. */
export async function changePassword(db: Database, tenant: Tenant, member: number, change: { current: string; next: string; session: string | null }, request: RequestFacts): Promise<void> {
  const account = await db.read(tenant, (tx) => accountById(tx, member))
  if (!(await verifyPassword(account.hash, change.current))) refused('PASSWORD_WRONG', 'current')
  if (change.next === change.current) refused('PASSWORD_WEAK', 'next', { reason: '与当前密码相同 · the same as before' })
  checkPassword(change.next, wordsOf(account), 'next')
  const hash = await hashPassword(change.next)
  await db.mutate(tenant, async (tx) => setPassword(await asMember(tx, member, request), member, hash, { keep: change.session }))
}

export interface LinkUse { token: string; password: string; name?: string | undefined; code?: string | undefined }

/** Set a password by invitation or reset link and sign in. Refused LINK_INVALID, PASSWORD_WEAK, SECOND_FACTOR_* (the link stays usable: a mailbox is no second factor). */
export async function answerLink(db: Database, tenant: Tenant, use: LinkUse, kinds: readonly LinkKind[], request: RequestFacts): Promise<{ member: number; token: string }> {
  const { account } = await db.read(tenant, (tx) => linkAndAccount(tx, use.token, kinds))
  checkPassword(use.password, wordsOf(account))
  refuseSecond(await db.mutate(tenant, (tx) => secondWord(tx, account.id, use.code)))
  const hash = await hashPassword(use.password)
  return db.mutate(tenant, async (tx) => {
    await useLink(tx, use.token, kinds)
    const ctx = await asMember(tx, account.id, request)
    if (use.name) await updateProfile(ctx, account.id, { name: use.name })
    await setPassword(ctx, account.id, hash, { keep: null })
    return { member: account.id, token: await openSession(tx, account.id, request) }
  })
}

async function linkAndAccount(tx: Tx, token: string, kinds: readonly LinkKind[]): Promise<{ link: Link; account: Account }> {
  const link = await linkOf(tx, token)
  if (!kinds.includes(link.kind) || link.member === null) return refused('LINK_INVALID')
  const account = await accountById(tx, link.member)
  return account.active ? { link, account } : refused('LINK_INVALID')
}

/** Store a hash made before the transaction. Ends every session but `keep`. */
export async function setPassword(ctx: Context, member: number, hash: string, { keep, mustChange = false }: { keep: string | null; mustChange?: boolean }): Promise<void> {
  await ctx.tx.query(`update {t}.member set password_hash = $2, must_change = $3 where id = $1`, [member, hash, mustChange])
  await endSessions(ctx.tx, member, keep)
  await logEdit(ctx, 'member', member, 'changed', { password_set_at: [null, ctx.now.toISOString()] })
}

/** The member that an account names, for a mail with a link; null when there is none. */
export async function reachableByMail(tx: Tx, account: string): Promise<{ id: number; name: string; email: string } | null> {
  const [found] = await tx.query<{ id: number; name: string; email: string | null }>(`select id, name, email from {t}.member where (email = $1 or phone = $1) and state = 'active'`, [accountOf(account)])
  return found?.email ? { id: found.id, name: found.name, email: found.email } : null
}

async function accountById(tx: Tx, member: number): Promise<Account> {
  const [account] = await tx.query<Account>(`${ACCOUNT} where id = $1`, [member])
  return account ?? refused('NOT_FOUND')
}

const wordsOf = ({ name, email, phone }: Account): (string | null)[] => [name, email, phone?.replace('+86', '') ?? null]

/** The account's holder acts, by link or password, before there is a session. */
const asMember = (tx: Tx, id: number, request: RequestFacts): Promise<Context> => contextOf(tx, { principal: KERNEL, actor: { kind: 'member', id }, cause: { kind: 'member' }, request })
