import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { FULL_RIGHTS } from '#language/definitions'
import { hashPassword } from '#platform/crypto'
import type { Database, Tenant } from '#platform/db'
import { checkPassword } from './accounts.ts'
import { createMember } from './people.ts'
import { setPassword } from './passwords.ts'
import type { Member, MemberDraft } from './types.ts'

/** Can nobody sign in yet? */
export const isEmpty = async (db: Database, tenant: Tenant): Promise<boolean> => (await db.read(tenant, (tx) => tx.query(`select from {t}.member where password_hash is not null limit 1`))).length === 0

export type Founder = Pick<MemberDraft, 'name' | 'email' | 'phone'> & { password: string }

/** Refused PASSWORD_WEAK. Made before the transaction that needs it. */
export async function founderHash({ name, email, phone, password }: Founder): Promise<string> {
  checkPassword(password, [name, email ?? null, phone ?? null], 'administrator.password')
  return hashPassword(password)
}

/** The first member, with the role that holds every right. Refused SET_UP_ALREADY when there is somebody. */
export async function found(ctx: Context, founder: Founder, hash: string): Promise<Member> {
  const administrator = [...ctx.metadata.roles.values()].find(({ rights }) => FULL_RIGHTS.every((right) => rights.includes(right)))
  if (!administrator) throw new Error('The solution has no role that holds every right')
  await ctx.tx.query(`select pg_advisory_xact_lock($1, 2)`, [ctx.tenant.id])
  const taken = await ctx.tx.query(`select from {t}.member where password_hash is not null limit 1`)
  if (taken.length > 0) refused('SET_UP_ALREADY')
  const member = await createMember(ctx, { name: founder.name, email: founder.email, phone: founder.phone, roles: [administrator.key] })
  await setPassword(ctx, member.id, hash, { keep: null })
  return member
}
